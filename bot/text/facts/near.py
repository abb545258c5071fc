"""Times without a date: today, at once, for ever, Christmas, the weekend."""

import re

from bot.text.facts.fact import FactKey, ScannedText
from bot.text.facts.numerals import ENGLISH, LARGE_ENGLISH
from bot.text.frames import frames

# How each is said stands in `bot/locales/`, as frames «near …».
_NEAR = (
    "today",
    "tomorrow",
    "tonight",
    "yesterday",
    "this week",
    "this weekend",
    "next week",
    "this month",
    "end of the month",
    "end of the year",
    "mid-month",
    "free",
    "next month",
    "next year",
    "at once",
    "soon",
    "always",
    "for ever",
    "christmas",
    "new year",
    "tet",
    "easter",
    "thanksgiving",
    "halloween",
    "black friday",
    "holidays",
)
_PATTERNS = {name: frames(f"near {name}") for name in _NEAR}
# What comes with something costs nothing more: ground for «free», and no claim.
_INCLUDED = frames("included")
_WEEKEND = re.compile(r"\b(?:weekends?|cuoi tuan)\b(?! nay)")
_WEEKDAYS = re.compile(r"\b(?:weekdays|ngay thuong|ngay trong tuan)\b")


_DAYS = re.compile(
    r"\b(\d|two|three|four|five|six|seven|hai|ba|bon|nam|sau|bay) (?:days|ngay) (?:a|per|every"
    r"|each|mot|moi|trong|/) ?(?:week|tuan)\b"
)
_DAY_COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7,
}  # fmt: skip


# How often, or for how long a price counts: «120 requests a minute», «$12 per member a month».
_OFTEN = {
    "second": r"second", "minute": r"minute", "hour": r"hour|gio|tieng", "day": r"day|ngay",
    "week": r"week|tuan", "month": r"month|thang", "quarter": r"quarter|quy",
    "year": r"year|annum|nam",
}  # fmt: skip
_ADVERBS = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month",
    "quarterly": "quarter", "yearly": "year", "annually": "year",
}  # fmt: skip
_NUMBERS = "|".join(sorted([*ENGLISH, *LARGE_ENGLISH], key=len, reverse=True))
_EVERY = re.compile(
    r"(?:\b(?:per|each|every|moi|hang|tung|tat ca cac)\s|(?<=[\w%])/|(?<=\d)\s/\s"
    rf"|(?<![\w.,])(?:[$€£]?\d(?:[\w.,]*\w)?%?|{_NUMBERS})"
    r"(?: (?!(?:hoac|hay|den|va|or|and|to|within|half|in|after|before|by|until|about)\b)"
    r"[a-z]+){0,4}"
    r" (?:an?|mot) )"
    rf"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _OFTEN.items())})\b"
    r"(?! (?:nam|later|or two)\b)"
)
# «A few days» of no number; what is past, or every so often, promises nothing.
_FEW = {name: frames(f"few {name}") for name in ("hour", "day", "week", "month")}
# «Open on all days» speaks of each weekday, «5 million a day» of none.
_ALL_DAYS = re.compile(r"(?:every day|each day|tat ca cac ngay)\Z")
_ADVERB = re.compile(rf"\b({'|'.join(_ADVERBS)})\b")


def _find_often(page: ScannedText) -> None:
    for match in _EVERY.finditer(page.folded):
        start = match.start(match.lastgroup or 0)
        needs: set[FactKey] = {("every", match.lastgroup)}
        gives = needs | {("days a week", 7)} if _ALL_DAYS.match(match[0]) else needs
        page.take("day", start, match.end(), needs, gives)
    for match in _ADVERB.finditer(page.folded):
        page.take("day", match.start(), match.end(), {("every", _ADVERBS[match[1]])})


def find_near(page: ScannedText) -> None:
    """Take the times that name no date; each needs ground like a date."""
    for match in _DAYS.finditer(page.folded):
        count = int(match[1]) if match[1].isdigit() else _DAY_COUNTS[match[1]]
        page.take("day", match.start(), match.end(), {("days a week", count)})
    _find_often(page)
    for name, pattern in _PATTERNS.items():
        for match in pattern.finditer(page.folded):
            key: FactKey = ("near", name)
            gives: set[FactKey] = {key}
            if name == "always":
                gives.add(("code", "247"))
            page.take("day", match.start(), match.end(), gives, gives)
    for match in _INCLUDED.finditer(page.folded):
        page.take("day", match.start(), match.end(), set(), {("near", "free")})
    for name, pattern in _FEW.items():
        for match in pattern.finditer(page.folded):
            page.take("day", match.start(), match.end(), {("few", name)}, {("few", name)})
    for match in _WEEKEND.finditer(page.folded):
        page.take(
            "day", match.start(), match.end(), {("weekday", 6)}, {("weekday", 5), ("weekday", 6)}
        )
    for match in _WEEKDAYS.finditer(page.folded):
        page.take(
            "day", match.start(), match.end(), {("weekday", 4)}, {("weekday", n) for n in range(5)}
        )
