"""Slack's events, each read once into a value: nothing past this module looks into an event."""

from dataclasses import dataclass, replace
from typing import Any

from bot.config.modes import Mode
from bot.messages.inbound import (
    Author,
    File,
    IgnoredEvent,
    IncomingMessage,
    RevisedMessage,
    message_key,
)
from handlers.types import Payload
from handlers.views.mrkdwn import mentions, readable_text

PERSONAL = (None, "file_share", "thread_broadcast", "me_message")
REVISIONS = ("message_changed", "message_deleted")
# What stands where a message with answers was deleted.
TOMBSTONE = "tombstone"


@dataclass(frozen=True)
class SlackMessage:
    """A message as Slack shows it, in an event or beside a shortcut; `text` is as it was sent."""

    ts: str
    user: str | None
    text: str
    subtype: str | None
    by_bot: bool
    thread_ts: str | None
    requester: str | None
    edited_ts: str | None
    files: tuple[File, ...]

    def mentions(self, bot_user: str) -> bool:
        """Whether it speaks to the bot by name."""
        return mentions(self.text, bot_user)


@dataclass(frozen=True)
class MessageEvent:
    """A message event. Around an edit or a deletion stand the messages `before` and `after` it.

    `channel_type` is None where Slack left it out.
    """

    team: str
    channel: str
    channel_type: str | None
    event_ts: str
    said: SlackMessage
    before: SlackMessage | None = None
    after: SlackMessage | None = None
    deleted_ts: str | None = None

    @property
    def key(self) -> str:
        return message_key(self.team, self.channel, self.said.ts)

    @property
    def revises(self) -> bool:
        """Whether it is an edit or a deletion."""
        return self.said.subtype in REVISIONS

    @property
    def deletes(self) -> bool:
        """Whether nothing is left of the message."""
        gone = self.after is not None and self.after.subtype == TOMBSTONE
        return gone or self.said.subtype == "message_deleted"

    @property
    def revised_ts(self) -> str:
        """The ts of the message that was edited or deleted."""
        return str(self.deleted_ts or self.concerned.ts)

    @property
    def concerned(self) -> SlackMessage:
        """The message it is about: itself, or as it stood before an edit or a deletion."""
        return self.before or self.after or self.said

    def placed(self, channel_type: str) -> "MessageEvent":
        return replace(self, channel_type=channel_type)


@dataclass(frozen=True)
class Reaction:
    """A reaction that somebody added to a message; `key` is what it counts under."""

    team: str
    user: str
    name: str
    channel: str
    ts: str
    key: str


@dataclass(frozen=True)
class TabOpened:
    """Somebody looks at the app. `place` is what the Home they last saw carried."""

    user: str
    tab: str
    channel: str
    place: str


@dataclass(frozen=True)
class SessionStopped:
    """Somebody pressed stop in a thread in which the agent is at work."""

    channel: str
    thread_ts: str
    user: str


def read_message_event(event: Payload, team: str) -> MessageEvent:
    """A `message` or `app_mention` event."""
    said = read_slack_message(event)
    return MessageEvent(
        team=team,
        channel=str(event["channel"]),
        channel_type=event.get("channel_type"),
        event_ts=str(event.get("event_ts") or said.ts),
        said=said,
        before=_message_in(event, "previous_message"),
        after=_message_in(event, "message"),
        deleted_ts=event.get("deleted_ts"),
    )


def read_slack_message(raw: Payload) -> SlackMessage:
    """A message wherever Slack shows one."""
    return SlackMessage(
        ts=str(raw.get("ts") or ""),
        user=raw.get("user"),
        text=raw.get("text") or "",
        subtype=raw.get("subtype"),
        by_bot=bool(raw.get("bot_id")) or raw.get("subtype") == "bot_message",
        thread_ts=raw.get("thread_ts"),
        requester=raw.get("parent_user_id"),
        edited_ts=(raw.get("edited") or {}).get("ts"),
        files=tuple(read_shared_file(each) for each in raw.get("files") or ()),
    )


def read_reaction(event: Payload, team: str) -> Reaction | None:
    """A `reaction_added` event; None when it is to something else than a message."""
    item = event["item"]
    if item.get("type") != "message":
        return None
    user, name = str(event["user"]), str(event["reaction"])
    return Reaction(
        team=team,
        user=user,
        name=name,
        channel=str(item["channel"]),
        ts=str(item["ts"]),
        key=f"reaction:{user}:{name}:{event['event_ts']}",
    )


def read_membership(event: Payload) -> str:
    """The channel that somebody joined or left."""
    return str(event.get("channel") or "")


def read_tab_opened(event: Payload) -> TabOpened:
    """An `app_home_opened` event."""
    return TabOpened(
        user=str(event["user"]),
        tab=str(event.get("tab", "home")),
        channel=str(event.get("channel") or ""),
        place=str((event.get("view") or {}).get("private_metadata", "")),
    )


def read_session_stopped(event: Payload) -> SessionStopped:
    """An `agent_session_stopped` event."""
    return SessionStopped(
        str(event["channel"]), str(event["thread_ts"]), str(event.get("user") or "")
    )


def read_message(
    event: MessageEvent, *, bot_user: str, author: Author, mode: Mode
) -> IncomingMessage | IgnoredEvent:
    """A message as the desk handles it, or why it is none of the desk's business.

    It is private unless its `channel_type` says that it stands in a public channel.
    """
    said = event.said
    if said.by_bot:
        return IgnoredEvent(reason="bot", key=event.key)
    if said.subtype not in PERSONAL:
        return IgnoredEvent(reason=str(said.subtype), key=event.key)
    if said.user is None:
        return IgnoredEvent(reason="nobody", key=event.key)
    text = readable_text(said.text, without=bot_user)
    if not text and not said.files:
        return IgnoredEvent(reason="empty", key=event.key)
    return IncomingMessage(
        team=event.team,
        channel=event.channel,
        ts=said.ts,
        thread_ts=said.thread_ts,
        user=said.user,
        author=author,
        text=text,
        files=said.files,
        private=event.channel_type != "channel",
        mode=mode,
        requester=said.requester,
    )


def read_revision(event: MessageEvent, *, bot_user: str) -> RevisedMessage | IgnoredEvent:
    """An edit or a deletion of a message by a person, or why it does not matter.

    Slack sends `message_changed` for link previews and reply counters as well.
    """
    before, after = event.before, event.after
    said = after or before
    if said is not None and (said.by_bot or said.user == bot_user):
        return IgnoredEvent(reason="bot")
    key = message_key(event.team, event.channel, event.revised_ts)
    if event.deletes:
        return RevisedMessage(key=key, edited_ts=event.event_ts, text=None)
    if after is None or (before is not None and before.text == after.text):
        return IgnoredEvent(reason="text unchanged")
    text = readable_text(after.text, without=bot_user)
    return RevisedMessage(key=key, edited_ts=after.edited_ts or event.event_ts, text=text)


def read_shared_file(raw: Payload) -> File:
    """A file that came with a message; one from elsewhere comes without its address."""
    return File(
        id=str(raw.get("id", "")),
        name=str(raw.get("name", "")),
        mimetype=str(raw.get("mimetype", "")),
        size=int(raw.get("size") or 0),
        url=str(raw.get("url_private") or ""),
    )


def _message_in(event: Payload, name: str) -> SlackMessage | None:
    shown: dict[str, Any] | None = event.get(name)
    return read_slack_message(shown) if shown else None
