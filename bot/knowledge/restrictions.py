"""What keeps an article to colleagues without the word audience: other tools have their own keys.

Obsidian, Notion, MkDocs and help centres write `internal: true`, `roles: [staff]`,
`zielgruppe: intern`, `robots: noindex` or a label. Who writes such a thing does not want customers
to read it. The words stand in `restrictions.toml`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from bot.knowledge.fields import Entry
from bot.knowledge.front_matter import plain_letters
from storage.text.folding import fold

LONGEST_VALUE = 80  # characters of a value that may say no more than that it is for some only
A_SENTENCE = 5  # words, from which a value is prose about permissions and no list of roles

# A part of a text that is for colleagues: an admonition, a directive or a tag before it.
_PART = re.compile(
    r"^[ \t>]*(?:(?:!!!|\?\?\?\+?|:{3,}|\.\.)[ \t]*\{?|<|\{%-?[ \t]*|\{\{[<%][ \t]*|\[!)"
    r"(?:(?:internal|agents?|staff|confidential)(?:[-_ ]?only)?)\b(?![-_]).*$",
    re.MULTILINE | re.IGNORECASE,
)
_COMMENT = re.compile(
    r"<!--(?!\[)[\s:=-]*([^<>\n]{1,200}?)[\s-]*-->|\{/\*\s*([^{}\n]{1,200}?)\s*\*/\}"
)
_APART = re.compile(r"[\W_]+")
_FIELD = re.compile(r"[\W_]*([^\W\d_][\w ./-]{1,30}?)[*_`\"'\s]*[:=|]+(.{1,80})")
_SEPARATORS = re.compile(r"[,;|\n]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOINDEX = re.compile(r"\b(?:noindex|none)\b")


def restriction(entries: Iterable[Entry]) -> str:
    """The first entry that keeps an article from customers, as it is written; empty if none."""
    return next((_as_written(each) for each in entries if _restricts(each)), "")


def names_readers(key: str) -> bool:
    """Whether a key says for whom an article is in the words of another tool or language."""
    return _joined(key) in _keys("for_whom")


def names_whom(key: str) -> bool:
    """Whether a key says for whom an article is, or how far it may be seen, and nothing else."""
    return _joined(key) in _keys("for_whom") | _keys("scopes") | {"audience"}


def stated_restriction(line: str) -> bool:
    """Whether a line of a text says so: `Visibility: Internal`, or `Internal use only`."""
    found = _FIELD.match(line)
    if found and names_whom(found[1]):
        return _is_inside(found[2])
    folded = _folded(line)
    return _is_inside(line) and any(f" {each} " in f" {folded} " for each in _phrases("only"))


def restricted_part(body: str) -> str:
    """The line that begins a part for colleagues within a text; empty if there is none."""
    found = _PART.search(body)
    if found:
        return found.group().strip()[:80]
    return next((each.group() for each in _COMMENT.finditer(body) if _is_remark(each)), "")


def _is_remark(comment: re.Match[str]) -> bool:
    """Whether a comment says for whom what follows is."""
    said = plain_letters(comment[1] or comment[2])
    field = _FIELD.match(said)
    if field and names_whom(field[1]):
        return not _is_open(field[2])
    return _is_inside(said)


def _restricts(entry: Entry) -> bool:
    keys = [key for each in entry.path if (key := _joined(each)) not in _keys("holders")]
    if not keys or any("audience" in key for key in keys):
        # The audience by its own name is read by who knows both of its words.
        return False
    return _closes(keys, entry.value) or (
        keys[0] not in _keys("telling") and len(keys) < 3 and _is_inside(entry.value)
    )


def _closes(keys: list[str], value: str) -> bool:
    outer, whole, denied = keys[0], "".join(keys), _folded(value) in _phrases("denials")
    if outer in _keys("for_whom"):
        return not (denied or _is_open(value) or _is_prose(value)) and bool(value.strip())
    if outer in _keys("scopes"):
        return (not _is_open(value) and len(keys) == 1) or _is_inside(value)
    if outer in _keys("labels"):
        return any(map(_is_inside, _SEPARATORS.split(value)))
    return (
        (whole in _keys("closed_keys") and bool(value.strip(" ~")) and not denied)
        or (whole in _keys("open_keys") and denied)
        or (outer in _keys("robots") and _NOINDEX.search(value.lower()) is not None)
    )


def _is_open(value: str) -> bool:
    """Whether every word of a value is one for customers."""
    parts = [_folded(each) for each in _SEPARATORS.split(value) if _folded(each)]
    return bool(parts) and all(each in _phrases("customers") for each in parts)


def _is_prose(value: str) -> bool:
    """Whether a value is a sentence that names nobody within: what readers need for the matter."""
    words = _folded(value).split()
    return len(words) >= A_SENTENCE and not any(
        f" {each} " in f" {' '.join(words)} " for each in _phrases("insiders")
    )


def _is_inside(value: str) -> bool:
    """Whether a value says that something is for colleagues, and nothing else."""
    return len(value) <= LONGEST_VALUE and _inside().fullmatch(_folded(value)) is not None


@cache
def _inside() -> re.Pattern[str]:
    inside = _either(_phrases("insiders"))
    beside = _either(_phrases("beside") | _phrases("only"))
    return re.compile(rf"(?:(?:{beside}) ?)*+(?:{inside})(?: ?(?:{inside}|{beside}))*+")


def _either(phrases: Iterable[str]) -> str:
    """Any of these, as whole words; those of a language without spaces may touch each other."""
    longest = sorted(phrases, key=len, reverse=True)
    return "|".join(
        rf"\b{re.escape(each)}\b" if each.isascii() else re.escape(each) for each in longest
    )


@cache
def _words() -> Mapping[str, list[str]]:
    text = files("bot.knowledge").joinpath("restrictions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _keys(kind: str) -> frozenset[str]:
    return frozenset(_joined(each) for each in _words()[kind])


@cache
def _phrases(kind: str) -> frozenset[str]:
    return frozenset(_folded(each) for each in _words()[kind])


def _as_written(entry: Entry) -> str:
    return f"{'.'.join(entry.path)}: {' '.join(entry.value.split())[:LONGEST_VALUE]}"


def _folded(text: str) -> str:
    """Words without case, marks and signs, a space between two."""
    return _APART.sub(" ", fold(_CAMEL.sub(" ", plain_letters(text)))).strip()


def _joined(key: str) -> str:
    return _folded(key).replace(" ", "")
