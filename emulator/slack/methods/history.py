"""conversations.history and conversations.replies."""

import base64

from emulator.slack.channels import Channel
from emulator.slack.messages import Message
from emulator.slack.method import Method, flag, required, whole
from emulator.slack.rates import Tier
from emulator.slack.scopes import HISTORY, check_scope
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

MOST = 1000
EVER = "0"
NEVER = "9999999999"


def history(workspace: Workspace, args: JSON) -> JSON:
    """Messages of a channel, newest first, replies left out but those shown in the channel.

    With `oldest` alone the pages go up from there, though each is newest first by itself.
    """
    channel = readable(workspace, args)
    found = _between([m for m in channel.messages.values() if _in_history(m)], args)
    upwards = bool(args.get("oldest")) and not args.get("latest")
    body = _paged(found if upwards else found[::-1], args, newest_first=not upwards)
    if upwards:
        body["messages"].reverse()
    return {**body, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


def replies(workspace: Workspace, args: JSON) -> JSON:
    """A thread, oldest first; its first message stands at the head of every page."""
    required(args, "ts")
    channel = readable(workspace, args)
    message = channel.messages.get(str(args["ts"]))
    root = channel.messages.get(message.root_ts) if message else None
    if root is None or (root.deleted and not root.replies):
        raise SlackError("thread_not_found")
    return _paged(_between(root.replies, args), args, root, newest_first=False)


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


def _paged(
    messages: list[Message], args: JSON, head: Message | None = None, *, newest_first: bool
) -> JSON:
    """A page. Its cursor names the message that comes next, so that new ones shift nothing."""
    limit = whole(args, "limit", 100) or 100
    if limit > MOST:
        raise SlackError("invalid_limit")
    if head is not None:
        limit = max(1, limit - 1)
    start = _place(messages, args, newest_first=newest_first)
    shown, left = messages[start : start + limit], messages[start + limit :]
    metadata = flag(args, "include_all_metadata")
    page = [m.payload(metadata=metadata) for m in ([head] if head else []) + shown]
    body: JSON = {"messages": page, "has_more": bool(left)}
    return {**body, "response_metadata": {"next_cursor": _cursor(left[0])}} if left else body


def _cursor(following: Message) -> str:
    return base64.b64encode(f"next_ts:{following.ts}".encode()).decode()


def _place(messages: list[Message], args: JSON, *, newest_first: bool) -> int:
    """Where the page begins; `invalid_cursor` for one that we never gave."""
    if not args.get("cursor"):
        return 0
    try:
        said = base64.b64decode(str(args["cursor"]), validate=True).decode()
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if not said.startswith("next_ts:"):
        raise SlackError("invalid_cursor")
    ts = said.removeprefix("next_ts:")
    passed = [each for each in messages if (each.ts > ts if newest_first else each.ts < ts)]
    return len(passed)


METHODS = [
    Method("conversations.history", history, Tier.T3, HISTORY),
    Method("conversations.replies", replies, Tier.T3, HISTORY, json=False),
]
