"""What the history shows, put as Slack's events tell of it."""

from collections.abc import Sequence

from handlers.connection.installation import Installation
from handlers.events.subtypes import TOMBSTONE
from handlers.slack.channel_history import HistoryPlace
from handlers.types import Payload


def since_we_joined(messages: Sequence[Payload], at: Installation) -> Sequence[Payload]:
    """What was said from when the bot joined, where it did so meanwhile: before, people talked."""
    joined = [
        number
        for number, each in enumerate(messages)
        if str(each.get("subtype")).endswith("_join") and each.get("user") == at.bot_user
    ]
    return messages[joined[-1] :] if joined else messages


def tombstone(raw: Payload) -> bool:
    """Whether it stands where a message with answers was deleted."""
    return raw.get("subtype") == TOMBSTONE


def edited_ts(raw: Payload) -> str:
    """When its author last edited it; empty where they never did."""
    return str((raw.get("edited") or {}).get("ts") or "")


def plain(raw: Payload) -> Payload:
    """A message as its own event shows it: the first of a thread knows of no thread there."""
    if raw.get("thread_ts") != raw.get("ts"):
        return raw
    return {name: value for name, value in raw.items() if name != "thread_ts"}


def as_event(raw: Payload, place: HistoryPlace) -> Payload:
    """A message as its event would have been."""
    where = {"channel": place.id, "channel_type": place.kind, "event_ts": str(raw["ts"])}
    return {**plain(raw), **where}


def about(place: HistoryPlace, subtype: str, ts: str, **what: object) -> Payload:
    """An edit or a deletion, as Slack tells of it."""
    return {
        "type": "message",
        "subtype": subtype,
        "channel": place.id,
        "channel_type": place.kind,
        "ts": ts,
        "event_ts": ts,
        **what,
    }
