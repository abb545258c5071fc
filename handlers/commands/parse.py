"""What people type after `/ticket`, read: the verb, the number, the filters. Pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from typing import Any

from bot.tickets.refusals import ActionRefused
from handlers.types import Payload
from handlers.views.mrkdwn import readable_text
from storage.tickets.search import NOBODY, TicketFilter
from storage.tickets.states import LIVE, PRIORITIES, STATUSES

LONGEST = 500  # characters of a search; it travels in the buttons that turn its pages
NUMBER = re.compile(r"(?:t-)?#?(\d{1,9})", re.IGNORECASE)

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([CGD][A-Z0-9]+)(?:\|[^>]*)?>")
_PART = re.compile(r'([a-zA-Z]+):("[^"]*"|<[^>]*>|\S*)|"[^"]*"|\S+')
_CURLY = str.maketrans("“”„", '"""')
_SPAN = re.compile(r"(\d{1,3})([dw])")
FILTERS = ("status", "from", "owner", "in", "intent", "priority", "before", "after")


@dataclass(frozen=True)
class TicketCommand:
    """A command: who typed it, its verb, the rest as typed, and the key under which it counts."""

    user: str
    verb: str
    rest: str
    trigger: str
    channel: str

    @property
    def key(self) -> str:
        return f"command:{self.trigger}"

    def number(self) -> tuple[int, str]:
        """The ticket that the rest begins with, and what follows.

        Raises:
            Refused: it begins with none.
        """
        first, _, after = self.rest.partition(" ")
        found = NUMBER.fullmatch(first)
        if found is None:
            raise ActionRefused(f"Expected a ticket's number, as in `/ticket {self.verb} 1042`.")
        return int(found[1]), after.strip()


def read_slash_command(command: Payload) -> tuple[str, str]:
    """Who typed a command in Slack's payload, and what they typed after it, spaces as one."""
    return str(command["user_id"]), " ".join(str(command.get("text") or "").split())


def read_command(command: Payload) -> TicketCommand:
    """The command in Slack's payload; a number where a verb belongs asks to `show` it."""
    text = " ".join((command.get("text") or "").split(" ")).strip()
    verb, _, rest = text.partition(" ")
    if NUMBER.fullmatch(verb):
        verb, rest = "show", text
    return TicketCommand(
        user=str(command["user_id"]),
        verb=verb.lower() or "start",
        rest=rest.strip(),
        trigger=str(command["trigger_id"]),
        channel=str(command["channel_id"]),
    )


@dataclass(frozen=True)
class FilterReader:
    """Reads filters for a person, at a desk with these intents, in its time zone."""

    user: str
    intents: Collection[str]
    zone: tzinfo
    now: datetime

    def wanted(self, typed: str) -> TicketFilter:
        """The tickets that somebody looks for, in words and filters such as `status:open`.

        Raises:
            Refused: something cannot be understood; the sentence says what is expected.
        """
        if len(typed) > LONGEST:
            raise ActionRefused(f"That is too long to look for: at most {LONGEST} characters.")
        found, words = TicketFilter(), []
        for part in _PART.finditer(typed.translate(_CURLY)):
            key, value = (part[1] or "").lower(), (part[2] or "").strip('"')
            if key in FILTERS:
                found = self._filtered(found, key, value)
            elif close := get_close_matches(key, FILTERS, 1):
                raise ActionRefused(f"I know no filter `{key}:`. Did you mean `{close[0]}:`?")
            else:
                words.append(part[0])
        return replace(found, words=readable_text(" ".join(words)))

    def queue(self, typed: str) -> TicketFilter:
        """The part of the queue that somebody asks for: filters, or bare words like `urgent`.

        Raises:
            Refused: as `wanted`.
        """
        named: dict[str, str] = {
            **{priority: f"priority:{priority}" for priority in PRIORITIES},
            **{intent: f"intent:{intent}" for intent in self.intents},
            "unassigned": f"owner:{NOBODY}",
            "mine": "owner:me",
        }
        parts = [named.get(part.lower(), part) for part in typed.split()]
        wanted = self.wanted(" ".join(parts))
        if wanted.words or wanted.status:
            raise ActionRefused(
                "The queue is filtered by a priority, a category, `unassigned`, `mine`, or filters "
                "like `owner:@mai`; to search in words, use `/ticket find`."
            )
        return wanted

    def _filtered(self, wanted: TicketFilter, key: str, value: str) -> TicketFilter:
        read: dict[str, tuple[str, Callable[[str], Any]]] = {
            "status": ("status", _statuses),
            "from": ("requester", self._person),
            "owner": ("owner", self._owner),
            "in": ("channel", _channel),
            "intent": ("intent", lambda typed: _one_of(key, typed, self.intents)),
            "priority": ("priority", lambda typed: _one_of(key, typed, PRIORITIES)),
            "before": ("before", self._moment),
            "after": ("after", self._moment),
        }
        name, reader = read[key]
        return replace(wanted, **{name: reader(value)})

    def _owner(self, value: str) -> str:
        return NOBODY if value.lower() in (NOBODY, "none") else self._person(value)

    def _person(self, value: str) -> str:
        if value.lower() == "me":
            return self.user
        named = _PERSON.fullmatch(value)
        if named is None:
            raise ActionRefused(
                f"“{value}” is no person: choose one from Slack's list, or say `me`."
            )
        return named[1]

    def _moment(self, value: str) -> datetime:
        span = _SPAN.fullmatch(value.lower())
        if span is not None:
            return self.now - timedelta(days=int(span[1]) * (7 if span[2] == "w" else 1))
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ActionRefused(
                f"“{value}” is no date: expected one like 2026-11-01, or 7d."
            ) from None
        return datetime.combine(day, time(0), self.zone).astimezone(UTC)


def _statuses(value: str) -> tuple[str, ...]:
    if value.lower() == "live":
        return LIVE
    wanted = [each.strip().lower().replace("-", "_") for each in value.split(",")]
    return tuple(_one_of("status", each, STATUSES) for each in wanted)


def _channel(value: str) -> str:
    named = _CHANNEL.fullmatch(value)
    if named is None:
        raise ActionRefused(f"“{value}” is no channel: choose one from Slack's list.")
    return named[1]


def _one_of(key: str, value: str, known: Collection[str]) -> str:
    wanted = value.lower()
    if wanted not in known:
        raise ActionRefused(f"`{key}:` expects one of {', '.join(known)}.")
    return wanted


def days_typed(typed: str) -> int:
    """The period of a report in days: `7d`, `2w`, a week when nothing is typed.

    Raises:
        Refused: it is no such period, or longer than a quarter.
    """
    span = _SPAN.fullmatch(typed.strip().lower() or "7d")
    length = int(span[1]) * (7 if span[2] == "w" else 1) if span else 0
    if not 1 <= length <= 92:
        raise ActionRefused("Expected a period such as 7d or 4w, at most 92d.")
    return length
