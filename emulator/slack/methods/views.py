"""views.open, push, update, publish."""

import time

from emulator.slack import modals
from emulator.slack.method import Method, required
from emulator.slack.rates import Tier
from emulator.slack.views import View, spend
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace


def open_modal(workspace: Workspace, args: JSON) -> JSON:
    """Show a modal to whoever the trigger belongs to."""
    return _shown(workspace, args, push=False)


def push(workspace: Workspace, args: JSON) -> JSON:
    """Put a modal on top of the open one; three are the most."""
    return _shown(workspace, args, push=True)


def _shown(workspace: Workspace, args: JSON, *, push: bool) -> JSON:
    required(args, "trigger_id", "view")
    body = modals.checked(args["view"], "modal")
    user = spend(workspace.triggers, args["trigger_id"], time.monotonic())
    return _reply(workspace, modals.show(workspace, user, body, push=push))


def update(workspace: Workspace, args: JSON) -> JSON:
    """Replace an open view, found by id or external_id; an old hash is a conflict."""
    if not args.get("view_id") and not args.get("external_id"):
        required(args, "view_id")
    view = _find(workspace, args)
    body = modals.checked(args.get("view"), view.kind)
    _check_hash(view, args)
    modals.claim_external_id(workspace, body, view)
    view.replace(body)
    return _reply(workspace, view)


def _find(workspace: Workspace, args: JSON) -> View:
    for view in modals.open_views(workspace):
        if view.id == args.get("view_id"):
            return view
        if args.get("external_id") and view.body.get("external_id") == args["external_id"]:
            return view
    raise SlackError("not_found")


def _check_hash(view: View, args: JSON) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict")


def publish(workspace: Workspace, args: JSON) -> JSON:
    """Set a person's Home tab."""
    required(args, "user_id", "view")
    user = str(args["user_id"])
    if user not in workspace.members:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `user_id`"])
    body = modals.checked(args["view"], "home")
    home = workspace.homes.get(user)
    if home is None:
        identifier = workspace.new_id("V")
        home = workspace.homes[user] = View(identifier, body, user, identifier)
    else:
        _check_hash(home, args)
        home.replace(body)
    return _reply(workspace, home)


def _reply(workspace: Workspace, view: View) -> JSON:
    workspace.changes.touch()
    return {"view": view.payload(workspace.ownership())}


METHODS = [
    Method("views.open", open_modal, Tier.T4),
    Method("views.push", push, Tier.T4),
    Method("views.update", update, Tier.T4),
    Method("views.publish", publish, Tier.T4),
]
