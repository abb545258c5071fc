"""A string that matches a simple regular expression, built from the expression itself."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from re import _parser as parser
from typing import Any

_LETTERS = "aA0 -_"


@lru_cache(maxsize=256)
def sample(pattern: str) -> str:
    """The plainest string the pattern matches; empty when the pattern is beyond this module."""
    text = _all(parser.parse(pattern))
    return text if re.search(pattern, text) else ""


def _all(items: Iterable[tuple[object, Any]]) -> str:
    return "".join(_part(kind, value) for kind, value in items)


def _part(kind: object, value: Any) -> str:
    build = _BUILDERS.get(str(kind))
    return build(value) if build else ""


def _repeated(value: Any) -> str:
    least, _, inner = value
    return _all(inner) * int(least)


def _of_class(items: list[tuple[object, Any]]) -> str:
    """A character of a class such as `[a-z_]`; a negated class gives the first that fits."""
    if str(items[0][0]) != "NEGATE":
        return _part(*items[0])
    excluded = {_part(*item) for item in items[1:]}
    return next(letter for letter in _LETTERS if letter not in excluded)


def _of_category(value: object) -> str:
    return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " "}.get(str(value), "a")


_BUILDERS: dict[str, Callable[[Any], str]] = {
    "LITERAL": chr,
    "NOT_LITERAL": lambda value: "a" if chr(value) != "a" else "b",
    "ANY": lambda _: "a",
    "RANGE": lambda value: chr(value[0]),
    "CATEGORY": _of_category,
    "IN": _of_class,
    "MAX_REPEAT": _repeated,
    "MIN_REPEAT": _repeated,
    "SUBPATTERN": lambda value: _all(value[-1]),
    "BRANCH": lambda value: _all(value[1][0]),
}
