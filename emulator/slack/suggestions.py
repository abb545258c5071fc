"""Typing into a menu whose options the app knows."""

from typing import Any

from emulator.slack import elements
from emulator.slack.interactions import Interactions
from emulator.slack.members import Member
from emulator.slack.views import View
from emulator.slack.wire import JSON


async def search(
    acts: Interactions, user: Member, view: View, wanted: str, typed: str
) -> list[tuple[str, str]]:
    """The options that the app offers for what was typed, as (value, label).

    Raises LookupError when there is no such menu, or one whose options are fixed.
    """
    found = elements.find(view.blocks, wanted)
    if not str(found.element.get("type", "")).endswith("external_select"):
        raise LookupError(f"{wanted!r} is no menu to search in")
    payload: JSON = {
        **acts.base("block_suggestion", user),
        "container": {"type": "view", "view_id": view.id},
        "action_id": found.action_id,
        "block_id": found.block_id,
        "value": typed,
        "view": view.payload(acts.workspace.ownership()),
    }
    for absent in ("trigger_id", "action_ts"):
        del payload[absent]
    outcome = await acts.ask("interactive", payload, acts.outcome(user, None))
    return [(str(each["value"]), _label(each)) for each in outcome.payload.get("options", [])]


def _label(option: dict[str, Any]) -> str:
    return str(option["text"]["text"])
