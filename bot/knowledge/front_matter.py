"""Front matter: what a text says of itself before it begins, in YAML, TOML or JSON.

Blank lines, comments and a byte order mark may stand before it. Values are text as it is written:
nothing is constructed, so `no` stays a word and a date stays its letters. What cannot be read is a
fault, and who asks for whom the text is has to take the strictest answer then.

Read by PyYAML's composer and by tomllib: docs/decisions/0027-front-matter.md.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import yaml

from bot.text.hidden import without_hidden

LONGEST = 65_536  # characters; a longer one is no description of a text
MOST_ENTRIES = 2_000
DEEPEST = 20

_COMMENT = r"<!--.*?-->|\{/\*.*?\*/\}|\{#.*?#\}"
_BEFORE = re.compile(rf"(?:\ufeff|\s|{_COMMENT})*", re.DOTALL)
_INDENT = re.compile(r"[ \t]*\Z")
_OPENING = re.compile(r"(---|\+\+\+|;;;)[ \t]*(\w*)[ \t]*(?:\n|\Z)")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
    ";;;": re.compile(r"^;;;[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_LANGUAGES = {"---": "yaml", "+++": "toml", ";;;": "json"}
_BLANK_LINE = re.compile(r"^[ \t]*\n", re.MULTILINE)
_KEY = re.compile(r"""\s*(?:[\w.-]+|"[^"]*"|'[^']*')[ \t]*[:=](?:\s|\Z|["'\[{])""")
_BRACKET = re.compile(r"[\[\]{}]")
_MEANT = re.compile(r"\{(?![{%])|[?&%]|!!|!\w")
_PAIR = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*))?")
_STANDARD = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
)
# How descriptions without fences begin; prose begins with a word and a colon too.
_FIRST = frozenset(("title", "audience"))


# The one in C is ten times as fast, where the wheel has it; brackets are counted before.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Entry:
    """A value and where it stands: keys in lower case, from the outermost to its own."""

    path: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class FrontMatter:
    """What a text says of itself, and the text below. `fault` says why it could not be read."""

    entries: tuple[Entry, ...]
    body: str
    fault: str = ""

    def first(self, *keys: str) -> str:
        """The value of the first of these keys that has one; empty where none has."""
        said = self.said
        return next((said[key] for key in keys if said.get(key)), "")

    @property
    def said(self) -> Mapping[str, str]:
        """The outermost keys that have one value. Of a key said twice the first one counts."""
        found: dict[str, str] = {}
        for each in self.entries:
            if len(each.path) == 1:
                found.setdefault(each.path[0], each.value)
        return found


class _Unread(ValueError):
    """Front matter that cannot be read; the sentence says why."""


def split_front_matter(text: str) -> FrontMatter:
    """The front matter of a text, whose lines end in a line feed, and its body.

    A text that begins with a rule and goes on in prose has none, and is its own body whole.
    """
    begin = _begin(text)
    if opening := _OPENING.match(text, begin):
        return _fenced(text, opening)
    if text.startswith("{", begin):
        return _bare_json(text, begin)
    return _unfenced(text, begin) or FrontMatter((), text)


def read_fields(text: str, language: str) -> FrontMatter:
    """What a file of fields says that is no front matter of a text: `language` is yaml, toml, json.

    A list, a word or prose say nothing.
    """
    try:
        return FrontMatter(_read(text, language) or (), "")
    except _Unread as problem:
        return FrontMatter((), "", str(problem))


def plain_letters(text: str) -> str:
    """A text without letters that nobody sees, and with wide ones as they are usually written."""
    return unicodedata.normalize("NFKC", without_hidden(text))


def dump_front_matter(said: Mapping[str, str]) -> str:
    """Front matter that says exactly this, whatever the values hold."""
    return (
        f"---\n{yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False, width=10_000)}---\n"
    )


def _begin(text: str) -> int:
    """Where the text begins; a line's own indentation belongs to it."""
    found = _BEFORE.match(text)
    end = found.end() if found else 0
    indented = _INDENT.search(text, 0, end)
    start = indented.start() if indented else end
    # An indented fence is none to any tool, but may be meant as one: the strict reading is ours.
    return end if _OPENING.match(text, end) else start


def _fenced(text: str, opening: re.Match[str]) -> FrontMatter:
    fence, language = opening[1], opening[2].lower() or _LANGUAGES[opening[1]]
    closing = _CLOSING[fence].search(text, opening.end())
    inner = text[opening.end() : closing.start() if closing else len(text)]
    rest = closing.end() if closing else len(text)
    if not _is_described(inner, fence):
        return FrontMatter((), text)
    try:
        entries = _read(inner, language) if closing else _endless()
    except _Unread as problem:
        # Where it ends is not known then, so that nothing of the text is taken for it.
        blank = _BLANK_LINE.search(text, opening.end(), rest)
        return FrontMatter((), text[blank.end() if blank else rest :], str(problem))
    # Between two rules, a heading reads like a comment of YAML's.
    prose = entries is None or (not entries and bool(inner.strip()))
    return FrontMatter((), text) if prose else FrontMatter(entries or (), text[rest:])


def _endless() -> tuple[Entry, ...]:
    raise _Unread("it has no end")


def _is_described(inner: str, fence: str) -> bool:
    """Whether lines between two fences are meant to describe: they begin with a key or nothing."""
    lines = (plain_letters(line) for line in inner.split("\n"))
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    return fence != "---" or not first or bool(_KEY.match(first) or _MEANT.match(first))


def _read(inner: str, language: str) -> tuple[Entry, ...] | None:
    """The entries; None where it is no description after all.

    Raises:
        _Unread: it cannot be read.
    """
    if len(inner) > LONGEST:
        raise _Unread(f"it is longer than {LONGEST} characters")
    readers: Mapping[str, Callable[[str], tuple[Entry, ...] | None]] = {
        "yaml": _read_yaml, "yml": _read_yaml, "toml": _read_toml, "json": _read_json,
    }  # fmt: skip
    if language not in readers:
        raise _Unread(f"it is written in {language}")
    try:
        return readers[language](inner)
    except RecursionError:
        raise _Unread("it is nested too deep") from None


def _read_yaml(inner: str) -> tuple[Entry, ...] | None:
    if _deepest(inner) > DEEPEST:
        raise _Unread("it is nested too deep")
    try:
        # Tabs, which other readers of YAML take in lists over several lines, are spaces here.
        node = yaml.compose(inner.expandtabs(4), Loader=_LOADER)
        if node is not None and not isinstance(node, yaml.MappingNode):
            return None
        return _limited(_yaml_entries(node, ())) if node is not None else ()
    except yaml.YAMLError as error:
        if plain := _plain_lines(inner):
            return plain
        raise _Unread(str(getattr(error, "problem", None) or error)) from None


def _deepest(inner: str) -> int:
    """How deep its brackets go, which the composer would follow one by one."""
    depth = deepest = 0
    for sign in _BRACKET.findall(inner):
        depth = max(depth + (1 if sign in "[{" else -1), 0)
        deepest = max(deepest, depth)
    return deepest


def _yaml_entries(node: yaml.Node, path: tuple[str, ...]) -> Iterator[Entry]:
    """A node as entries; an alias is what it stands for, and a tag of its own is refused."""
    if node.tag not in _STANDARD:
        raise _Unread(f"it has a tag, {node.tag}")
    if len(path) > DEEPEST:
        raise _Unread("it is nested too deep")
    if isinstance(node, yaml.MappingNode) and node.value:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.YAMLError("a key is no word")
            yield from _yaml_entries(value, (*path, _key(key.value)))
    elif isinstance(node, yaml.SequenceNode) and node.value:
        for value in node.value:
            nested = isinstance(value, yaml.SequenceNode)
            yield from _yaml_entries(value, (*path, "") if nested else path)
    else:
        yield Entry(path, node.value if isinstance(node, yaml.ScalarNode) else "")


def _plain_lines(inner: str) -> tuple[Entry, ...]:
    """Lines that are all `key: value`, read as people mean them: `title: Zebra: the "best"`.

    That is no YAML, and the commonest mistake in it. Empty where a single line is anything else.
    """
    lines = [line.rstrip() for line in inner.split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    pairs = [_PAIR.fullmatch(line) for line in lines]
    values = [pair[2].strip() if pair and pair[2] else "" for pair in pairs]
    if None in pairs:
        return ()
    keys = [_key(pair[1]) for pair in pairs if pair]
    return tuple(Entry((key,), _unquoted(value)) for key, value in zip(keys, values, strict=True))


def _unquoted(value: str) -> str:
    for quote in "\"'":
        if len(value) > 1 and value[0] == value[-1] == quote and quote not in value[1:-1]:
            return value[1:-1]
    return value


def _read_toml(inner: str) -> tuple[Entry, ...]:
    try:
        return _limited(_entries(tomllib.loads(inner).items(), ()))
    except tomllib.TOMLDecodeError as error:
        raise _Unread(str(error)) from None


def _read_json(inner: str) -> tuple[Entry, ...] | None:
    try:
        given = json.loads(inner, object_pairs_hook=_Pairs)
    except ValueError as error:
        raise _Unread(str(error)) from None
    return _limited(_entries(given, ())) if isinstance(given, _Pairs) else None


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with every key, also one that it has twice."""


def _entries(pairs: Iterable[tuple[str, Any]], path: tuple[str, ...]) -> Iterator[Entry]:
    for key, value in pairs:
        yield from _value_entries(value, (*path, _key(key)))


def _value_entries(value: Any, path: tuple[str, ...]) -> Iterator[Entry]:
    if len(path) > DEEPEST:
        raise _Unread("it is nested too deep")
    pairs = value.items() if isinstance(value, dict) else value
    if isinstance(value, dict | _Pairs) and value:
        yield from _entries(pairs, path)
    elif isinstance(value, list) and value:
        for each in value:
            nested = isinstance(each, list) and not isinstance(each, _Pairs)
            yield from _value_entries(each, (*path, "") if nested else path)
    else:
        yield Entry(path, _written(value))


def _written(value: Any) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or value in ({}, []) else str(value)


def _limited(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """All of them; aliases of aliases make endless lists of a few lines."""
    found: list[Entry] = []
    for each in entries:
        if len(found) == MOST_ENTRIES:
            raise _Unread(f"it says more than {MOST_ENTRIES} things")
        found.append(each)
    return tuple(found)


def _bare_json(text: str, begin: int) -> FrontMatter:
    """Hugo's kind: an object at the top of a text, without fences."""
    if not re.match(r'\{\s*"[^"\n]*"\s*:', text[begin:]):
        return FrontMatter((), text)
    try:
        given, end = json.JSONDecoder(object_pairs_hook=_Pairs).raw_decode(text, begin)
        return FrontMatter(_limited(_entries(given, ())), text[end:].lstrip("\n"))
    except (ValueError, RecursionError) as error:
        blank = _BLANK_LINE.search(text, begin)
        return FrontMatter((), text[blank.end() if blank else len(text) :], str(error))


def _unfenced(text: str, begin: int) -> FrontMatter | None:
    """MultiMarkdown's kind, which MkDocs reads: `key: value` from the first line to a blank one."""
    blank = _BLANK_LINE.search(text, begin)
    end = blank.start() if blank else len(text)
    entries = _plain_lines(text[begin:end])
    if not entries or entries[0].path[0] not in _FIRST:
        return None
    return FrontMatter(entries, text[end:])


def _key(key: str) -> str:
    return " ".join(key.split()).lower()
