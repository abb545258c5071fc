"""Filling in a modal and pressing its button."""

from emulator.slack import elements, modals
from emulator.slack.elements import Found
from emulator.slack.interactions import Interactions
from emulator.slack.members import Member
from emulator.slack.outcome import Outcome
from emulator.slack.views import View
from emulator.slack.wire import JSON, SlackError


async def submit(acts: Interactions, user: Member, view: View, values: JSON) -> Outcome:
    """Fill in the fields, named by block_id or action_id, and obey the app's answer.

    Raises LookupError for a field that is not there, ValueError for a required one left
    empty (the button would not work).
    """
    view.values = filled(view, values)
    payload = {**acts.base("view_submission", user), "response_urls": []}
    payload["view"] = view.payload(acts.workspace.ownership())
    outcome = await acts.ask("interactive", payload, acts.outcome(user, None))
    _obey(acts, user, view, outcome)
    return outcome


def filled(view: View, values: JSON) -> JSON:
    """`state.values` of the view with these fields filled in."""
    fields = [f for f in elements.usable(view.blocks) if f.block.get("type") == "input"]
    known = {name for f in fields for name in (f.block_id, f.action_id)}
    if missing := set(values) - known:
        raise LookupError(f"no field {sorted(missing)}; there is: {sorted(known)}")
    state: JSON = {}
    for field in fields:
        answer = _answer(view, field, values)
        if not field.block.get("optional") and not _given(answer):
            raise ValueError(f"{field.block_id}: this field is required")
        state.setdefault(field.block_id, {})[field.action_id] = answer
    return state


def _answer(view: View, field: Found, values: JSON) -> JSON:
    for name in (field.block_id, field.action_id):
        if name in values:
            return elements.chosen(field.element, values[name])
    before: JSON | None = view.values.get(field.block_id, {}).get(field.action_id)
    return before or elements.initial(field.element)


def _given(answer: JSON) -> bool:
    return any(value for name, value in answer.items() if name != "type")


def _obey(acts: Interactions, user: Member, view: View, outcome: Outcome) -> None:
    workspace = acts.workspace
    stack = workspace.modals.setdefault(user.id, [])
    match outcome.response_action:
        case "errors":
            _check_errors(view, outcome)
        case "update":
            view.replace(modals.checked(outcome.view, "modal"))
        case "push":
            modals.show(workspace, user.id, modals.checked(outcome.view, "modal"), push=True)
        case "clear":
            stack.clear()
        case _ if view in stack:
            stack.remove(view)
    workspace.changes.touch()


def _check_errors(view: View, outcome: Outcome) -> None:
    inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
    if strangers := set(outcome.errors) - inputs:
        raise SlackError("invalid_arguments", messages=[f"no input block {sorted(strangers)}"])


async def close(acts: Interactions, user: Member, view: View) -> None:
    """Close a modal; the app hears of it only if it asked to with `notify_on_close`."""
    stack = acts.workspace.modals.get(user.id, [])
    if view in stack:
        stack.remove(view)
    acts.workspace.changes.touch()
    if view.body.get("notify_on_close"):
        payload = {**acts.base("view_closed", user), "is_cleared": False}
        del payload["trigger_id"], payload["action_ts"]
        payload["view"] = view.payload(acts.workspace.ownership())
        await acts.ask("interactive", payload, acts.outcome(user, None))
