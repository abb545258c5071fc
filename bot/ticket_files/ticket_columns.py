"""Which field of a record is the ticket's number, its words, its dates."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bot.ticket_files.shown_names import shown_name, shown_names
from storage.text.folding import fold

# Objects that only hold the fields of a ticket.
HOLDERS = ("fields", "properties", "ticket", "helpdesk_ticket", "attributes")
# How deep what people said may be nested.
DEEPEST = 40
_SIGNS = re.compile(r"[\W_]+")
# What stands in brackets behind a name: a unit, a zone.
_BRACKETS = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")
PEOPLE = ("requester", "assignee")


def plain_name(name: str) -> str:
    """The name of a field without case, marks, spaces and signs: `Created (EDT)` is `created`."""
    said = _BRACKETS.sub("", name).replace("#", " number ")
    return _SIGNS.sub("", fold(unicodedata.normalize("NFKC", said)))


@cache
def _said() -> Mapping[str, Sequence[str]]:
    text = files("bot.ticket_files").joinpath("ticket_columns.toml").read_text("utf-8")
    said: Mapping[str, Sequence[str]] = tomllib.loads(text)
    return said


@cache
def _nobody() -> frozenset[str]:
    return frozenset(" ".join(each.lower().split()) for each in _said()["nobody"])


@cache
def column_names() -> Mapping[str, tuple[str, ...]]:
    """How desks name each field, plainly; the first found is taken."""
    return {
        thing: tuple(dict.fromkeys(map(plain_name, names)))
        for thing, names in _said().items()
        if thing != "nobody"
    }


@dataclass(frozen=True)
class Columns:
    """The field that holds each thing, as a path with dots; things that no field holds are absent.

    `others` are the fields that are looked at where a record lacks the one that was chosen; of the
    text, and with `filled` of all things, also where that one is empty.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    filled: bool = False

    def __str__(self) -> str:
        """As it is shown to people: `id ← Ticket ID, text ← Description`."""
        return ", ".join(f"{thing} ← {shown_name(column)}" for thing, column in self.chosen.items())

    def column(self, thing: str) -> str | None:
        """The field that holds a thing."""
        return self.chosen.get(thing)

    def get(self, thing: str, record: Mapping[str, Any]) -> str:
        """A thing of a record as trimmed text; empty when it has none."""
        filled = self.filled or thing == "text"
        for column in (self.chosen.get(thing), *self.others.get(thing, ())):
            value = None if column is None else field_of(record, column)
            text = as_text(value).strip()
            if text or (value is not None and not filled):
                return "" if thing in PEOPLE and _is_nobody(text) else text
        return ""


def columns_of(
    record: Mapping[str, Any],
    said: Mapping[str, str | None],
    known: Mapping[str, Sequence[str]] | None = None,
) -> Columns:
    """What was said, and for the rest what is `known`, or else a guess by the names of the fields.

    Raises:
        LookupError: a column that was named is not there, or none looks like the text.
    """
    given = list(field_names(record))
    for thing, name in said.items():
        if name is not None and field_of(record, name) is None and name not in given:
            raise LookupError(
                f"--{thing.replace('_', '-')}: no column {name!r}; there are {shown_names(given)}"
            )
    if known is not None:
        return _known_columns(record, said, known)
    called = {plain_name(name.rpartition(".")[2]): name for name in reversed(given)}
    found = {
        thing: _chosen(said.get(thing), likely, called) for thing, likely in column_names().items()
    }
    if not found["text"]:
        found["text"], found["subject"] = found["subject"], []
    if not found["text"]:
        raise LookupError(
            f"none of the columns looks like the text ({shown_names(given)}): name it with --text"
        )
    things = {thing: columns for thing, columns in found.items() if columns}
    return Columns(
        {thing: columns[0] for thing, columns in things.items()},
        {
            thing: [*columns[1:], *column_names()[thing]]
            for thing, columns in things.items()
            if not said.get(thing)
        },
    )


def _known_columns(
    record: Mapping[str, Any], said: Mapping[str, str | None], known: Mapping[str, Sequence[str]]
) -> Columns:
    """The fields of an export that is known; of each thing the first that the record has."""
    named = {thing: name for thing, name in said.items() if name}
    found: dict[str, list[str]] = {
        thing: sorted(paths, key=lambda path: field_of(record, path) is None)
        for thing, paths in known.items()
        if paths and thing not in named
    }
    chosen = {thing: paths[0] for thing, paths in found.items()} | named
    return Columns(
        {thing: chosen[thing] for thing in column_names() if thing in chosen},
        {thing: paths[1:] for thing, paths in found.items()},
        filled=True,
    )


def key_place(names: Sequence[str]) -> int:
    """Which of the columns tells rows apart: the one that looks like the id, or else the first."""
    plain = [plain_name(name) for name in names]
    return next((plain.index(each) for each in column_names()["id"] if each in plain), 0)


def names_a_column(text: str) -> bool:
    """Whether a text is how desks call a field, and nothing else."""
    return any(plain_name(text) in names for names in column_names().values())


def field_names(record: Mapping[str, Any]) -> Iterable[str]:
    """The fields of a record, those that objects hold for it with their paths."""
    for name, value in record.items():
        yield name
        if name in HOLDERS and isinstance(value, dict):
            yield from (f"{name}.{each}" for each in value)


def field_of(record: Mapping[str, Any], path: str) -> Any:
    """A field by its name, or by its path through objects; None where there is none."""
    if path in record or "." not in path:
        return record.get(path)
    head, _, rest = path.partition(".")
    inner = record.get(head)
    return field_of(inner, rest) if isinstance(inner, dict) else None


def as_text(value: Any, depth: int = 0) -> str:
    """A field as text: a conversation (a list) is a line each, an object its author and words."""
    if value is None or depth > DEEPEST:
        return ""
    if isinstance(value, list):
        return "\n".join(filter(None, (as_text(each, depth + 1) for each in value)))
    if isinstance(value, dict):
        return _object_text(value, depth)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _object_text(value: dict[str, Any], depth: int) -> str:
    author = _first(value, ("author", "from", "sender", "role"), depth)
    words = _first(value, ("text", "body", "content", "message"), depth)
    if not words:
        return _first(value, ("displayName", "name", "value", "email", "emailAddress"), depth)
    return f"[{author}] {words}" if author else words


def _first(value: dict[str, Any], names: Sequence[str], depth: int) -> str:
    return next((said for name in names if (said := as_text(value.get(name), depth + 1))), "")


def _chosen(said: str | None, likely: Iterable[str], known: Mapping[str, str]) -> list[str]:
    return [said] if said else [known[each] for each in likely if each in known]


def _is_nobody(text: str) -> bool:
    return " ".join(text.lower().split()) in _nobody()
