"""Numbers in figures and in words."""

import re
from fractions import Fraction

from bot.text.facts.fact import ScannedText

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
_ENGLISH = {word: value for value, word in enumerate(_UNITS.split())} | {
    word: 10 * tens for tens, word in enumerate(_TIMES_TEN.split(), start=2)
}
# Folded, with its spelling; a digit, or what the digits before it are multiplied by.
_VIETNAMESE = {
    "mot": (1, ("một", "mốt")), "hai": (2, ("hai",)), "ba": (3, ("ba",)), "bon": (4, ("bốn",)),
    "tu": (4, ("tư",)), "nam": (5, ("năm",)), "lam": (5, ("lăm",)), "sau": (6, ("sáu",)),
    "bay": (7, ("bảy", "bẩy")), "tam": (8, ("tám",)), "chin": (9, ("chín",)),
}  # fmt: skip
_TENS = {"muoi": ("mười", "mươi")}
_MULTIPLIES = {"hundred": 100, "tram": 100}
_LARGE = {
    "thousand": 1_000, "nghin": 1_000, "ngan": 1_000, "million": 1_000_000, "trieu": 1_000_000,
}  # fmt: skip
# Other languages' words are ground for figures only: «cinq à huit» for 5 to 8.
_ELSEWHERE_WORDS = """
    deux 2 trois 3 quatre 4 cinq 5 sept 7 huit 8 neuf 9 dix 10 douze 12 quinze 15 vingt 20 trente 30
    dos 2 tres 3 cuatro 4 cinco 5 seis 6 siete 7 ocho 8 nueve 9 diez 10 doce 12 quince 15 treinta 30
    zwei 2 drei 3 vier 4 funf 5 sechs 6 sieben 7 acht 8 neun 9 zehn 10 zwolf 12 dreissig 30
    dois 2 quatro 4 sete 7 oito 8 nove 9 dez 10 trinta 30 cinque 5 otto 8 dieci 10"""
_PAIRED = _ELSEWHERE_WORDS.split()
ELSEWHERE = {word: int(value) for word, value in zip(_PAIRED[::2], _PAIRED[1::2], strict=True)}
_WORDS = re.compile(
    r"\b(?:{0})(?:(?:[ -]|\s+and\s+)(?:{0}))*\b".format(
        "|".join([*_ENGLISH, *_VIETNAMESE, *_TENS, *_MULTIPLIES, *_LARGE])
    )
)
_WORD = re.compile(r"[a-z]+")


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
    """The numbers a page spells out, with their places."""
    found = []
    for match in _WORDS.finditer(page.folded):
        parts = [
            (match.start() + word.start(), match.start() + word.end(), word[0])
            for word in _WORD.finditer(match[0])
        ]
        kept = [part for part in parts if _meant(page, *part)]
        if kept and len(kept) == len(parts):
            found.append((match.start(), match.end(), _value([part[2] for part in parts])))
    found += [
        (match.start(), match.end(), Fraction(ELSEWHERE[match[0]]))
        for match in _WORD.finditer(page.folded)
        if match[0] in ELSEWHERE
    ]
    return found


def _meant(page: ScannedText, start: int, end: int, word: str) -> bool:
    if word in _VIETNAMESE:
        return page.spelled(start, end, *_VIETNAMESE[word][1])
    return page.spelled(start, end, *_TENS[word]) if word in _TENS else True


def _value(words: list[str]) -> Fraction:
    total, current = 0, 0
    for word in words:
        if word in _LARGE:
            total, current = total + max(current, 1) * _LARGE[word], 0
        elif word in _MULTIPLIES:
            current = max(current, 1) * _MULTIPLIES[word]
        elif word in _TENS:
            # «hai mươi» is twenty, «mười» ten; in «trăm mười» the hundred is not multiplied.
            units = current % 10
            current += units * 9 if units else 10
        elif word in _VIETNAMESE:
            current += _VIETNAMESE[word][0]
        elif word in _ENGLISH:
            current += _ENGLISH[word]
    return Fraction(total + current)
