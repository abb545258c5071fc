"""Order numbers, voucher codes, versions: tokens that are names rather than amounts."""

import re

from bot.facts.fact import Key, Page

_MIXED = re.compile(
    r"(?<![\w-])(?=[a-z0-9_-]*\d)(?=[a-z0-9_-]*[a-z])[a-z0-9]+(?:[-_][a-z0-9]+)*(?![\w-])"
)
_SERIAL = re.compile(r"(?<![\w.-])(?:v?\d+(?:\.\d+){2,}|\d+(?:-\d+){2,}|24/7)(?![\w-])")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_HASHED = re.compile(r"#(\d{3,})(?!\w)")
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{4,}(?!\w)")
_CALLED = re.compile(
    r"(?:\b(?:codes?|coupon|voucher|promo)|mã(?:\s+giảm\s+giá)?|\bma(?:\s+giam\s+gia)?)"
    r"(?:\s+(?:is|là|la))?\s*:?\s*[\"“«'‘*`]*\Z",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def find_serials(page: Page) -> None:
    """Take what is made of digits and is no amount: versions, serial numbers, #10482."""
    for pattern in (_SERIAL, _HASHED):
        for match in pattern.finditer(page.folded):
            if not _THOUSANDS.fullmatch(match[0]):
                _take(page, match.start(), match.end())


def find_codes(page: Page) -> None:
    """Take tokens of letters and digits, and words in capitals; the latter need ground as codes."""
    for match in _MIXED.finditer(page.folded):
        _take(page, match.start(), match.end())
    for match in _CAPITALS.finditer(page.text):
        called = _CALLED.search(page.text[max(0, match.start() - 30) : match.start()])
        gives: set[Key] = {("code", match[0].lower())}
        page.take("code", match.start(), match.end(), gives if called else set(), gives)


def _take(page: Page, start: int, end: int) -> None:
    written = page.folded[start:end]
    key: Key = ("code", re.sub(r"[^a-z0-9]", "", written))
    # Who writes «order 20311» means DH-20311.
    parts: set[Key] = {("any", int(part)) for part in _DIGITS.findall(written)}
    page.take("code", start, end, {key}, {key} | parts)
