"""Slack's messages, each read once into a value: nothing past this module looks into an event."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.config.modes import Mode
from bot.messages.content import Content
from bot.messages.inbound import (
    Author,
    IgnoredEvent,
    IncomingMessage,
    Missed,
    message_key,
)
from handlers.connection.installation import Installation
from handlers.events.block_text import listed, text_of
from handlers.events.content import NO_NAMES, mentioned_ids, read_content
from handlers.events.links import links_in
from handlers.events.subtypes import BECAME_PRIVATE, PERSONAL, REVISIONS, SLACKS_OWN, TOMBSTONE
from handlers.types import Payload
from handlers.views.mrkdwn import mentions

# Slack's own voice; e-mails to a channel come from it.
SLACKBOT = "USLACKBOT"
# Seconds in which an edit may come in ahead of its message, which Slack sends again up to then.
OVERTAKEN = 600


@dataclass(frozen=True)
class SlackMessage:
    """A message as Slack shows it, in an event or beside a shortcut; `text` is as it was sent.

    `content` is all that its reader sees, and `ids` are the people, channels and groups it names.
    `machines` are the names of what posted it by itself: an app, its bot, a workflow, the address
    of an e-mail; no person is one. `user_team` is the author's workspace where Slack tells.
    `typed` says that somebody wrote it in a client of Slack's.
    """

    ts: str
    user: str | None
    text: str
    content: Content
    ids: tuple[str, ...]
    subtype: str | None
    by_bot: bool
    machines: tuple[str, ...]
    thread_ts: str | None
    parent_user: str | None
    user_team: str | None
    edited_ts: str | None
    typed: bool = False

    def mentions(self, bot_user: str) -> bool:
        """Whether it speaks to the bot by name."""
        return mentions(self.text, bot_user)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Who an e-mail is from."""
        return tuple(each for each in self.machines if "@" in each)


@dataclass(frozen=True)
class MessageEvent:
    """A message event. Around an edit or a deletion stand the messages `before` and `after` it.

    `channel_type` is None where Slack left it out. `names` are those of the ids in it, as far as
    they are known. `edited_in` is when an edit had a message heard anew, `missed` says that it was
    found in the history.
    """

    team: str
    channel: str
    channel_type: str | None
    event_ts: str
    said: SlackMessage
    before: SlackMessage | None = None
    after: SlackMessage | None = None
    deleted_ts: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    edited_in: str | None = None
    missed: Missed | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Whom and what it names, before and after an edit too."""
        shown = (self.said, self.before, self.after)
        return tuple(dict.fromkeys(each for one in shown if one for each in one.ids))

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
    def hides(self) -> bool:
        """Whether it says that the channel has become private."""
        return self.said.subtype in BECAME_PRIVATE

    @property
    def revised_ts(self) -> str:
        """The ts of the message that was edited or deleted."""
        return str(self.deleted_ts or self.concerned.ts)

    @property
    def concerned(self) -> SlackMessage:
        """The message it is about: itself, or as it stood before an edit or a deletion."""
        return self.before or self.after or self.said

    @property
    def soon_revised(self) -> bool:
        """Whether the edit follows its message so soon that it may have overtaken it."""
        return float(self.event_ts) - float(self.revised_ts) < OVERTAKEN

    def calls_by_edit(self, bot_user: str) -> bool:
        """Whether the message mentions the bot as it reads after an edit."""
        return self.after is not None and self.after.mentions(bot_user)

    def as_said(self, *, anew: bool) -> "MessageEvent":
        """The message as if it had been sent as it reads now; `anew` where it was heard before."""
        said, edited_in = self.after or self.said, self.event_ts if anew else None
        return replace(
            self, said=said, before=None, after=None, deleted_ts=None, edited_in=edited_in
        )

    def placed(self, channel_type: str) -> "MessageEvent":
        return replace(self, channel_type=channel_type)


def read_message_event(
    event: Payload, at: Installation, names: Mapping[str, str] = NO_NAMES
) -> MessageEvent:
    """A `message` or `app_mention` event. `names` are those of the ids in it, as far as known."""
    said = read_slack_message(event, at, names)
    return MessageEvent(
        team=at.team,
        channel=str(event["channel"]),
        channel_type=event.get("channel_type"),
        event_ts=str(event.get("event_ts") or said.ts),
        said=said,
        before=_message_in(event, "previous_message", at, names),
        after=_message_in(event, "message", at, names),
        deleted_ts=event.get("deleted_ts"),
        names=names,
    )


def read_slack_message(
    raw: Payload, at: Installation, names: Mapping[str, str] = NO_NAMES
) -> SlackMessage:
    """A message wherever Slack shows one."""
    machines = tuple(dict.fromkeys(_machines(raw)))
    by_slack = raw.get("user") == SLACKBOT
    return SlackMessage(
        ts=str(raw.get("ts") or ""),
        user=raw.get("user"),
        text=text_of(raw.get("text")),
        content=read_content(raw, without=at.bot_user, names=names),
        ids=tuple(each for each in mentioned_ids(raw) if each != at.bot_user),
        subtype=raw.get("subtype"),
        by_bot=by_slack or bool(raw.get("bot_id")) or raw.get("subtype") == "bot_message",
        machines=machines,
        thread_ts=raw.get("thread_ts"),
        parent_user=raw.get("parent_user_id"),
        user_team=raw.get("user_team"),
        edited_ts=(raw.get("edited") or {}).get("ts"),
        typed=bool(raw.get("client_msg_id")),
    )


def _machines(raw: Payload) -> Iterator[str]:
    """By what names a post of no person is known: bot, app, workflow, the sender of an e-mail."""
    profile = raw.get("bot_profile")
    profile = profile if isinstance(profile, Mapping) else {}
    named = [raw.get(name) for name in ("bot_id", "app_id", "workflow_id")]
    named += [profile.get(name) for name in ("id", "app_id", "workflow_id")]
    if raw.get("bot_id") or raw.get("subtype") == "bot_message":
        yield from (str(each) for each in named if each)
    elif raw.get("user") != SLACKBOT:
        return
    for file in listed(raw.get("files")):
        senders = listed(file.get("from")) if isinstance(file, Mapping) else ()
        for each in senders:
            if isinstance(each, Mapping) and (address := text_of(each.get("address"))):
                yield address.casefold()


def read_message(
    event: MessageEvent,
    *,
    author: Author,
    mode: Mode,
    asker: str | None = None,
    called: bool = False,
) -> IncomingMessage | IgnoredEvent:
    """A message as the desk handles it, or why it is none of the desk's business.

    It is private unless its `channel_type` says that it stands in a public channel. `asker` is for
    whom a machine speaks; without one, what a machine posts is no request. Who `called` the desk by
    its name need not say anything else. What Slack writes of its own has no key: it is no message.
    """
    said = event.said
    if said.subtype in SLACKS_OWN:
        return IgnoredEvent(reason=str(said.subtype))
    if said.by_bot and asker is None:
        return IgnoredEvent(reason="bot", key=event.key)
    # What people type is heard, be it of a kind that Slack has only just made.
    if not (said.typed or said.subtype in (*PERSONAL, *(["bot_message"] if asker else []))):
        return IgnoredEvent(reason=str(said.subtype), key=event.key)
    user = asker or said.user
    if not user:
        return IgnoredEvent(reason="nobody", key=event.key)
    if said.content.empty and not (called and author == "customer"):
        return IgnoredEvent(reason="empty", key=event.key)
    return IncomingMessage(
        team=event.team,
        channel=event.channel,
        ts=said.ts,
        thread_ts=said.thread_ts,
        user=user,
        user_team=said.user_team if said.user_team != event.team else None,
        author=author,
        machine=asker is not None,
        text=said.content.text,
        files=said.content.files,
        private=event.channel_type != "channel",
        mode=mode,
        requester=said.parent_user if author == "agent" else None,
        edited_in=event.edited_in,
        links=links_in(said.text or said.content.words) if author == "customer" else (),
        missed=event.missed,
    )


def _message_in(
    event: Payload, name: str, at: Installation, names: Mapping[str, str]
) -> SlackMessage | None:
    shown: dict[str, Any] | None = event.get(name)
    return read_slack_message(shown, at, names) if shown else None
