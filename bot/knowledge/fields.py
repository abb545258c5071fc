"""Fields in YAML, TOML or JSON as entries: what a file says of itself, each value where it stands.

Values are text as it is written: nothing is constructed, so `no` stays a word and a date stays its
letters. Read by PyYAML's composer and by tomllib: docs/decisions/0027-front-matter.md.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import yaml

LONGEST = 65_536  # characters; a longer one is no description of a text
MOST_ENTRIES = 2_000
DEEPEST = 20

_PAIR = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*))?")
_STANDARD = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
)

# The one in C is ten times as fast, where the wheel has it; its depth is bounded before.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Entry:
    """A value and where it stands: keys in lower case, from the outermost to its own."""

    path: tuple[str, ...]
    value: str


class UnreadFields(ValueError):
    """Fields that cannot be read; the sentence says why."""


def read_entries(inner: str, language: str) -> tuple[Entry, ...] | None:
    """The entries; None where it is no description after all.

    Raises:
        UnreadFields: it cannot be read.
    """
    if len(inner) > LONGEST:
        raise UnreadFields(f"it is longer than {LONGEST} characters")
    readers: Mapping[str, Callable[[str], tuple[Entry, ...] | None]] = {
        "yaml": _read_yaml, "yml": _read_yaml, "toml": _read_toml, "json": _read_json,
    }  # fmt: skip
    if language not in readers:
        raise UnreadFields(f"it is written in {language}")
    try:
        return readers[language](inner)
    except RecursionError:
        raise UnreadFields("it is nested too deep") from None


def _read_yaml(inner: str) -> tuple[Entry, ...] | None:
    # Tabs, which other readers of YAML take in lists over several lines, are spaces here.
    text = inner.expandtabs(4)
    try:
        _bound_depth(text)
        node = yaml.compose(text, Loader=_LOADER)
        if node is not None and not isinstance(node, yaml.MappingNode):
            return None
        return _limited(_yaml_entries(node, ())) if node is not None else ()
    except yaml.YAMLError as error:
        if plain := plain_lines(inner):
            return plain
        raise UnreadFields(str(getattr(error, "problem", None) or error)) from None


def _bound_depth(text: str) -> None:
    """Raise UnreadFields where it is nested deeper than anybody writes.

    The composer follows what is nested, `- - -` as much as `[[[`, by calling itself, and the one in
    C takes the process with it; events come one after another however deep they are.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise UnreadFields("it is nested too deep")


def _yaml_entries(node: yaml.Node, path: tuple[str, ...]) -> Iterator[Entry]:
    """A node as entries; an alias is what it stands for, and a tag of its own is refused."""
    if node.tag not in _STANDARD:
        raise UnreadFields(f"it has a tag, {node.tag}")
    if len(path) > DEEPEST:
        raise UnreadFields("it is nested too deep")
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


def plain_lines(inner: str) -> tuple[Entry, ...]:
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
        raise UnreadFields(str(error)) from None


def _read_json(inner: str) -> tuple[Entry, ...] | None:
    try:
        given = json.loads(inner, object_pairs_hook=_Pairs)
    except ValueError as error:
        raise UnreadFields(str(error)) from None
    return _limited(_entries(given, ())) if isinstance(given, _Pairs) else None


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with every key, also one that it has twice."""


def _entries(pairs: Iterable[tuple[str, Any]], path: tuple[str, ...]) -> Iterator[Entry]:
    for key, value in pairs:
        yield from _value_entries(value, (*path, _key(key)))


def _value_entries(value: Any, path: tuple[str, ...]) -> Iterator[Entry]:
    if len(path) > DEEPEST:
        raise UnreadFields("it is nested too deep")
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
            raise UnreadFields(f"it says more than {MOST_ENTRIES} things")
        found.append(each)
    return tuple(found)


def read_object(text: str, begin: int) -> tuple[tuple[Entry, ...], int]:
    """The entries of an object of JSON within a text, and where it ends; raises UnreadFields."""
    try:
        given, end = json.JSONDecoder(object_pairs_hook=_Pairs).raw_decode(text, begin)
        return _limited(_entries(given, ())), end
    except (ValueError, RecursionError) as error:
        raise UnreadFields(str(error)) from None


def _key(key: str) -> str:
    return " ".join(key.split()).lower()
