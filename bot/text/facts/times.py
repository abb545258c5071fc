"""Times of day."""

import re
from collections.abc import Hashable, Iterator
from fractions import Fraction
from itertools import pairwise

from bot.text.facts.fact import FactKey, ScannedText

_CLOCK = re.compile(
    r"(?<![\w:.,/])(\d{1,2})(?::|h|\s?gio\s?)(\d{2})(?:\s*phut)?(?::\d{2})?"
    r"(?:\s*(am|pm|a\.m\.|p\.m\.|(?<=\s)(?:sang|trua|chieu|toi)))?(?!\w)"
)
_HOUR = re.compile(
    r"(?<![\w:.,/])(\d{1,2})\s*(?:(am|pm|a\.m\.|p\.m\."
    r"|in the (?:morning|afternoon|evening)|at night)|(?:gio|h)\s*(sang|trua|chieu|toi))(?!\w)"
)
_HOURS = {
    word: hour
    for hour, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
}
_PARTS = {"a.m.": "am", "am": "am", "in the morning": "am", "pm": "pm", "p.m.": "pm",
          "in the afternoon": "pm", "in the evening": "pm", "at night": "pm"}  # fmt: skip
_HOUR_WORD = re.compile(
    rf"\b({'|'.join(_HOURS)}) (?:o'clock )?(am|a\.m\.|pm|p\.m\.|in the (?:morning|afternoon"
    rf"|evening)"
    r"|at night)(?!\w)"
)
_HALF_PAST = re.compile(
    rf"\b(half|(?:a )?quarter) (past|to) (\d{{1,2}}|{'|'.join(_HOURS)})\b"
    r"(?:\s*(am|pm|a\.m\.|p\.m\.|in the (?:morning|afternoon|evening)|at night))?"
)
_PAST = re.compile(r"\b(?:half|quarter) (?:past|to) \Z")
# «It opens at eight»: in the morning or in the evening.
_AT_HOUR = re.compile(
    rf"\b(?:at|until|till|before|after|by) ({'|'.join(_HOURS)})"
    r"(?= (?:o'clock|sharp|on|every|until|to)\b|[.,;!?]|\s*\Z)"
    r"(?! to \w+ (?:days|hours|weeks|minutes|working))"
)
_AT_FIGURE = re.compile(
    r"\b(?:start|starts|begins?|opens?|closes?|open|until|till|before) (?:at |by |until )?(\d{1,2})"
    r"(?=\s*(?:[.,;!?](?!\d)|\Z))|(?<![\w:.,])(\d{1,2}) o'clock\b"
)
_VI_HALF = re.compile(
    r"(?:\b(?P<at>luc|tu|den|truoc|sau|vao) )?(?<![\w:.,/])"
    r"(?P<hour>\d{1,2}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi(?: mot| hai)?) (?:gio )?"
    r"(?P<shift>ruoi|kem (?:15|muoi lam))(?: (?P<part>sang|trua|chieu|toi|dem))?(?!\w)"
)
_VI_HOURS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_NOON = re.compile(r"\b(?:noon|midday|midnight|nua dem)\b")
_TIMES_RANGE = re.compile(r"\s*(?:[-–—~]|to|until|till|and|den|toi|va)\s*")
_SMALL_HOURS = frozenset({12, 1, 2, 3, 4})
_UNTIL = re.compile(r"\b(?:until|till|by|den|toi)\s+\Z")
_IS_LATER = re.compile(r"(?:pm|p\.m\.|chieu|toi|evening|afternoon|night)\Z")
_PART = re.compile(r"[a-z.]{2,}\Z")
_LATER = frozenset({"pm", "p.m.", "chieu", "toi", "dem"})


def find_times(page: ScannedText) -> None:
    """Take the times of day, and the ranges that they make."""
    places, folded, begun = (
        _in_ranges(sorted(_times(page)), page.folded),
        page.folded,
        set[Hashable](),
    )
    for place, (start, end, key) in enumerate(places):
        gives, span = {key}, None
        before = places[place - 1] if place else None
        if before is not None and _TIMES_RANGE.fullmatch(folded[before[1] : start]):
            span = ("time", before[2][1], key[1])
            begun.add(before[2][1])
        elif _UNTIL.search(folded[max(0, start - 10) : start]):
            # «From 9 am to 9 pm, on Sundays until 5 pm»: on Sundays from 9 am.
            gives |= {("range", "time", low, key[1]) for low in begun}
        page.take("time", start, end, {key}, gives, span)
    for match in _HALF_PAST.finditer(page.folded):
        hour = int(match[3]) if match[3].isdigit() else _HOURS[match[3]]
        part = _PARTS.get(match[4] or "")
        shift = (30 if match[1] == "half" else 15) * (1 if match[2] == "past" else -1)
        page.take("time", match.start(), match.end(), _either(hour * 60 + shift, part))
    for match in _AT_HOUR.finditer(page.folded):
        page.take("time", *match.span(1), _either(_HOURS[match[1]] * 60, None))
    for match in _AT_FIGURE.finditer(page.folded):
        hour = int(match[1] or match[2])
        if hour <= 24:
            # «We start at 8»: morning or evening, or no time at all.
            count: set[FactKey] = set() if match[2] else {("any", Fraction(hour))}
            keys = _either(hour * 60, None)
            page.take("time", *match.span(1 if match[1] else 2), keys | count)
    for match in _VI_HALF.finditer(page.folded):
        if match["at"] or match["part"]:
            hour = int(match["hour"]) if match["hour"].isdigit() else _VI_HOURS[match["hour"]]
            shift = 30 if match["shift"] == "ruoi" else -15
            keys = _either(hour * 60 + shift, match["part"])
            page.take("time", match.start("hour"), match.end(), keys)


def _in_ranges(
    places: list[tuple[int, int, FactKey]], folded: str
) -> list[tuple[int, int, FactKey]]:
    """The times, where «6:30 to 8 pm» begins in the evening too."""
    found = list(places)
    for place, ((start, end, key), (begins, stops, last)) in enumerate(pairwise(places)):
        low, high = int(str(key[1])), int(str(last[1]))
        later = _IS_LATER.search(folded[begins:stops]) and low < 720 <= high and low + 720 < high
        if (
            later
            and _TIMES_RANGE.fullmatch(folded[end:begins])
            and not _PART.search(folded[start:end])
        ):
            found[place] = (start, end, ("time", low + 720))
    return found


def _either(minutes: int, part: str | None) -> set[FactKey]:
    """A time on a clock with twelve hours: with its part of the day one, without it one of two."""
    later = {("time", minutes + 720)} if minutes < 720 else set()
    if part in _LATER:
        return {*(later or {("time", minutes)})}
    return {("time", minutes)} | (later if part is None else set())


def _times(page: ScannedText) -> Iterator[tuple[int, int, FactKey]]:
    for match in _CLOCK.finditer(page.folded):
        hour, minute = int(match[1]), int(match[2])
        if hour <= 24 and minute < 60:
            part, end = _part(page, match, 3)
            yield match.start(), end, _time(hour, minute, part)
    for match in _HOUR.finditer(page.folded):
        if int(match[1]) <= 24:
            written = _PARTS.get(match[2] or "", match[2])
            # «1 at night» is early, «10 at night» late.
            written = "am" if match[2] == "at night" and int(match[1]) in _SMALL_HOURS else written
            part, end = (written, match.end()) if written else _part(page, match, 3)
            yield match.start(), end, _time(int(match[1]), 0, part)
    for match in _HOUR_WORD.finditer(page.folded):
        if _PAST.search(page.folded, max(0, match.start() - 14), match.start()):
            continue
        yield match.start(), match.end(), _time(_HOURS[match[1]], 0, _PARTS[match[2]])
    for match in _NOON.finditer(page.folded):
        yield match.start(), match.end(), ("time", 0 if "night" in match[0] else 720)


def _part(page: ScannedText, match: re.Match[str], group: int) -> tuple[str | None, int]:
    """The part of the day behind an hour, and where the time ends: «8h tới» is eight until …."""
    if match[group] == "toi" and not page.spelled(*match.span(group), "tối"):
        return None, len(page.folded[: match.start(group)].rstrip())
    return match[group], match.end()


def _time(hour: int, minute: int, part: str | None) -> FactKey:
    if part in _LATER and hour < 12:
        hour += 12
    if part in ("am", "a.m.") and hour == 12:
        hour = 0
    return ("time", hour * 60 + minute)
