"""chat.postMessage, update, delete, postEphemeral, getPermalink."""

from emulator.slack import timeline
from emulator.slack.channels import Channel
from emulator.slack.content import Content, read_content
from emulator.slack.messages import Message
from emulator.slack.method import Method, flag, required
from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

CUSTOM = ("username", "icon_emoji", "icon_url")


def post_message(workspace: Workspace, args: JSON) -> JSON:
    """Post; a user's id as channel means the direct conversation with them."""
    channel = postable(workspace, args)
    content = read_content(workspace, args)
    message = authored(workspace, channel, args, content)
    timeline.post(workspace, message)
    timeline.note_broadcast(workspace, message, content.markdown)
    reply: JSON = {"channel": channel.id, "ts": message.ts, "message": message.event()}
    if message.metadata:
        reply["message"]["metadata"] = message.metadata
    return {**reply, **content.warning()}


def postable(workspace: Workspace, args: JSON) -> Channel:
    """The channel to write into; raises what keeps the app out of it."""
    identifier = str(args.get("channel") or "")
    if identifier in workspace.members and identifier != workspace.bot.id:
        return workspace.direct(identifier)
    channel = workspace.channel(_by_name(workspace, identifier))
    if channel.archived:
        raise SlackError("is_archived")
    if workspace.bot.id not in channel.members and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel")
    return channel


def _by_name(workspace: Workspace, identifier: str) -> str:
    """The id for "#name", which this method still takes; anything else as it is."""
    named = (c.id for c in workspace.channels.values() if f"#{c.name}" == identifier)
    return next(named, identifier) if identifier.startswith("#") else identifier


def authored(workspace: Workspace, channel: Channel, args: JSON, content: Content) -> Message:
    """A message by the app, not yet posted."""
    custom = {name: args[name] for name in CUSTOM if args.get(name)}
    if custom and "chat:write.customize" not in workspace.scopes:
        raise SlackError("missing_scope", needed="chat:write.customize")
    broadcast = flag(args, "reply_broadcast")
    return Message(
        channel.id,
        workspace.clock.ts(),
        content.text,
        {**workspace.bot.identity(), **custom},
        subtype="thread_broadcast" if broadcast else None,
        thread_ts=str(args.get("thread_ts") or "") or None,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=content.metadata,
        broadcast=broadcast,
    )


def update(workspace: Workspace, args: JSON) -> JSON:
    """Change a message of the app; what is not given stays, blocks too."""
    required(args, "channel", "ts")
    channel, message = own(workspace, args, "cant_update_message")
    if message.stream:
        message.stream.expire(workspace.stream_expiry)
    if message.streaming:
        raise SlackError("streaming_state_conflict")
    content = read_content(workspace, args, kept=message)
    fields: JSON = {"text": content.text, "blocks": content.blocks}
    fields["attachments"] = content.attachments
    if content.metadata is not None:
        fields["metadata"] = content.metadata
    if fields["text"] != message.text or fields["blocks"] != message.blocks:
        timeline.change(workspace, message, **fields)
    timeline.note_broadcast(workspace, message, content.markdown)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.event(),
        **content.warning(),
    }


def own(workspace: Workspace, args: JSON, refusal: str) -> tuple[Channel, Message]:
    """The app's own message that the arguments name; somebody else's raises `refusal`."""
    channel = workspace.channel(args.get("channel"))
    message = workspace.message(channel, args.get("ts"))
    if message.bot_id != workspace.bot.bot_id:
        raise SlackError(refusal)
    return channel, message


def delete(workspace: Workspace, args: JSON) -> JSON:
    """Take back a message of the app."""
    required(args, "channel", "ts")
    channel, message = own(workspace, args, "cant_delete_message")
    timeline.delete(workspace, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(workspace: Workspace, args: JSON) -> JSON:
    """Show something to one person only; it is in no history."""
    required(args, "channel", "user")
    channel = workspace.channel(args["channel"])
    if workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    content = read_content(workspace, args)
    message = authored(workspace, channel, args, content)
    whisper(workspace, message, str(args["user"]))
    return {"message_ts": message.ts}


def whisper(workspace: Workspace, message: Message, user: str) -> None:
    """Show a message to one person, and add it to what their last act brought."""
    message.only_for = user
    workspace.ephemerals.append(message)
    if outcome := workspace.latest_act.get((user, message.channel)):
        outcome.responses.append(message)
    workspace.changes.touch()


def get_permalink(workspace: Workspace, args: JSON) -> JSON:
    """The address of a message."""
    required(args, "channel", "message_ts")
    channel = workspace.channel(args["channel"])
    message = workspace.message(channel, args["message_ts"])
    link = f"{workspace.base_url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


WRITE = ("chat:write",)
METHODS = [
    Method("chat.postMessage", post_message, Tier.SPECIAL, WRITE),
    Method("chat.update", update, Tier.T3, WRITE),
    Method("chat.delete", delete, Tier.T3, WRITE),
    Method("chat.postEphemeral", post_ephemeral, Tier.T4, WRITE),
    Method("chat.getPermalink", get_permalink, Tier.SPECIAL, json=False),
]
