"""Order numbers, voucher codes, versions: tokens that are names rather than amounts."""

import re

from bot.text.facts.fact import FactKey, ScannedText

_MIXED = re.compile(
    r"(?<![\w-])(?=[a-z0-9_-]*\d)(?=[a-z0-9_-]*[a-z])[a-z0-9]+(?:[-_][a-z0-9]+)*(?![\w-])"
)
# A number of so many digits counts nothing; Python does not even read one of thousands.
LONGEST_NUMBER = 18
_SERIAL = re.compile(r"\d{19,}|(?<![\w.-])(?:v?\d+(?:\.\d+){2,}|\d+(?:-\d+){2,}|24/7)(?![\w-])")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_HASHED = re.compile(r"#(\d{3,})(?!\w)")
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{4,}(?!\w)")
_CALLED = re.compile(
    r"(?:\b(?:codes?|coupon|voucher|promo)|mã(?:\s+giảm\s+giá)?|\bma(?:\s+giam\s+gia)?)"
    r"(?:\s+(?:is|là|la))?\s*:?\s*[\"“«'‘*`]*\Z",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def find_serials(page: ScannedText) -> None:
    """Take what is made of digits and is no amount: versions, serial numbers, #10482."""
    for pattern in (_SERIAL, _HASHED):
        for match in pattern.finditer(page.folded):
            if not _THOUSANDS.fullmatch(match[0]):
                _take(page, match)


def find_codes(page: ScannedText) -> None:
    """Take tokens of letters and digits, and words in capitals; the latter need ground as codes."""
    for match in _MIXED.finditer(page.folded):
        _take(page, match)
    for match in _CAPITALS.finditer(page.text):
        called = _CALLED.search(page.text[max(0, match.start() - 30) : match.start()])
        gives: set[FactKey] = {("code", match[0].lower())}
        page.take("code", match.start(), match.end(), gives if called else set(), gives)


def _take(page: ScannedText, match: re.Match[str]) -> None:
    written = match[0]
    key: FactKey = ("code", re.sub(r"[^a-z0-9]", "", written))
    # Who writes «order 20311» means DH-20311.
    digits = [part for part in _DIGITS.findall(written) if len(part) <= LONGEST_NUMBER]
    parts: set[FactKey] = {("any", int(part)) for part in digits}
    page.take("code", match.start(), match.end(), {key}, {key} | parts)
