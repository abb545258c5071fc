"""What can happen to messages, by whoever: the state changes and the app hears of it."""

import uuid
from collections.abc import Iterable
from typing import Any

from emulator.slack import events, mrkdwn
from emulator.slack.channels import Channel
from emulator.slack.elements import spoken
from emulator.slack.members import Member
from emulator.slack.messages import Message
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

MOST_REACTIONS = 23  # by one person on one message


def post(workspace: Workspace, message: Message) -> Message:
    """Add a message to its channel; a mention of the app is sent as a second event."""
    channel = workspace.channels[message.channel]
    if message.user == workspace.bot.id:
        channel.statuses.pop(message.root_ts, None)
    _join_thread(channel, message)
    channel.messages[message.ts] = message
    workspace.announce(events.message(message, channel), channel)
    mentioned = mrkdwn.mentions(message.text, workspace.bot.id)
    if mentioned and channel.kind != "im" and message.user != workspace.bot.id:
        workspace.announce(events.mention(message, channel), channel)
    return message


def note_join(workspace: Workspace, channel: Channel, member: Member) -> None:
    """The line in the channel that says who has joined."""
    text = f"<@{member.id}> has joined the channel"
    note = Message(channel.id, workspace.clock.ts(), text, member.identity())
    note.subtype = "group_join" if channel.kind == "group" else "channel_join"
    post(workspace, note)


def _join_thread(channel: Channel, message: Message) -> None:
    """Find the thread's first message; without one the reply silently stands in the channel.

    So Slack treats a reply to a message deleted meanwhile: the answer has no `thread_ts`.
    """
    target = channel.messages.get(message.thread_ts or "")
    root = channel.messages.get(target.root_ts) if target else None
    if root is None or (root.deleted and not root.replies):
        message.thread_ts = None
        return
    message.thread_ts = root.ts
    root.replies.append(message)


def by_person(
    workspace: Workspace,
    channel: Channel,
    user: str,
    raw: str,
    *,
    thread_ts: str | None = None,
    files: Iterable[JSON] = (),
    attachments: Iterable[JSON] = (),
) -> Message:
    """A message typed by a person, escaped and with a rich_text block as Slack makes them."""
    typed = mrkdwn.compose(raw, workspace)
    attached = list(files)
    return Message(
        channel.id,
        workspace.clock.ts(),
        typed.text,
        workspace.members[user].identity(),
        thread_ts=thread_ts,
        blocks=rich_text(typed) if raw else [],
        attachments=list(attachments),
        files=attached,
        subtype="file_share" if attached else None,
        client_msg_id=str(uuid.uuid4()),
    )


def rich_text(typed: mrkdwn.Typed) -> list[JSON]:
    """The one block of a typed message."""
    section = {"type": "rich_text_section", "elements": typed.elements}
    return [{"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": [section]}]


def change(workspace: Workspace, message: Message, *, edited: bool = True, **fields: Any) -> None:
    """Give a message new content; `edited` marks it as a person would see it."""
    channel, old = workspace.channels[message.channel], message.payload()
    for name, value in fields.items():
        setattr(message, name, value)
    ts = workspace.clock.ts()
    if edited:
        message.edited = {"user": message.user, "ts": ts}
    workspace.announce(events.changed(message.payload(), old, channel, ts), channel)


def rewrite(workspace: Workspace, message: Message, **fields: Any) -> None:
    """Replace an answer; one that only a single person sees changes without an event."""
    if message.only_for is None:
        change(workspace, message, **fields)
        return
    for name, value in fields.items():
        setattr(message, name, value)
    workspace.changes.touch()


def delete(workspace: Workspace, message: Message) -> None:
    """Take a message away; one with answers leaves a tombstone, which Slack calls a change."""
    channel, old = workspace.channels[message.channel], message.payload()
    message.deleted = True
    root = channel.messages.get(message.thread_ts or "")
    if root and message in root.replies:
        root.replies.remove(message)
    ts = workspace.clock.ts()
    gone = events.deleted(old, channel, ts)
    if message.replies:
        gone = events.changed(message.payload(), old, channel, ts)
    workspace.announce(gone, channel)


def react(workspace: Workspace, message: Message, user: str, name: str) -> None:
    """Add a reaction; raises `already_reacted` and `too_many_reactions`."""
    users = message.reactions.get(name, [])
    if user in users:
        raise SlackError("already_reacted")
    if sum(user in others for others in message.reactions.values()) >= MOST_REACTIONS:
        raise SlackError("too_many_reactions")
    message.reactions[name] = [*users, user]
    _announce_reaction(workspace, "reaction_added", message, user, name)


def unreact(workspace: Workspace, message: Message, user: str, name: str) -> None:
    """Take a reaction back; raises `no_reaction`."""
    users = message.reactions.get(name, [])
    if user not in users:
        raise SlackError("no_reaction")
    users.remove(user)
    if not users:
        del message.reactions[name]
    _announce_reaction(workspace, "reaction_removed", message, user, name)


def _announce_reaction(
    workspace: Workspace, kind: str, message: Message, user: str, name: str
) -> None:
    event = events.reaction(kind, message, user, name, workspace.clock.ts())
    workspace.announce(event, workspace.channels[message.channel])


def note_broadcast(workspace: Workspace, message: Message, *extra: str) -> None:
    """Remember an app's message that would ping everybody or a group of people."""
    parts = [mrkdwn.pings(message.text), mrkdwn.pings(" ".join(extra), markdown=True)]
    parts += [mrkdwn.pings(str(a.get("text", ""))) for a in message.attachments]
    shown = spoken([*message.blocks, *message.attachments])
    parts += [mrkdwn.pings(s.text, markdown=s.markdown) for s in shown]
    if any(parts) and message not in workspace.broadcasts:
        workspace.broadcasts.append(message)
