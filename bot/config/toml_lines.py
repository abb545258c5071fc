"""On which line of a TOML file a key stands: the reader of the standard library does not say."""

import re
from collections.abc import Iterator, Mapping, Sequence

KeyPath = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line (from 1) of a key or, where that does not stand there, of what holds it."""
    lines = _lines(text)
    for end in range(len(path), 0, -1):
        if (line := lines.get(tuple(path[:end]))) is not None:
            return line
    return None


def _lines(text: str) -> Mapping[KeyPath, int]:
    found: dict[KeyPath, int] = {}
    entries: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in _outside_texts(text):
        if header := _HEADER.match(line):
            table = _table(_parts(header[2]), header[1] == "[[", entries)
            found.setdefault(table, number)
            if isinstance(table[-1], int):
                found.setdefault(table[:-1], number)
        elif key := _KEY.match(line):
            path = (*table, *_parts(key[1]))
            for end in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:end], number)
    return found


def _table(parts: Sequence[str], entry: bool, entries: dict[KeyPath, int]) -> KeyPath:
    """Where a header leads: into the newest entry of each list on its way."""
    path: KeyPath = ()
    for place, part in enumerate(parts):
        path = (*path, part)
        if entry and place == len(parts) - 1:
            entries[path] = entries.get(path, -1) + 1
        if path in entries:
            path = (*path, entries[path])
    return path


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(key)]


def _outside_texts(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not within a text of several lines."""
    within = ""
    for number, line in enumerate(text.splitlines(), start=1):
        begun = within
        for mark in re.findall(r"\"{3}|\'{3}", line):
            within = "" if within == mark else within or mark
        if not begun:
            yield number, line
