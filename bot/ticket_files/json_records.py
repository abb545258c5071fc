"""Records of JSON: a line each, or the objects of a document."""

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from bot.ticket_files.json_elements import LISTS, OWN, Elements
from bot.ticket_files.lines import LineReader
from bot.ticket_files.record import UNDECODED, Record
from bot.ticket_files.source import Source
from bot.ticket_files.table_encoding import told_encoding

_NO_OBJECTS = re.compile(
    r"\A\ufeff?(?:[ \t]*(?:null|true|false|-?\d[\d.]*)?[ \t\r]*\n)+(?=[ \t]*\{[ \t\r\n]*[\"}])"
)
_BEGINS = re.compile(r'\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{\]"\d]|$))')
_LIST = re.compile(rf'"(?:{"|".join(sorted(LISTS))})"\s*:\s*\[')


def looks_like_json(head: str) -> bool:
    """Whether a text begins as JSON does, not as a line of column names."""
    return _BEGINS.match(_from_object(head)[:4096].lstrip("\ufeff")) is not None


def _from_object(head: str) -> str:
    """A text without lines before its first object that hold no object: `null`, or nothing."""
    return _NO_OBJECTS.sub("", head, count=1)


def is_json_lines(head: str) -> bool:
    """Whether each line is an object by itself, by the first lines."""
    text = _from_object(head).lstrip("\ufeff \t\r\n")
    if not text.startswith("{"):
        return False
    lines = [line.strip() for line in text.splitlines()]
    first = _parsed(lines[0])
    if isinstance(first, dict):
        return not _holds_list(first)
    whole = [line for line in lines[:-1] if line]
    if not whole:
        return _LIST.search(text[:4096]) is None and len(lines[0]) > 4096
    return 2 * sum(line.startswith("{") and line.endswith("}") for line in whole) > len(whole)


def line_records(lines: LineReader, encoding: str) -> Iterator[Record]:
    """The records of JSON lines."""
    for line in lines:
        if line.problem:
            yield Record(line.number, 1, line.end, problem=line.problem)
        elif not line.text.strip(" \t\r\n\0\x1a\ufeff"):
            yield Record(line.number, 1, line.end, skipped="blank")
        else:
            fields, problem = _fields(line.text, encoding)
            yield Record(line.number, 1, line.end, fields, problem)


def document_records(text: TextIO, source: Source, encoding: str) -> Iterator[Record]:
    """The records of a JSON document."""
    last = 0
    for each in Elements(text):
        last = each.line + max(each.lines - 1, 0)
        if each.problem or each.skipped:
            yield Record(
                each.line, each.lines, source.position, problem=each.problem, skipped=each.skipped
            )
            continue
        fields, problem = _fields(each.text, encoding)
        yield Record(each.line, each.lines, source.position, fields, problem)
    if source.failure:
        yield Record(last + 1, 1, source.position, problem=source.failure)


def _fields(text: str, encoding: str) -> tuple[dict[str, Any], str | None]:
    if UNDECODED in text:
        return {}, f"not text in {told_encoding(encoding)}"
    value = _parsed(text)
    if value is None:
        return {}, "not JSON"
    if not isinstance(value, dict):
        return {}, "not a JSON object"
    return value, None if value else "an empty object"


def _parsed(text: str) -> Any:
    """The value of a text; None if it is none."""
    try:
        return json.loads(text.strip("\ufeff\0 \t\r\n"), parse_constant=_no_value)
    except (ValueError, RecursionError):
        return None


def _no_value(name: str) -> Any:
    raise ValueError(name)


def _holds_list(found: dict[str, Any]) -> bool:
    if OWN & found.keys():
        return False
    inner = [found, *(each for each in found.values() if isinstance(each, dict))]
    return any(isinstance(each.get(name), list) for each in inner for name in LISTS)
