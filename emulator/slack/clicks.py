"""Using a button, a menu or a field of a message or a view."""

from collections.abc import Iterable
from typing import Any

from emulator.slack import elements
from emulator.slack.elements import Found
from emulator.slack.interactions import Interactions, channel_field
from emulator.slack.members import Member
from emulator.slack.messages import Message
from emulator.slack.outcome import Outcome
from emulator.slack.views import View
from emulator.slack.wire import JSON

BUTTONS = ("button", "icon_button", "workflow_button", "feedback_buttons")


async def click(
    acts: Interactions,
    user: Member,
    target: Message | View,
    wanted: str,
    value: Any,
) -> Outcome:
    """Use the element with this action_id or label; LookupError when it is not there."""
    found = elements.find(_blocks(target), wanted)
    action = {
        "action_id": found.action_id,
        "block_id": found.block_id,
        **_used(found.element, wanted, value),
        "action_ts": acts.workspace.clock.ts(),
    }
    if isinstance(target, Message):
        outcome, place = _in_message(acts, user, target)
        place["state"] = {"values": stated(_blocks(target), {}, found, value)}
    else:
        target.values = stated(target.blocks, target.values, found, value)
        outcome, place = acts.outcome(user, None), _in_view(acts, target)
    payload = {**acts.base("block_actions", user), **place, "actions": [action]}
    return await acts.ask("interactive", payload, outcome)


def _blocks(target: Message | View) -> list[JSON]:
    if isinstance(target, View):
        return target.blocks
    return [*target.blocks, *(b for a in target.attachments for b in a.get("blocks", []))]


def _used(element: JSON, wanted: str, value: Any) -> JSON:
    kind = element.get("type")
    if kind == "feedback_buttons":
        return {"type": kind, "value": _feedback(element, wanted, value)}
    if kind in BUTTONS:
        pressed: JSON = {"type": kind, "text": element.get("text")}
        given = value if value is not None else element.get("value")
        return pressed if given is None else {**pressed, "value": given}
    return elements.chosen(element, value)


def _feedback(element: JSON, wanted: str, value: object) -> str:
    sides = [element["positive_button"], element["negative_button"]]
    named = {wanted, value}
    hit = (s for s in sides if {s.get("value"), elements.label(s)} & named)
    return str(next(hit, sides[0]).get("value"))


def stated(
    blocks: Iterable[JSON],
    before: JSON,
    found: Found,
    value: Any,
) -> JSON:
    """`state.values` after this use: every field's value, buttons left out."""
    values: JSON = {}
    for each in elements.usable(blocks):
        if each.element.get("type") in BUTTONS or each.element.get("type") == "overflow":
            continue
        if each == found:
            state = elements.chosen(each.element, value)
        else:
            known = before.get(each.block_id, {}).get(each.action_id)
            state = known or elements.initial(each.element)
        values.setdefault(each.block_id, {})[each.action_id] = state
    return values


def _in_message(acts: Interactions, user: Member, message: Message) -> tuple[Outcome, JSON]:
    channel = acts.workspace.channels[message.channel]
    outcome = acts.outcome(user, channel, message)
    container: JSON = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: JSON = {"container": container, "channel": channel_field(channel)}
    place["response_url"] = outcome.response_url
    if message.only_for is None:
        place["message"] = message.payload()
    return outcome, place


def _in_view(acts: Interactions, view: View) -> JSON:
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view.payload(acts.workspace.ownership()),
    }
