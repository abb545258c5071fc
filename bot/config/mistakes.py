"""What is wrong with a setting, in plain words: its key, what was expected, what was meant."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

# Patterns of ids and names, as pydantic tells them, in words.
SHAPES: Mapping[str, str] = {
    r"^[CGD][A-Z0-9]{2,}$": "a channel's id such as C0123456789, which is not its name",
    r"^[CG][A-Z0-9]{2,}$": "a channel's id such as C0123456789, which is not its name",
    r"^[UW][A-Z0-9]{2,}$": "a person's id such as U0123456789, which is not their name",
    r"^[a-z][a-z0-9_]{0,39}$": "a short name such as cancel_order: a-z, 0-9 and _",
    r"^[a-z0-9_+'-]+$": "an emoji's name without colons, such as ticket",
    r"^https?://[^\s]+$": "an address such as https://help.example.com/",
}
# So many names are listed where none is near.
FEW = 8
# Signs of a value that are shown.
LONGEST = 60
# How secrets of Slack and Claude begin, and what a signing secret is.
_SECRET = re.compile(r"\W*(xox|xapp-|sk-|bearer\s|[0-9a-f]{32,}\W*$)", re.IGNORECASE)
# The letters that an id of Slack's begins with, in the pattern of one.
_ID = re.compile(r"\^\[([A-Z]+)\]\[A-Z0-9\]")
_IDS: Mapping[str, str] = {
    r"[UW][A-Z0-9]{8,}": "a person",
    r"[CG][A-Z0-9]{8,}": "a channel",
    r"D[A-Z0-9]{8,}": "a direct message",
    r"S[A-Z0-9]{8,}": "a group of people",
    r"[TE][A-Z0-9]{8,}": "a workspace",
    r"A[A-Z0-9]{8,}": "an app",
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_KINDS: Mapping[str, str] = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "string": "text in quotes",
    "tuple": "a list, such as [ … ]",
    "frozen_set": "a list, such as [ … ]",
    "set": "a list, such as [ … ]",
    "list": "a list, such as [ … ]",
    "dict": "a table",
    "mapping": "a table",
    "model": "a table",
    "path": "a path in quotes",
    "date": "a day such as 2026-12-24",
    "decimal": "a number",
    "finite": "a number",
}


def key_text(location: Sequence[int | str]) -> str:
    """A key as people find it: entries of a list are counted from one."""
    told = ""
    before: int | str = ""
    for part in location:
        if isinstance(part, int):
            told += f" entry {part + 1}"
        elif part != "[key]":  # pydantic's word for a name that is wrong by itself
            told += f"{'' if not told else ': ' if isinstance(before, int) else '.'}{part}"
        before = part
    return told


def mistake_text(error: ErrorDetails, names: Callable[[], Sequence[str]]) -> str:
    """What was expected; `names` are the keys that there are where an unknown one stands."""
    kind = error["type"]
    if kind == "extra_forbidden":
        near = meant(str(error["loc"][-1]), known := names())
        return f"no such key{near or _listed(known)}"
    if kind in _LIMITS:
        return _limit_text(error, *_LIMITS[kind])
    return _TEXTS.get(kind, _kind_text)(error)


def meant(given: str, names: Sequence[str], cutoff: float = 0.7) -> str:
    """`; did you mean …?` where one of the names is near; else nothing."""
    by_plain = {_plain(name): name for name in names}
    near = get_close_matches(_plain(given), list(by_plain), n=1, cutoff=cutoff)
    return f"; did you mean {by_plain[near[0]]}?" if near else ""


def _listed(names: Sequence[str]) -> str:
    return f"; there are {', '.join(names)}" if 0 < len(names) <= FEW else ""


def _limit_text(error: ErrorDetails, word: str, name: str) -> str:
    limit = error["ctx"][name]
    told = f"{limit:g}" if isinstance(limit, int | float) else _time_text(limit)
    return f"expected {word} {told}{_not(error['input'])}"


def _time_text(limit: Any) -> str:
    """Pydantic tells a time in Python's words; the only limit of one is none at all."""
    return "0m" if "timedelta" in str(limit) else str(limit)


def _choice_text(error: ErrorDetails) -> str:
    expected, given = str(error["ctx"]["expected"]), error["input"]
    choices = expected.split(chr(39))[1::2]
    # Monday is mon.
    begun = [each for each in choices if str(given).casefold().startswith(each)]
    return f"expected {expected}{_not(given)}{meant(begun[0] if begun else str(given), choices)}"


def _shape_text(error: ErrorDetails) -> str:
    pattern = str(error["ctx"]["pattern"])
    shape = SHAPES.get(pattern, str(error["msg"]))
    given = str(error["input"])
    return f"expected {shape}{_not(error['input'])}{_id_within(pattern, given) or _id_of(given)}"


def _id_within(pattern: str, given: str) -> str:
    """The id in what was copied with something around it: a link, a mention, a # or a blank."""
    if not (id_ := _ID.match(pattern)):
        return ""
    found = re.search(rf"(?<![A-Z0-9])[{id_[1]}](?=[A-Z]*[0-9])[A-Z0-9]{{7,}}", given.upper())
    return f"; did you mean {found[0]}?" if found else ""


def _id_of(given: str) -> str:
    """Whose id it is, where it is one of Slack's of another kind."""
    known = next((kind for look, kind in _IDS.items() if re.fullmatch(look, given.strip())), "")
    return f": this is the id of {known}" if known else ""


def _length_text(error: ErrorDetails) -> str:
    context = error["ctx"]
    least = context.get("min_length")
    wanted = f"at least {least}" if least is not None else f"at most {context['max_length']}"
    return f"expected {wanted} of them, not {context['actual_length']}"


def _characters_text(error: ErrorDetails) -> str:
    context = error["ctx"]
    if (least := context.get("min_length")) is not None:
        return "expected some text" if least == 1 else f"expected at least {least} signs"
    return f"expected at most {context['max_length']} signs"


def _own_text(error: ErrorDetails) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def _kind_text(error: ErrorDetails) -> str:
    kind = error["type"]
    for name, told in _KINDS.items():
        if kind == name or (kind.startswith(f"{name}_") and not kind.endswith(("_long", "_short"))):
            return f"expected {told}{_not(error['input'])}"
    message = str(error["msg"])
    return f"{message[:1].lower()}{message[1:]}"


_TEXTS: Mapping[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda _error: "is missing",
    "literal_error": _choice_text,
    "string_pattern_mismatch": _shape_text,
    "string_too_short": _characters_text,
    "string_too_long": _characters_text,
    "too_short": _length_text,
    "too_long": _length_text,
    "value_error": _own_text,
}


def as_written(given: Any) -> str:
    """A value as it stands in the file, cut where it is long; no secret that came there."""
    if isinstance(given, str) and _SECRET.match(given):
        return "what looks like a secret"
    if isinstance(given, bool):
        return str(given).lower()
    told = given.isoformat() if isinstance(given, date | time) else repr(given)
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"


def _not(given: Any) -> str:
    """What stands there, where it is no table."""
    if given is None or isinstance(given, dict | list | tuple | set | frozenset):
        return ""
    return f", not {as_written(given)}"


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_")
