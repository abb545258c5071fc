"""conversations.history and conversations.replies."""

from emulator.slack.channels import Channel
from emulator.slack.messages import Message
from emulator.slack.method import Method, flag, page, required, whole
from emulator.slack.rates import Tier
from emulator.slack.scopes import HISTORY, check_scope
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

MOST = 1000
EVER = "0"
NEVER = "9999999999"


def history(workspace: Workspace, args: JSON) -> JSON:
    """Messages of a channel, newest first, replies left out."""
    channel = readable(workspace, args)
    roots = [m for m in channel.messages.values() if _in_history(m)]
    return _paged(list(reversed(_between(roots, args))), args)


def replies(workspace: Workspace, args: JSON) -> JSON:
    """A thread, oldest first, its first message included."""
    required(args, "ts")
    channel = readable(workspace, args)
    message = channel.messages.get(str(args["ts"]))
    root = channel.messages.get(message.root_ts) if message else None
    if root is None or (root.deleted and not root.replies):
        raise SlackError("thread_not_found")
    return _paged([root, *_between(root.replies, args)], args)


def readable(workspace: Workspace, args: JSON) -> Channel:
    """The channel, if the app may read what was said in it."""
    channel = workspace.channel(args.get("channel"))
    check_scope(workspace, f"{channel.scope_family}:history")
    if workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _in_history(message: Message) -> bool:
    if message.deleted:
        return bool(message.replies)
    return message.broadcast or message.thread_ts in (None, message.ts)


def _between(messages: list[Message], args: JSON) -> list[Message]:
    oldest = _moment(args, "oldest", EVER)
    latest = _moment(args, "latest", NEVER)
    if flag(args, "inclusive"):
        return [m for m in messages if oldest <= float(m.ts) <= latest]
    return [m for m in messages if oldest < float(m.ts) < latest]


def _moment(args: JSON, name: str, default: str) -> float:
    try:
        return float(args.get(name) or default)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _paged(messages: list[Message], args: JSON) -> JSON:
    if whole(args, "limit", 100) > MOST:
        raise SlackError("invalid_limit")
    metadata = flag(args, "include_all_metadata")
    shown, cursor = page([m.payload(metadata=metadata) for m in messages], args)
    more = bool(cursor["next_cursor"])
    body: JSON = {"messages": shown, "has_more": more}
    return {**body, "response_metadata": cursor} if more else body


METHODS = [
    Method("conversations.history", history, Tier.T3, HISTORY),
    Method("conversations.replies", replies, Tier.T3, HISTORY, json=False),
]
