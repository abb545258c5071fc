"""reactions.add, remove, get."""

import re

from emulator.slack import timeline
from emulator.slack.messages import Message
from emulator.slack.method import Method, required
from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(workspace: Workspace, args: JSON) -> JSON:
    """React as the app."""
    message, name = _target(workspace, args)
    timeline.react(workspace, message, workspace.bot.id, name)
    return {}


def remove(workspace: Workspace, args: JSON) -> JSON:
    """Take the app's reaction back."""
    message, name = _target(workspace, args)
    timeline.unreact(workspace, message, workspace.bot.id, name)
    return {}


def _target(workspace: Workspace, args: JSON) -> tuple[Message, str]:
    if not args.get("timestamp"):
        raise SlackError("no_item_specified")
    name = str(args.get("name") or "")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return _message(workspace, args), name


def _message(workspace: Workspace, args: JSON) -> Message:
    channel = workspace.channel(args.get("channel"))
    if workspace.bot.id not in channel.members and channel.kind != "channel":
        raise SlackError("not_in_channel")
    return workspace.message(channel, args["timestamp"])


def get(workspace: Workspace, args: JSON) -> JSON:
    """A message with its reactions."""
    required(args, "channel", "timestamp")
    message = _message(workspace, args)
    return {"type": "message", "channel": message.channel, "message": message.payload()}


METHODS = [
    Method("reactions.add", add, Tier.T3, ("reactions:write",)),
    Method("reactions.remove", remove, Tier.T2, ("reactions:write",)),
    Method("reactions.get", get, Tier.T3, ("reactions:read",), json=False),
]
