"""Frames of speech: patterns over folded text, made of the terms of all languages.

A frame is a regular expression in which a name in braces stands for one of the terms of that name.
Languages are mixed by those who write («bạn gửi password»), so the terms of all of them count. Both
stand in `bot/locales/`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from bot.text.locale import locales

_NAME = re.compile(r"\{([a-z_]+)\}")


@cache
def frames(name: str) -> re.Pattern[str]:
    """The frames of this name, of all languages, as one pattern.

    Raises:
        KeyError: a frame uses terms that no language has, or no language has such frames.
    """
    found = [each for words in locales().values() for each in words.frames.get(name, ())]
    if not found:
        raise KeyError(name)
    return re.compile("|".join(_NAME.sub(_filled, each) for each in found), re.MULTILINE)


@cache
def any_of(name: str) -> str:
    """The terms of this name, of all languages, as a pattern that matches one of them."""
    return f"(?:{'|'.join(_terms()[name])})"


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
