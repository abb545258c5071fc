"""What is kept of a system's answer: the named fields as lines, and nothing else. Pure.

A value is one line of at most so many characters. Longer texts, and links that lead elsewhere than
the desk allows, are where somebody could put words to a model that are no fact of the system's.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.config.tools import ToolConfig
from bot.text.facts.addresses import host
from bot.text.facts.find import find_facts
from bot.text.hidden import without_hidden
from bot.text.phrases import phrase

LONGEST = 120
# Digits of a figure before its point.
LONGEST_FIGURE = 30
MOST_PARTS = 20
_SPACE = re.compile(r"\s+")


class Unfit(Exception):
    """The answer is not what the desk expects of the system; says why."""


def kept_parts(answer: Any, tool: ToolConfig, language: str | None) -> tuple[str, ...]:
    """The kept fields of an answer, a text for its own and one for each entry of its lists.

    Raises:
        Unfit: none of the fields is there, a list is none, or a value is too long.
    """
    if not isinstance(answer, dict):
        raise Unfit("it is no object")
    own: list[str] = []
    lists: dict[str, list[list[str]]] = {}
    for path in tool.keep:
        head, _, rest = path.partition(".")
        if head not in answer or answer[head] is None:
            continue
        if not rest:
            own += _line(path, answer[head], tool, language)
        elif isinstance(answer[head], dict):
            own += _line(path, _at(answer[head], rest), tool, language)
        else:
            entries = _entries(answer[head], head)
            lines = lists.setdefault(head, [[] for _ in entries])
            for told_of, entry in zip(lines, entries, strict=True):
                told_of.extend(_line(path, _at(entry, rest), tool, language))
    parts = (own, *(told_of for found in lists.values() for told_of in found))
    told = tuple("\n".join(lines) for lines in parts if lines)
    if not told and not any(path.partition(".")[0] in answer for path in tool.keep):
        raise Unfit("it has none of the fields that are kept")
    return told[:MOST_PARTS]


def value_at(answer: Any, path: str) -> Any:
    """The value at a path of an answer; None where there is none."""
    return _at(answer, path) if isinstance(answer, dict) else None


def owner_of(answer: Any, path: str) -> str | None:
    """Whom an answer names as the one it belongs to."""
    value = _at(answer, path) if isinstance(answer, dict) else None
    return value if isinstance(value, str) else None


def _at(entry: dict[str, Any], path: str) -> Any:
    found: Any = entry
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _entries(value: Any, name: str) -> Sequence[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Unfit(f"«{name}» is no list of entries")
    return value


def _line(path: str, value: Any, tool: ToolConfig, language: str | None) -> Iterator[str]:
    told = _told(path, value, tool, language)
    if told:
        yield f"{_label(path, tool, language)}: {told}"


def _told(path: str, value: Any, tool: ToolConfig, language: str | None) -> str:
    """A value in words; "" for one that says nothing or must not be said."""
    unit = tool.units.get(path, "")
    match value:
        case None | "":
            return ""
        case bool():
            return phrase("yes" if value else "no", language)
        case int() | float() if abs(value) >= 10**LONGEST_FIGURE or math.isnan(value):
            raise Unfit(f"«{path}» is no figure that anybody could read")
        case int():
            return f"{value:,} {unit}".strip() if unit else str(value)
        case float():
            return f"{value} {unit}".strip()
        case str():
            return _text(path, value, tool)
        case list() if all(isinstance(each, str | int) for each in value):
            return ", ".join(_told(path, each, tool, language) for each in value[:MOST_PARTS])
        case _:
            raise Unfit(f"«{path}» is no plain value")


def _text(path: str, value: str, tool: ToolConfig) -> str:
    text = _SPACE.sub(" ", without_hidden(value)).strip()
    if len(text) > LONGEST:
        raise Unfit(f"«{path}» is longer than {LONGEST} characters")
    strange = (each for each in find_facts(text) if each.kind in ("link", "email"))
    return "" if any(not _allowed(each.kind, each.text, tool) for each in strange) else text


def _allowed(kind: str, text: str, tool: ToolConfig) -> bool:
    if kind == "email":
        return False
    named = host(text.lower())
    return any(named == each or named.endswith(f".{each}") for each in map(str.lower, tool.links))


def _label(path: str, tool: ToolConfig, language: str | None) -> str:
    labels = tool.labels.get((language or "en").partition("-")[0], {})
    return labels.get(path) or path.rpartition(".")[2].replace("_", " ")
