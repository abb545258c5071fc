"""Malformed replies: each fault that changes what the model says."""

import json
import re
from collections.abc import Callable

from emulator.claude.errors import Json
from emulator.claude.faults import Fault
from emulator.claude.wire import dumps

# What the model says wrongly of its sources: their citations stay.
CITED = frozenset({"misquotes", "foreign", "leaks"})
_FOREIGN = {
    "de": "Gerne helfen wir Ihnen weiter. Die Lieferung dauert meistens einige Werktage.",
    "vi": "Chúng tôi rất vui được hỗ trợ bạn. Việc giao hàng thường mất vài ngày làm việc.",
}


def spoil(text: str, fault: Fault, schema: Json, told: str = "") -> str:
    """The text as the fault leaves it; unchanged when the fault is of another kind.

    `told` is the system prompt of the request.
    """
    if fault.kind == "leaks":
        return f"{' '.join(told.split()[:40])}\n{text}"
    change = _CHANGES.get(fault.kind)
    return change(text, fault.options, schema) if change else text


def _misquotes(text: str, _options: Json, _schema: Json) -> str:
    return re.sub(r"\d+", lambda number: str(int(number[0]) + 1), text)


def _foreign(_text: str, options: Json, _schema: Json) -> str:
    return _FOREIGN[options.get("language", "de")]


def _truncated(text: str, _options: Json, _schema: Json) -> str:
    return text[: max(1, len(text) // 2)]


def _fenced(text: str, _options: Json, _schema: Json) -> str:
    return f"Here is the result:\n\n```json\n{text}\n```\n\nLet me know if it helps."


def _prose(text: str, _options: Json, _schema: Json) -> str:
    return f"Sure, here is the JSON you asked for: {text} I hope that is useful!"


def _invalid(text: str, _options: Json, _schema: Json) -> str:
    return text.replace(":", " =", 1).rstrip("}") + ",}"


def _empty(_text: str, _options: Json, _schema: Json) -> str:
    return ""


def _nested(_text: str, options: Json, _schema: Json) -> str:
    depth = int(options.get("depth", 100_000))
    return '{"a":' * depth + "1" + "}" * depth


def _flood(_text: str, options: Json, _schema: Json) -> str:
    return "Yes and yes again. " * (int(options.get("characters", 200_000)) // 19)


def _says(_text: str, options: Json, _schema: Json) -> str:
    return str(options["text"])


def _held(text: str, options: Json, _schema: Json) -> str:
    return str(options.get("text", text))


def _upper(text: str, _options: Json, schema: Json) -> str:
    return dumps(_uppered(json.loads(text), _enum_values(schema))) if schema else text.upper()


def _uppered(value: object, wanted: set[str]) -> object:
    if isinstance(value, dict):
        return {key: _uppered(inner, wanted) for key, inner in value.items()}
    if isinstance(value, list):
        return [_uppered(inner, wanted) for inner in value]
    return value.upper() if isinstance(value, str) and value in wanted else value


def _enum_values(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_enum_values, node))
    if not isinstance(node, dict):
        return set()
    own = {value for value in node.get("enum") or () if isinstance(value, str)}
    return own.union(*map(_enum_values, node.values()))


def _override(text: str, fields: Json, _schema: Json) -> str:
    try:
        verdict = json.loads(text)
    except ValueError:
        return text
    return dumps(verdict | fields) if isinstance(verdict, dict) else text


_CHANGES: dict[str, Callable[[str, Json, Json], str]] = {
    "truncated": _truncated,
    "fenced": _fenced,
    "prose": _prose,
    "enum_case": _upper,
    "invalid_json": _invalid,
    "empty": _empty,
    "says": _says,
    "stream_hold": _held,
    "field": _override,
    "misquotes": _misquotes,
    "nested": _nested,
    "flood": _flood,
    "foreign": _foreign,
}
