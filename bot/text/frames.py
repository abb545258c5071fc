"""Frames of speech: patterns over folded text, made of the terms of all languages.

A frame is a regular expression in which a name in braces stands for one of the terms of that name.
Languages are mixed by those who write («bạn gửi password»), so the terms of all of them count. Both
stand in `bot/locales/`.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property

from bot.text.locale import locales

_NAME = re.compile(r"\{([a-z_]+)\}")


class LazyPattern:
    """A pattern that is made when it is first used: importing a module reads no file."""

    def __init__(self, make: Callable[[], str], flags: int = 0) -> None:
        self._make, self._flags = make, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._make(), self._flags)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.compiled.search(text, start, end)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self.compiled.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text)

    def sub(self, instead: Callable[[re.Match[str]], str], text: str) -> str:
        return self.compiled.sub(instead, text)

    def findall(self, text: str) -> list[str]:
        return self.compiled.findall(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text)


@cache
def frames(name: str) -> LazyPattern:
    """The frames of this name, of all languages, as one pattern.

    Using it raises KeyError where a frame has terms that no language has, or no language has frames
    of this name.
    """

    def make() -> str:
        found = [each for words in locales().values() for each in words.frames.get(name, ())]
        if not found:
            raise KeyError(name)
        return "|".join(_NAME.sub(_filled, each) for each in found)

    return LazyPattern(make, re.MULTILINE)


def prepare_frames() -> None:
    """Make the patterns of all frames now, rather than while a message waits."""
    for name in {name for words in locales().values() for name in words.frames}:
        frames(name).search("")


@cache
def any_of(name: str) -> str:
    """The terms of this name, of all languages, as a pattern that matches one of them."""
    return f"(?:{'|'.join(_terms()[name])})"


@cache
def terms(name: str) -> frozenset[str]:
    """The terms of this name, of all languages."""
    return frozenset(_terms()[name])


def _filled(match: re.Match[str]) -> str:
    return any_of(match[1])


@cache
def _terms() -> Mapping[str, tuple[str, ...]]:
    known = defaultdict[str, list[str]](list)
    for words in locales().values():
        for name, each in words.terms.items():
            known[name] += each
    return {name: tuple(dict.fromkeys(each)) for name, each in known.items()}
