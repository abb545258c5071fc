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
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{2,}(?!\w)")
_ABBREVIATIONS_WORDS = """
    OTP PIN SMS QR CVV CVC IMEI VAT PDF ID URL SKU USB APP FAQ VND USD EUR OK VN HN TP HCM COD ATM
    CCCD CMND PIN WIFI GPS IBAN SWIFT BIC ZIP HTML"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_WORDS.split())
# Shorter ones are abbreviations unless a text calls them a code.
_SHORTEST_NAMED = 4
_USED = re.compile(
    r"\b(?:use|enter|apply|type|redeem|with|nhập|dùng|áp dụng|nhap|dung|ap dung)\s+[\"“«'‘*`]*\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\"”»'’*`]*\s+(?:codes?|coupon|voucher)\b", re.IGNORECASE)
_LOWER = re.compile(
    r"\b(?:code|coupon|voucher|promo(?: code)?|password|mat khau(?= la|:))(?: is|:"
    r"| la)? [\"“«'‘`*]?([a-z]{3,20}(?:-[a-z]{2,20})?)[\"”»'’`*]?"
    r"(?=\s*(?:[.,!;]|$|at checkout|for \d|to (?:get|save)|and (?:get|save)|de duoc|khi ))"
)
_NO_NAMES_WORDS = """
    is are was can will that which from sent below above again here there yet too expired valid
    invalid required needed free yourself online correctly first now itself only instead works
    working field page app and the now please yes no okay so"""
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
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
        before = page.text[max(0, match.start() - 30) : match.start()]
        long = len(match[0]) >= _SHORTEST_NAMED
        called = match[0] not in _ABBREVIATIONS and (
            _CALLED.search(before)
            or (long and _USED.search(before))
            or (long and _AFTER.match(page.text, match.end()))
        )
        gives: set[FactKey] = {("code", match[0].lower())}
        page.take("code", match.start(), match.end(), gives if called else set(), gives)
    for match in _LOWER.finditer(page.folded):
        if match[1] not in _NO_NAMES:
            page.take("code", match.start(1), match.end(1), {("code", match[1])})


def _take(page: ScannedText, match: re.Match[str]) -> None:
    written = match[0]
    # «v4.2.1» is version 4.2.1.
    key: FactKey = ("code", re.sub(r"[^a-z0-9]", "", re.sub(r"^v(?=\d+\.\d)", "", written)))
    # Who writes «order 20311» means DH-20311.
    digits = [part for part in _DIGITS.findall(written) if len(part) <= LONGEST_NUMBER]
    parts: set[FactKey] = {("any", int(part)) for part in digits}
    page.take("code", match.start(), match.end(), {key}, {key} | parts)
