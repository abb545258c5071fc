"""Exports of other desks, known by their fields."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from bot.ticket_files.ticket_columns import field_of, plain_name
from bot.values import Frozen


class Exchange(Frozen):
    """Where an export keeps what was said, and how it tells who said it.

    `list` are paths to objects, `column` is a field of cells `date;author;words`. The others are
    paths within an object; `privates` are the values of `private` that make it a note, if not any.
    """

    list: tuple[str, ...] = ()
    column: str | None = None
    words: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    side: str | None = None
    customers: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    private: str | None = None
    privates: tuple[str, ...] = ()
    public: str | None = None


class Export(Frozen):
    """A layout in which a desk writes its tickets; `rows` says so when each row is a message."""

    name: str
    marks: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    talk: Exchange | None = None
    rows: Exchange | None = None
    codes: Mapping[str, Mapping[str, str]] = {}
    zone: str | None = None


@cache
def known_exports() -> Sequence[Export]:
    """Every layout there is, as `exports.toml` says."""
    text = files("bot.ticket_files").joinpath("exports.toml").read_text("utf-8")
    return tuple(Export.model_validate(each) for each in tomllib.loads(text)["export"])


def recognised(record: Mapping[str, Any]) -> Export | None:
    """The layout that a record is in: the one of which most marks are there, and all of them."""
    plain = {plain_name(name) for name in record}
    fitting = [each for each in known_exports() if all(_has(record, plain, m) for m in each.marks)]
    return max(fitting, key=lambda each: len(each.marks), default=None)


def export_columns(export: Export, record: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of each thing that a record in this layout has, the best first."""
    called = {plain_name(name): name for name in reversed(list(record))}
    found = {
        thing: [_called(path, record, called) for path in paths]
        for thing, paths in export.columns.items()
    }
    return {thing: [name for name in names if name] for thing, names in found.items()}


def _called(path: str, record: Mapping[str, Any], called: Mapping[str, str]) -> str | None:
    """The field as this file calls it. A path may be absent from one record and not from others."""
    if path in record or "." in path:
        return path
    return called.get(plain_name(path))


def _has(record: Mapping[str, Any], plain: set[str], mark: str) -> bool:
    if "." in mark:
        head, _, rest = mark.rpartition(".")
        inner = field_of(record, head)
        return isinstance(inner, dict) and rest in inner
    return plain_name(mark) in plain
