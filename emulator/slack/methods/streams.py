"""chat.startStream, appendStream, stopStream: a message written piece by piece."""

import time

from emulator.slack import timeline
from emulator.slack.channels import Channel
from emulator.slack.content import LONGEST_MARKDOWN, Content, read_content
from emulator.slack.messages import Message, Stream
from emulator.slack.method import Method, required
from emulator.slack.methods.chat import authored, own, postable
from emulator.slack.rates import Tier
from emulator.slack.streaming import absorb, compose
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace


def start(workspace: Workspace, args: JSON) -> JSON:
    """Begin a message; in a channel Slack wants to know for whom."""
    required(args, "channel")
    channel = postable(workspace, args)
    if channel.kind != "im":
        _check_recipient(args)
    stream = Stream(time.monotonic())
    pieces = _pieces(args)
    message = authored(workspace, channel, args, Content())
    absorb(stream, pieces)
    message.stream = stream
    message.text, message.blocks = compose(stream)
    timeline.post(workspace, message)
    timeline.note_broadcast(workspace, message)
    return {"channel": channel.id, "ts": message.ts}


def _check_recipient(args: JSON) -> None:
    for name in ("recipient_team_id", "recipient_user_id"):
        if not args.get(name):
            raise SlackError(f"missing_{name}")


def _pieces(args: JSON) -> list[JSON]:
    markdown = str(args.get("markdown_text") or "")
    if len(markdown) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    chunks = args.get("chunks") or []
    if not isinstance(chunks, list):
        raise SlackError("invalid_chunks")
    return [{"type": "markdown_text", "text": markdown}, *chunks] if markdown else chunks


def append(workspace: Workspace, args: JSON) -> JSON:
    """Add to a message that is being written."""
    channel, message, stream = _live(workspace, args)
    pieces = _pieces(args)
    if not pieces:
        required(args, "markdown_text")
    absorb(stream, pieces)
    _grow(workspace, message, stream)
    return {"channel": channel.id, "ts": message.ts}


def stop(workspace: Workspace, args: JSON) -> JSON:
    """Finish a message; blocks given here stand at its end."""
    channel, message, stream = _live(workspace, args)
    absorb(stream, _pieces(args))
    ending = read_content(workspace, {**args, "markdown_text": ""}, needed=False)
    stream.state = "completed"
    message.metadata = ending.metadata or message.metadata
    _grow(workspace, message, stream, ending.blocks)
    if args.get("session_status"):
        session = workspace.agent_sessions.setdefault((channel.id, message.root_ts), {})
        session["status"] = args["session_status"]
    return {"channel": channel.id, "ts": message.ts, "message": message.event()}


def _live(workspace: Workspace, args: JSON) -> tuple[Channel, Message, Stream]:
    required(args, "channel", "ts")
    channel, message = own(workspace, args, "message_not_owned_by_app")
    stream = message.stream
    if stream is None:
        raise SlackError("message_not_in_streaming_state")
    stream.expire(workspace.stream_expiry)
    if stream.state == "stopped_by_user":
        raise SlackError("stopped_by_user")
    if stream.state != "in_progress":
        raise SlackError("message_not_in_streaming_state")
    return channel, message, stream


def _grow(
    workspace: Workspace, message: Message, stream: Stream, ending: list[JSON] | None = None
) -> None:
    stream.touched = time.monotonic()
    text, blocks = compose(stream)
    blocks += ending or []
    timeline.change(workspace, message, edited=False, text=text, blocks=blocks)
    timeline.note_broadcast(workspace, message)


WRITE = ("chat:write",)
METHODS = [
    Method("chat.startStream", start, Tier.T2, WRITE),
    Method("chat.appendStream", append, Tier.T4, WRITE),
    Method("chat.stopStream", stop, Tier.T2, WRITE),
]
