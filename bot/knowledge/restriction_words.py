"""The words with which people and tools keep a text from customers, and what is made of them alone.

They stand in `restrictions.toml`, in the languages that articles are written in.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from bot.knowledge.front_matter import plain_letters
from storage.text.folding import fold

LONGEST_VALUE = 80  # characters of a value that may say no more than that it is for some only
MANY = 20_000  # headings, labels and classes, which articles of one shelf have in common
SEPARATORS = re.compile(r"[,;|\n]")

_APART = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def is_open(value: str) -> bool:
    """Whether every word of a value is one for customers."""
    parts = [folded(each) for each in SEPARATORS.split(value) if folded(each)]
    return bool(parts) and all(each in phrases("customers") for each in parts)


def is_denied(value: str) -> bool:
    """Whether a value says no."""
    return folded(value) in phrases("denials")


@lru_cache(maxsize=MANY)
def is_inside(value: str) -> bool:
    """Whether a value says that something is for colleagues, and nothing else."""
    return (
        bool(value)
        and len(value) <= LONGEST_VALUE
        and (
            folded(value) in phrases("insiders")
            or _inside().fullmatch(folded(value)) is not None
            or _is_marked_thing(value)
        )
    )


@lru_cache(maxsize=MANY)
def is_only(value: str) -> bool:
    """Whether it says so with a word that leaves no doubt: only, use, 限定."""
    return is_inside(value) and _says(value, "only")


@lru_cache(maxsize=MANY)
def is_marking(value: str) -> bool:
    """Whether it says so of the text itself: «internal», «confidential»; «agents» are a matter."""
    return is_inside(value) and _says(value, "marks", "only")


@lru_cache(maxsize=MANY)
def names_part(value: str) -> bool:
    """Whether a class, a role or the kind of a part is one for colleagues: `agents-only`."""
    return is_inside(value) and _says(value, "marks", "only", "within")


def is_withheld(line: str) -> bool:
    """Whether a line forbids to show the text to customers."""
    words = folded(line)
    return any(each in words for each in phrases("withheld"))


def keys(kind: str) -> frozenset[str]:
    """Keys of a kind, as `joined` makes them."""
    return _keys(kind)


def phrases(kind: str) -> frozenset[str]:
    """Words of a kind, as `folded` makes them."""
    return _phrases(kind)


def folded(text: str) -> str:
    """Words without case, marks and signs, a space between two."""
    return _APART.sub(" ", fold(_CAMEL.sub(" ", plain_letters(text)))).strip()


def joined(key: str) -> str:
    """A key as keys are compared: folded, without spaces."""
    return folded(key).replace(" ", "")


def _says(value: str, *kinds: str) -> bool:
    words = folded(value)
    return any(_any_of(kind).search(words) for kind in kinds)


def _is_marked_thing(value: str) -> bool:
    """«Internal notes», «notes for staff only»: what is marked, and how."""
    return _thing().fullmatch(folded(value)) is not None and (
        _says(value, "marks") or (_says(value, "only") and _says(value, "within"))
    )


@cache
def _any_of(kind: str) -> re.Pattern[str]:
    return re.compile(_either(_phrases(kind)))


@cache
def _inside() -> re.Pattern[str]:
    inside = _either(_phrases("insiders") | _phrases("marks") | _phrases("within"))
    beside = _either(_phrases("beside") | _phrases("only"))
    return re.compile(rf"(?:(?:{beside}) ?)*+(?:{inside})(?: ?(?:{inside}|{beside}))*+")


@cache
def _thing() -> re.Pattern[str]:
    kinds = ("insiders", "marks", "within", "beside", "only", "things")
    every = _either(frozenset().union(*map(_phrases, kinds)))
    return re.compile(rf"(?:(?:{every}) ?)++")


def _either(some: Iterable[str]) -> str:
    """Any of these, as whole words; those of a language without spaces may touch each other."""
    longest = sorted(some, key=len, reverse=True)
    return "|".join(
        re.escape(each) if _touches(each) else rf"\b{re.escape(each)}\b" for each in longest
    )


def _touches(word: str) -> bool:
    """Whether a word is of a script without spaces: Chinese, Japanese, Thai."""
    return any("\u0e00" <= char <= "\u0e7f" or "\u2e80" <= char <= "\u9fff" for char in word)


@cache
def _words() -> Mapping[str, list[str]]:
    text = files("bot.knowledge").joinpath("restrictions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _keys(kind: str) -> frozenset[str]:
    return frozenset(joined(each) for each in _words()[kind])


@cache
def _phrases(kind: str) -> frozenset[str]:
    return frozenset(folded(each) for each in _words()[kind])
