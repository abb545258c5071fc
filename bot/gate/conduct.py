"""What no text of the bot's may do, whatever it rests on: ask for secrets, or insult.

The words stand in `bot/locales/`, as frames `secret_asked` and `insult`, and as insults spelled.
"""

from collections.abc import Iterator
from functools import cache
from typing import Literal

from bot.text.facts.fact import ScannedText
from bot.text.frames import LazyPattern, any_of, frames
from bot.text.locale import locales
from storage.text.folding import fold

Misconduct = Literal["secret", "abuse"]


# A negation before a place, in the same part of the sentence.
_NEVER = LazyPattern(lambda: rf"\b{any_of('never')}\b(?:(?!\b{any_of('but')}\b)[^.?!\n])*\Z")
_ELSEWHERE = LazyPattern(lambda: any_of("elsewhere"))
_TO_US = LazyPattern(lambda: rf"\b{any_of('to_us')}\b")
_RENEWED = LazyPattern(lambda: rf"\b{any_of('renewed')}\b")


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """The spellings of each insult under its folded form."""
    spelled = dict[str, tuple[str, ...]]()
    for words in locales().values():
        for each in (*words.insults.spelled, *words.insults.only_accented):
            spelled[fold(each)] = (*spelled.get(fold(each), ()), each)
    return spelled


@cache
def _only_accented() -> frozenset[str]:
    """Folded forms that are insults only with their accents."""
    return frozenset(
        fold(each) for words in locales().values() for each in words.insults.only_accented
    )


_INSULT_WORDS = LazyPattern(
    lambda: rf"\b(?:{'|'.join(sorted(_spellings(), key=len, reverse=True))})\b"
)


def misconduct(text: str, articles: str) -> Iterator[tuple[Misconduct, str]]:
    """What in a text asks for a secret or insults, as written; what articles say is no insult."""
    page = ScannedText(text)
    for start, end in _secrets(page.folded):
        yield "secret", page.text[start:end]
    plain = ScannedText(articles).folded
    for start, end in _insults(page):
        if page.folded[start:end] not in plain:
            yield "abuse", page.text[start:end]


def _secrets(folded: str) -> Iterator[tuple[int, int]]:
    for match in frames("secret_asked").finditer(folded):
        before = max((folded.rfind(mark, 0, match.start()) for mark in ".?!\n"), default=-1) + 1
        between = match["between"] or ""
        if _NEVER.search(folded[before : match.start()]) or _NEVER.search(between):
            continue
        ends = [place for mark in ".?!\n" if (place := folded.find(mark, match.end())) >= 0]
        sentence = folded[before : min(ends, default=len(folded)) + 1]
        # «Enter your password on the sign-in page» is help; here, to us, it is fishing.
        helps = match["verb"] and _ELSEWHERE.fullmatch(match["verb"])
        if helps and not _TO_US.search(sentence):
            continue
        if not _RENEWED.search(between):
            yield match.span()


def _insults(page: ScannedText) -> Iterator[tuple[int, int]]:
    for match in frames("insult").finditer(page.folded):
        yield match.span()
    for match in _INSULT_WORDS.finditer(page.folded):
        exact = page.accented or match[0] not in _only_accented()
        if exact and page.spelled(*match.span(), *_spellings()[match[0]]):
            yield match.span()
