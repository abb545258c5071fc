"""What is kept of a system's answer: the named fields as lines, and nothing else. Pure.

A value is one line of at most so many characters. Longer texts, and links that lead elsewhere than
the desk allows, are where somebody could put words to a model that are no fact of the system's.
"""

import html
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
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
# Decimals of a figure that a machine has reckoned with.
DECIMALS = 6
LONGEST_FAILURE = 500
_FIGURE = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,9})?")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_SPACE = re.compile(r"\s+")


# The entries of lists that a value stands in: of which list, and which; none for its own.
ListEntry = tuple[tuple[str, int], ...]


class Unfit(Exception):
    """The answer is not what the desk expects of the system; says why."""


def kept_parts(answer: Any, tool: ToolConfig, language: str | None) -> tuple[str, ...]:
    """The kept fields of an answer, a text for its own and one for each entry of its lists.

    An answer may be a list of entries itself, and lists may stand in lists.

    Raises:
        Unfit: none of the fields is there, a list is none, or a value is too long.
    """
    tops = answer if isinstance(answer, list) else [answer]
    if not all(isinstance(each, dict) for each in tops):
        raise Unfit("it is no object")
    told: dict[ListEntry, list[str]] = {}
    for path in tool.keep:
        for entry, value in _found(answer, path, path.split(".")):
            told.setdefault(entry, []).extend(_line(path, value, tool, language))
    if not told and not any(path.partition(".")[0] in top for path in tool.keep for top in tops):
        raise Unfit("it has none of the fields that are kept")
    lists = list(dict.fromkeys(_lists(entry) for entry in told))
    in_order = sorted(told, key=lambda entry: (bool(entry), lists.index(_lists(entry)), entry))
    return tuple("\n".join(told[each]) for each in in_order if told[each])[:MOST_PARTS]


def nothing_in(answer: Any) -> bool:
    """Whether an answer says nothing: many systems answer so where they know nothing."""
    return answer is None or answer in ("", [], {})


def failure_in(answer: Any, tool: ToolConfig) -> str | None:
    """What an answer says that is a failure for all its status; None where it is none."""
    if not isinstance(answer, dict) or any(path.partition(".")[0] in answer for path in tool.keep):
        return None
    said = [answer[name] for name in ("error", "errors", "message") if answer.get(name)]
    failed = any(answer.get(name) for name in ("error", "errors")) or any(
        answer.get(name) is False for name in ("success", "ok")
    )
    return str(said)[:LONGEST_FAILURE] if failed else None


def value_at(answer: Any, path: str) -> Any:
    """The value at a path of an answer; None where there is none."""
    return _at(answer, path) if isinstance(answer, dict) else None


def owners_of(answer: Any, path: str) -> frozenset[str]:
    """Whom an answer names as those it belongs to, in all its entries; "" for nobody in one."""
    try:
        values = [value for _, value in _found(answer, path, path.split("."), gaps=True)]
    except Unfit:
        return frozenset()
    return frozenset(
        str(each) if isinstance(each, str | int) and not isinstance(each, bool) else ""
        for each in values
    )


def _found(
    value: Any, path: str, names: Sequence[str], entry: ListEntry = (), *, gaps: bool = False
) -> Iterator[tuple[ListEntry, Any]]:
    """The values at a path, with the entries that they stand in; with `gaps` also where none is."""
    if not names or (value is None and entry == ()):
        yield entry, value
    elif isinstance(value, list):
        place = ".".join(path.split(".")[: -len(names)])
        for number, each in enumerate(value):
            if each is not None:
                if not isinstance(each, dict):
                    raise Unfit(f"«{place}» is no list of entries")
                yield from _found(each, path, names, (*entry, (place, number)), gaps=gaps)
    elif not isinstance(value, dict):
        raise Unfit(f"«{'.'.join(path.split('.')[: -len(names)])}» is no list of entries")
    elif value.get(names[0]) is not None:
        yield from _found(value[names[0]], path, names[1:], entry, gaps=gaps)
    elif gaps:
        yield entry, None


def _lists(entry: ListEntry) -> tuple[str, ...]:
    return tuple(name for name, _ in entry)


def _at(entry: dict[str, Any], path: str) -> Any:
    found: Any = entry
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


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
        case int() | float():
            return _figure(str(round(value, DECIMALS)), unit)
        case str() if unit and _FIGURE.fullmatch(value.strip()):
            return _figure(value.strip(), unit)
        case str():
            return _text(path, value, tool)
        case list() if all(each is None or isinstance(each, str | int | float) for each in value):
            told = [_told(path, each, tool, language) for each in value[:MOST_PARTS]]
            return ", ".join(each for each in told if each)
        case _:
            raise Unfit(f"«{path}» is no plain value")


def _figure(written: str, unit: str) -> str:
    """A figure as people write it: `320,000 VND` of 320000.0 and "320000.00", `49.90 USD`."""
    whole, _, part = f"{Decimal(written):f}".partition(".")
    decimals = f".{part}" if part.strip("0") else ""
    return f"{Decimal(whole):,}{decimals} {unit}" if unit else f"{whole}{decimals}"


def _text(path: str, value: str, tool: ToolConfig) -> str:
    # Many systems keep their texts as they put them into a page.
    plain = html.unescape(_TAG.sub(" ", value))
    text = _SPACE.sub(" ", without_hidden(plain)).strip()
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
