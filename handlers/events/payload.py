"""Slack's message events, translated: the only reader of raw events."""

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
from handlers.views.mrkdwn import mentions, readable_text

PERSONAL = (None, "file_share", "thread_broadcast", "me_message")


def read_message(
    event: dict[str, Any], team: str, *, bot_user: str, author: Author, mode: Mode
) -> IncomingMessage | IgnoredEvent:
    """A message as the desk handles it, or why it is none of the desk's business.

    It is private unless its `channel_type` says that it stands in a public channel.
    """
    key = message_key(team, event["channel"], event["ts"])
    if event.get("bot_id") or event.get("subtype") == "bot_message":
        return IgnoredEvent(reason="bot", key=key)
    if event.get("subtype") not in PERSONAL:
        return IgnoredEvent(reason=str(event["subtype"]), key=key)
    text = readable_text(event.get("text") or "", without=bot_user)
    files = tuple(read_file(each) for each in event.get("files") or ())
    if not text and not files:
        return IgnoredEvent(reason="empty", key=key)
    return IncomingMessage(
        team=team,
        channel=event["channel"],
        ts=event["ts"],
        thread_ts=event.get("thread_ts"),
        user=event["user"],
        author=author,
        text=text,
        files=files,
        private=event.get("channel_type") != "channel",
        mode=mode,
        requester=event.get("parent_user_id"),
    )


def read_revision(
    event: dict[str, Any], team: str, *, bot_user: str
) -> RevisedMessage | IgnoredEvent:
    """An edit or a deletion of a message by a person, or why it does not matter.

    Slack sends `message_changed` for link previews and reply counters as well.
    """
    before = event.get("previous_message") or {}
    after = event.get("message") or {}
    said = after or before
    if said.get("bot_id") or said.get("user") == bot_user:
        return IgnoredEvent(reason="bot")
    channel = event["channel"]
    if event["subtype"] == "message_deleted" or after.get("subtype") == "tombstone":
        ts = event.get("deleted_ts") or said["ts"]
        key = message_key(team, channel, ts)
        return RevisedMessage(key=key, edited_ts=event["event_ts"], text=None)
    if before.get("text") == after.get("text"):
        return IgnoredEvent(reason="text unchanged")
    edited = (after.get("edited") or {}).get("ts") or event["event_ts"]
    key = message_key(team, channel, after["ts"])
    text = readable_text(after.get("text") or "", without=bot_user)
    return RevisedMessage(key=key, edited_ts=edited, text=text)


def concerned_message(event: dict[str, Any]) -> dict[str, Any]:
    """The message an event is about: itself, or as it stood before an edit or a deletion."""
    said: dict[str, Any] = event.get("previous_message") or event.get("message") or event
    return said


def is_mention(event: dict[str, Any], bot_user: str) -> bool:
    """Whether the message speaks to the bot by name."""
    return mentions(event.get("text") or "", bot_user)


def read_file(raw: dict[str, Any]) -> File:
    return File(
        id=str(raw.get("id", "")),
        name=str(raw.get("name", "")),
        mimetype=str(raw.get("mimetype", "")),
        size=int(raw.get("size") or 0),
        url=str(raw.get("url_private") or ""),
    )
