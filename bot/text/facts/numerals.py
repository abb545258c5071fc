"""Numbers in figures and in words."""

import re
from collections.abc import Iterator
from fractions import Fraction

from bot.text.facts.fact import READ, ScannedText

FIGURES = re.compile(
    r"(?<![\d_.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    r"|\d{1,3}(?:[\u00a0\u202f]\d{3})+|\d{1,3}(?: \d{3}){2,}"
    r"|\d{1,3} \d{3}(?=[ \u00a0]?(?:d|vnd|₫|dong)\b)|\d+(?:[.,]\d+)?)(?![.,]?\d)"
)
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TIMES_TEN = "twenty thirty forty fifty sixty seventy eighty ninety"
ENGLISH = {word: value for value, word in enumerate(_UNITS.split())} | {
    word: 10 * tens for tens, word in enumerate(_TIMES_TEN.split(), start=2)
}
LARGE_ENGLISH = {
    "hundred": 100, "dozen": 12, "thousand": 1_000, "million": 1_000_000, "billion": 10**9,
}  # fmt: skip
# Folded, with its spellings: a digit, or what the digits before it are multiplied by.
_VIETNAMESE: dict[str, tuple[int | Fraction, tuple[str, ...]]] = {
    "mot": (1, ("một", "mốt")), "hai": (2, ("hai",)), "ba": (3, ("ba",)), "bon": (4, ("bốn",)),
    "tu": (4, ("tư",)), "nam": (5, ("năm",)), "lam": (5, ("lăm",)), "nham": (5, ("nhăm",)),
    "sau": (6, ("sáu",)), "bay": (7, ("bảy", "bẩy")), "tam": (8, ("tám",)), "chin": (9, ("chín",)),
    "nua": (Fraction(1, 2), ("nửa",)),
}  # fmt: skip
_TIMES = {
    "muoi": (10, ("mười", "mươi")), "chuc": (10, ("chục",)), "ta": (12, ("tá",)),
    "tram": (100, ("trăm",)), "nghin": (1_000, ("nghìn",)), "ngan": (1_000, ("ngàn",)),
    "trieu": (1_000_000, ("triệu",)), "ty": (10**9, ("tỷ",)), "ti": (10**9, ("tỉ",)),
}  # fmt: skip
_ZEROS = {"linh": ("linh",), "le": ("lẻ",)}
# Other languages' words are ground for figures only: «cinq à huit» for 5 to 8.
_ELSEWHERE_WORDS = """
    deux 2 trois 3 quatre 4 cinq 5 sept 7 huit 8 neuf 9 dix 10 douze 12 quinze 15 vingt 20 trente 30
    dos 2 tres 3 cuatro 4 cinco 5 seis 6 siete 7 ocho 8 nueve 9 diez 10 doce 12 quince 15 treinta 30
    zwei 2 drei 3 vier 4 funf 5 sechs 6 sieben 7 acht 8 neun 9 zehn 10 zwolf 12 dreissig 30
    dois 2 quatro 4 sete 7 oito 8 nove 9 dez 10 trinta 30 cinque 5 otto 8 dieci 10"""
_PAIRED = _ELSEWHERE_WORDS.split()
ELSEWHERE = {word: int(value) for word, value in zip(_PAIRED[::2], _PAIRED[1::2], strict=True)}
_RUN_ENGLISH = re.compile(
    r"\b(?:(?:half )?an? (?=dozen|hundred|thousand|million|billion|couple)|half )?"
    r"(?:{0})(?:(?:[ -]|\s+and\s+)"
    r"(?:{0}|a half (?=dozen|hundred|thousand|million|billion)))*\b".format(
        "|".join([*ENGLISH, *LARGE_ENGLISH])
    )
)
_COUPLE = re.compile(r"\b(?:a|the (?:next|first|last)) couple(?: of)?\b")
_RUN_VIETNAMESE = re.compile(
    r"\b(?:{0})(?: (?:{0}))*\b".format("|".join([*_VIETNAMESE, *_TIMES, *_ZEROS]))
)
_CJK_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "兩": 2,
}
_CJK_TIMES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000}
_RUN_CJK = re.compile(f"[{''.join([*_CJK_DIGITS, *_CJK_TIMES])}]+")
_ROMAN = re.compile(
    r"(?<![\w.'-])(?=[IVXL]{2,}\b|(?<=[Pp]hase )[IVX]\b|(?<=[Qq]uý )[IVX]\b)"
    r"(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![\w'-])"
)
_TIMES_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_WORD = re.compile(r"[a-z]+")
# After a digit and before one of these «năm» is five; before anything else it is a year.
_COUNTED = re.compile(
    r" (?:ngay|gio|phut|giay|tuan|thang|dong|nguoi|lan|cai|chiec|mon|phan tram|kg|gam|met|lit|%)"
)


def figure_readings(written: str) -> set[Fraction]:
    """What figures may mean: 1.125 is over a thousand to one reader, over one to another.

    Nobody writes 20.000 for twenty, and a comma before three digits groups them.
    """
    plain = re.sub(r"[ \u00a0\u202f]", "", written)
    separators = re.findall(r"[.,]", plain)
    if not separators:
        return {Fraction(plain)}
    if len(set(separators)) == 2:
        head, _, tail = plain.rpartition(separators[-1])
        return {Fraction(f"{re.sub('[.,]', '', head)}.{tail}")}
    head, _, tail = plain.rpartition(separators[-1])
    joined = Fraction(re.sub("[.,]", "", plain))
    if len(separators) > 1:
        return {joined}
    decimal = Fraction(f"{head}.{tail}")
    if len(tail) != 3 or head == "0":
        return {decimal}
    return {joined} if separators == [","] or tail.endswith("0") else {joined, decimal}


def numbers_in_words(page: ScannedText) -> list[tuple[int, int, Fraction]]:
    """The numbers a page spells out, in words or in Chinese figures, with their places."""
    folded = page.folded
    found = [*_english(folded), *_vietnamese(page), *_chinese(folded)]
    found += [
        (match.start(), match.end(), Fraction(ELSEWHERE[match[0]]))
        for match in _WORD.finditer(folded)
        if match[0] in ELSEWHERE
    ]
    return found


def digit_of(word: str) -> str | None:
    """The digit that a word reads out, as in a telephone number; None for any other word."""
    if word in ("oh", "khong"):
        return "0"
    value = ENGLISH.get(word, _VIETNAMESE.get(word, (10, ()))[0])
    return str(value) if value in range(10) else None


def _english(folded: str) -> Iterator[tuple[int, int, Fraction]]:
    for match in _COUPLE.finditer(folded):
        yield match.start(), match.end(), Fraction(2)
    for match in _RUN_ENGLISH.finditer(folded):
        half = Fraction(1, 2) if match[0].startswith("half ") else Fraction(1)
        for start, end, parts in _apart(match[0].removeprefix("half "), match.end()):
            yield (match.start() if half != 1 else start), end, _english_value(parts) * half


def _apart(run: str, end: int) -> Iterator[tuple[int, int, list[str]]]:
    """The numbers of a run of words: «one nine zero» are three, «twenty-one» is one."""
    begin, parts, last = end - len(run), list[str](), 0
    for word in _WORD.finditer(run):
        if word[0] in ("a", "an", "and"):
            continue
        value = ENGLISH.get(word[0])
        previous = ENGLISH.get(parts[-1]) if parts else None
        new = previous is not None and value is not None and not (previous >= 20 and 0 < value < 10)
        if new:
            yield begin, end - len(run) + last, parts
            begin, parts = end - len(run) + word.start(), []
        parts.append(word[0])
        last = word.end()
    if parts:
        yield begin, end - len(run) + last, parts


def _english_value(words: list[str]) -> Fraction:
    total, current = Fraction(0), Fraction(0)
    for word in words:
        if word == "half":
            current += Fraction(1, 2)
            continue
        size = LARGE_ENGLISH.get(word)
        if size is None:
            current += ENGLISH[word]
        elif size <= 100:
            current = (current or Fraction(1)) * size
        else:
            total, current = total + (current or 1) * size, Fraction(0)
    return total + current


def _vietnamese(page: ScannedText) -> Iterator[tuple[int, int, Fraction]]:
    for match in _RUN_VIETNAMESE.finditer(page.folded):
        words = [
            (match.start() + word.start(), match.start() + word.end(), word[0])
            for word in _WORD.finditer(match[0])
        ]
        kept = list[tuple[int, int, str]]()
        for place, word in enumerate(words):
            after = words[place + 1][2] if place + 1 < len(words) else ""
            if _meant(page, *word) and _continues(page, kept, word, after):
                kept.append(word)
                continue
            if kept:
                yield kept[0][0], kept[-1][1], _vietnamese_value([each[2] for each in kept])
            starts = _meant(page, *word) and not _is_year(page, kept, word, after)
            kept = [word] if starts and _continues(page, [], word, after) else []
        if kept:
            yield kept[0][0], kept[-1][1], _vietnamese_value([each[2] for each in kept])


def _continues(
    page: ScannedText, kept: list[tuple[int, int, str]], word: tuple[int, int, str], after: str
) -> bool:
    if not kept:
        # Without accents «ngan» begins a bank and «ti» a share as well as a thousand or a billion.
        scale = word[2] in _TIMES and word[2] != "muoi" and not page.accented
        never = ("lam", "nham", "ta") if page.accented else ("lam", "nham", "ta", "tu")
        return word[2] not in _ZEROS and word[2] not in never and not scale
    if word[2] == "tu" and kept[-1][2] not in ("muoi", *_ZEROS):
        return False
    if word[2] in _VIETNAMESE and kept[-1][2] in _VIETNAMESE:
        # «Hai lăm» is twenty-five, but «hai ba ngày» two or three days.
        return False
    return not _is_year(page, kept, word, after)


def _is_year(
    page: ScannedText, kept: list[tuple[int, int, str]], word: tuple[int, int, str], after: str
) -> bool:
    """Whether «năm» behind a number counts years: always, but in «năm mươi» or after «linh»."""
    if word[2] != "nam" or not kept or kept[-1][2] in _ZEROS or after in _TIMES:
        return False
    return kept[-1][2] in ("nua", *_VIETNAMESE) or not _COUNTED.match(page.folded, word[1])


def _meant(page: ScannedText, start: int, end: int, word: str) -> bool:
    spellings = _ZEROS[word] if word in _ZEROS else (_VIETNAMESE.get(word) or _TIMES[word])[1]
    return page.spelled(start, end, *spellings)


def _vietnamese_value(words: list[str]) -> Fraction:
    total, group, digit = Fraction(0), Fraction(0), None
    for word in words:
        if word in _VIETNAMESE:
            digit = Fraction(_VIETNAMESE[word][0])
        elif word in _TIMES:
            size = _TIMES[word][0]
            if size <= 100:
                group += (1 if digit is None else digit) * size
            else:
                so_far = group + (digit or 0)
                total, group = total + (so_far or 1) * size, Fraction(0)
            digit = None
    return total + group + (digit or 0)


def _chinese(folded: str) -> Iterator[tuple[int, int, Fraction]]:
    for match in _RUN_CJK.finditer(folded):
        total, digit = 0, None
        for char in match[0]:
            if char in _CJK_DIGITS:
                digit = _CJK_DIGITS[char]
            else:
                total += (1 if digit is None else digit) * _CJK_TIMES[char]
                digit = None
        yield match.start(), match.end(), Fraction(total + (digit or 0))


def in_roman(page: ScannedText) -> Iterator[tuple[int, int, Fraction]]:
    """The Roman figures of a page, as in «version IV», with their places."""
    for match in _ROMAN.finditer(page.text):
        values = [_TIMES_ROMAN[char] for char in match[0]]
        pairs = zip(values, (*values[1:], 0), strict=False)
        total = sum(-value if value < after else value for value, after in pairs)
        if total and READ not in page.folded[match.start() : match.end()]:
            yield match.start(), match.end(), Fraction(total)
