"""Times without a date: today, at once, for ever, Christmas, the weekend."""

import re

from bot.text.facts.fact import FactKey, ScannedText
from bot.text.facts.numerals import ENGLISH, LARGE_ENGLISH

_DONE = (
    r"(?:is|are|be|was|comes?|arrives?|takes? place|delivered?|refunded|processed|shipped|sent"
    r"|credited|posted|happens?|works?)"
)
_NEAR = {
    "today": (
        r"\b(?:today|(?:the |that |on the )?same[- ]day|by (?:the )?(?:end of (?:the )?)?day"
        r"|(?:this|later this) (?:morning|afternoon)|hom nay|(?:sang|trua|chieu) nay"
        r"|(?:trua|chieu) (?:la |se )?(?:co|nhan) (?:duoc )?hang"
        r"|trong ngay(?! (?:lam|nghi|le|tet|\d))|cung ngay|ngay trong ngay)\b"
    ),
    "tomorrow": (
        r"\b(?:tomorrow|overnight|(?:the )?next[- ]day|ngay mai|sang mai|chieu mai|mai (?:la|se)"
        r"|qua dem)\b"
    ),
    "tonight": r"\b(?:tonight|this evening|toi nay|dem nay)\b",
    "this week": (
        r"\b(?:this week|by (?:the )?end of (?:the )?week|tuan nay|trong tuan nay"
        r"|cuoi tuan nay)\b"
    ),
    "next week": r"\b(?:next week|tuan sau|tuan toi)\b",
    "this month": r"\b(?:(?:later )?this month|thang nay)\b",
    "end of the month": (
        r"\b(?:end of (?:the|this|that|each|every|your|a)(?: \w+)? month|month'?s end|cuoi thang)\b"
    ),
    "mid-month": r"\b(?:mid-?month|middle of (?:the|each|every) month|giua thang)\b",
    "free": (
        r"(?<!-)(?<!feel )(?<!sugar )(?<!toll )\bfree(?: of charge)?\b"
        r"(?! (?:to|time|space|from|up)\b)(?!-)"
        r"|\b(?:at )?no (?:extra |additional |further )?(?:charge|costs?|fees?)\b"
        r"|\bwithout (?:any )?(?:charge|cost|paying|fee)\b|\bcosts? nothing\b|\bcomplimentary\b"
        r"|\b(?:is|are) on (?:us|the house)\b|\bgratis\b|\bcost-free\b"
        r"|\bmien phi\b|\bkhong (?:mat|ton|thu|tinh|can tra) (?:them )?(?:phi|tien)\b"
    ),
    "next month": r"\b(?:next month|thang sau|thang toi)\b",
    "next year": (
        r"\b(?:next year|nam sau|sang nam"
        r"|nam toi(?! (?:\d|mot|hai|ba|bon|sau|bay|tam|chin|muoi)))\b"
    ),
    "at once": (
        rf"\b{_DONE} (?:\w+ ){{0,2}}?(?:instant(?:ly|aneous(?:ly)?)?|immediate(?:ly)?"
        rf"|straight away|right away|at once|in no time|within seconds)\b|\b(?:instant"
        rf"|immediate) (?:refund|delivery|replacement|payment|transfer)s?\b|\b(?:ngay lap tuc"
        rf"|ngay tuc thi|tuc thi|lap tuc)\b"
    ),
    "soon": (
        r"\b(?:within|in a (?:matter|couple) of|in a few|in just a few) (?:the hour|minutes|hours"
        r"|moments|seconds)\b|\bwithin the hour\b|\b(?:trong|sau) (?:it|vai) (?:phut|gio"
        r"|giay)(?: nua)?\b"
    ),
    "always": (
        r"\b(?:around the clock|round the clock|day and night|at any hour"
        r"|any time of (?:the )?day|every day of the year|all year round|365 days a year"
        r"|suot ngay dem|ca ngay lan dem|bat ke ngay dem|quanh nam)\b"
    ),
    "for ever": (
        r"\b(?:(?:a |for )?lifetime|life-?long|for (?:life|ever)|forever|never expires?"
        r"|indefinite(?:ly)?|permanent(?:ly)?|unlimited (?:time|period)"
        r"|without (?:any )?time limit|no time limit|tron doi|suot doi|vinh vien|mai mai"
        r"|vo thoi han|khong thoi han|khong gioi han thoi gian)\b"
    ),
    "christmas": r"\b(?:christmas|xmas|giang sinh|noel)\b",
    "new year": r"\b(?:new year'?s?(?: (?:day|eve))?|nam moi|tet (?:duong lich|tay))\b",
    "tet": r"\b(?:lunar new year|tet(?: nguyen dan)?|am lich)\b",
    "easter": r"\b(?:easter|phuc sinh)\b",
    "thanksgiving": r"\bthanksgiving\b",
    "halloween": r"\bhalloween\b",
    "black friday": r"\b(?:black friday|cyber monday)\b",
    "holidays": r"\b(?:(?:public|bank|national) holidays?|ngay le|le tet|nghi le)\b",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _NEAR.items()}
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
    r"(?:\b(?:per|each|every|moi|hang|tung)\s|(?<=\w)/|(?<=\d)\s/\s"
    rf"|(?<![\w.,])(?:[$€£]?\d[\w.,]*|{_NUMBERS})(?: (?!hoac|hay|den|va|or|and|to)[a-z]+){{0,4}}"
    r" (?:an?|mot) )"
    rf"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _OFTEN.items())})\b"
    r"(?! (?:nam|later|or two)\b)"
)
_ADVERB = re.compile(rf"\b({'|'.join(_ADVERBS)})\b")


def _find_often(page: ScannedText) -> None:
    for match in _EVERY.finditer(page.folded):
        start = match.start(match.lastgroup or 0)
        page.take("day", start, match.end(), {("every", match.lastgroup)})
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
    for match in _WEEKEND.finditer(page.folded):
        page.take(
            "day", match.start(), match.end(), {("weekday", 6)}, {("weekday", 5), ("weekday", 6)}
        )
    for match in _WEEKDAYS.finditer(page.folded):
        page.take(
            "day", match.start(), match.end(), {("weekday", 4)}, {("weekday", n) for n in range(5)}
        )
