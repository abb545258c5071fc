"""Shares of something, and how many times something: a tenth, half price, twice the price."""

import re
from fractions import Fraction

from bot.text.facts.fact import FactKey, ScannedText

_FRACTION = re.compile(
    r"\b(?:an?|one|two|three|mot|hai|ba) (half|thirds?|quarters?|fourths?|fifths?|tenths?)"
    r"(?= (?:of|off|less|more|cheaper|with|the|on|from)\b)"
    r"(?! of an? (?:hour|day|week|month|year|minute)\b)"
    r"|\b(half)(?= (?:price|off|the price|the cost)\b)"
    r"|(?<=\bby )half\b|\b(?:mot )?nua(?= gia\b)|\bgiam (?:mot )?nua\b"
)
# A share that names no whole asks for no ground, and is ground: «a third is due when you book».
_PART = re.compile(
    r"(?<!and )\b(?:a|one|two) (half|thirds?|quarters?|fifths?)"
    r"(?= (?:is|are|when|now|at|up|upfront|down|in advance|before|after)\b|[.,;])"
)
_PHAN = re.compile(r"\b(mot|hai|ba|1|2|3) phan (hai|ba|tu|nam|muoi|[2-9]|10)\b")
_PHAN_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "muoi": 10, **{str(n): n for n in range(1, 11)},
}  # fmt: skip
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10, "nua": 2}
_SHARES = {"two": 2, "three": 3, "hai": 2, "ba": 3}
_TIMES = re.compile(
    r"\b(?:(half)(?= as)|(twice|doubles?|two times)"
    r"(?= (?:the|as|that|its|in)\b| (?:more|less) \w+ than\b)"
    r"|(double|triple)\b"
    r"|(three times|thrice|triples?)(?= (?:the|as|more|less|\w+er)\b)|(\d{1,2}) ?(?:times"
    r"|x)(?= (?:the|as|more"
    r"|longer)\b)"
    r"|gap (doi|hai|ba|bon|nam|muoi|\d{1,2})(?: lan)?|(bang (?:mot )?nua))\b"
)
_TWICE = re.compile(r"\btwice\b(?! (?:the|as|that|its|in)\b| (?:more|less) \w+ than\b)")
_TIMES_WORDS = {
    "half": "1/2", "twice": "2", "double": "2", "doubles": "2", "two times": "2", "triple": "3",
    "triples": "3", "three times": "3", "thrice": "3", "doi": "2", "hai": "2", "ba": "3",
    "bon": "4", "nam": "5", "muoi": "10", "bang mot nua": "1/2", "bang nua": "1/2",
}  # fmt: skip


def find_shares(page: ScannedText) -> None:
    """Take «a tenth», «half price», «twice the price»: shares, and how many times."""
    for match in _FRACTION.finditer(page.folded):
        name = next(name for name in _FRACTIONS if name in match[0])
        share = Fraction(_SHARES.get(match[0].split()[0], 1), _FRACTIONS[name])
        keys: set[FactKey] = {("amount", "percent", share * 100), ("share", share)}
        page.take("number", match.start(), match.end(), keys)
    for match in _PART.finditer(page.folded):
        if match[0].startswith("two") or not match[1].endswith("s"):
            share = Fraction(_SHARES.get(match[0].split()[0], 1), _FRACTIONS[match[1].rstrip("s")])
            page.take("number", match.start(), match.end(), set(), {("share", share)})
    for match in _PHAN.finditer(page.folded):
        share = Fraction(_PHAN_WORDS[match[1]], _PHAN_WORDS[match[2]])
        keys = {("amount", "percent", share * 100), ("share", share)}
        page.take("number", match.start(), match.end(), keys)
    for match in _TWICE.finditer(page.folded):
        page.take("number", match.start(), match.end(), {("any", Fraction(2))})
    for match in _TIMES.finditer(page.folded):
        said = next(filter(None, match.groups()))
        ratio = Fraction(_TIMES_WORDS.get(said, said))
        page.take("number", match.start(), match.end(), {("ratio", ratio)})
