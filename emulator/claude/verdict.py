"""Filling a JSON schema from a message: what a model with structured outputs would return.

A property is filled by the first that applies: `const`; the rule its name has (see `rules`);
for an enum, the value whose description and examples in the prompt fit the message best; the
type's plain default. The result is always valid against the schema.
"""

import re
from functools import cached_property

from emulator.claude import rules
from emulator.claude.errors import Json
from emulator.claude.matching import Match
from emulator.claude.patterns import sample
from emulator.claude.reading import FALLBACKS, NOTHING, Reading
from emulator.claude.text import fold

_MISSING = object()
_FORMATS = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "nobody@example.com",
    "hostname": "example.com",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class Verdict:
    """A schema being filled for one reading."""

    def __init__(self, schema: Json, reading: Reading) -> None:
        self._schema = schema
        self._definitions: Json = schema.get("$defs") or schema.get("definitions") or {}
        self._reading = reading
        self._matches: dict[tuple[str, ...], Match | None] = {}

    def fill(self) -> object:
        """The value for the whole schema."""
        return self._value(self._schema, "")

    def _value(self, node: Json, name: str) -> object:
        node = self._resolve(node)
        if "const" in node:
            return node["const"]
        ruled = self._ruled(node, name)
        if ruled is not _MISSING:
            return ruled
        if "enum" in node:
            return self._chosen(node["enum"], name)
        if "anyOf" in node:
            return self._either(node["anyOf"], name)
        return self._plain(node, name)

    def _resolve(self, node: Json) -> Json:
        while "$ref" in node:
            rest = {key: value for key, value in node.items() if key != "$ref"}
            node = self._definitions[node["$ref"].rsplit("/", 1)[-1]] | rest
        for part in node.get("allOf", ()):
            node = node | self._resolve(part)
        return node

    def _ruled(self, node: Json, name: str) -> object:
        if name in ("confidence", "certainty"):
            return self._fitted(node, [self.confidence, round(self.confidence * 100)])
        if name in rules.CHOICES:
            words: list[object] = [*rules.CHOICES[name](self._reading)]
            return self._fitted(node, words)
        if name in rules.VALUES:
            value = rules.VALUES[name](self._reading)
            return self._fitted(node, [value, *(["", []] if not value else [])])
        return _MISSING

    def _fitted(self, node: Json, values: list[object]) -> object:
        """The first of the values that the node allows, in the node's own spelling."""
        for value in values:
            found = self._fit(node, value)
            if found is not _MISSING:
                return found
        return _MISSING

    def _fit(self, node: Json, value: object) -> object:
        node = self._resolve(node)
        if "anyOf" in node:
            return next(
                (
                    found
                    for option in node["anyOf"]
                    if (found := self._fit(option, value)) is not _MISSING
                ),
                _MISSING,
            )
        if "enum" in node:
            spellings = {fold(str(one)): one for one in node["enum"] if one is not None}
            return spellings.get(fold(str(value)), _MISSING)
        return value if self._allowed(node, value) else _MISSING

    def _allowed(self, node: Json, value: object) -> bool:
        if isinstance(value, list):
            items = node.get("items") or {}
            enough = len(value) >= node.get("minItems", 0)
            return (
                _typed(node, "array")
                and enough
                and all(self._fit(items, item) is not _MISSING for item in value)
            )
        if isinstance(value, str):
            pattern = node.get("pattern")
            return (
                _typed(node, "string")
                and node.get("format") in (None, "email" if "@" in value else None)
                and (pattern is None or re.search(pattern, value) is not None)
            )
        return any(_typed(node, kind) for kind in _json_types(value))

    def _chosen(self, values: list[object], name: str) -> object:
        """The enum value that fits best; a fallback value when none does."""
        texts = tuple(value for value in values if isinstance(value, str))
        if not texts:
            return values[0]
        match = self._match(texts)
        fallback = next((text for text in texts if fold(text) in FALLBACKS), texts[-1])
        if match is None or match.score < NOTHING:
            return None if None in values and name else fallback
        if self._reading.small_talk and match.score < 0.5:
            return fallback
        return match.best

    def _either(self, options: list[Json], name: str) -> object:
        kinds = [self._resolve(option) for option in options]
        optional = any(kind.get("type") == "null" for kind in kinds)
        wanted = next((kind for kind in kinds if kind.get("type") != "null"), kinds[0])
        if optional and "enum" not in wanted:
            return None
        return self._value(wanted, name)

    def _plain(self, node: Json, name: str) -> object:
        if _typed(node, "null") and "type" in node:
            return None
        if "properties" in node or _typed(node, "object"):
            return self._object(node)
        if _typed(node, "array"):
            return [self._value(node.get("items") or {}, name)] * node.get("minItems", 0)
        if _typed(node, "string"):
            return self._string(node)
        return 0 if _typed(node, "number") or _typed(node, "integer") else False

    def _object(self, node: Json) -> Json:
        properties: Json = node.get("properties") or {}
        required = node.get("required") or ()
        order = sorted(properties, key=lambda name: name not in required)
        return {name: self._value(properties[name], name) for name in order}

    def _string(self, node: Json) -> str:
        if "format" in node:
            return _FORMATS.get(node["format"], "")
        if "pattern" in node:
            return sample(node["pattern"])
        return self._reading.summary(12)

    @cached_property
    def confidence(self) -> float:
        """How sure the main choice is: the described enum with the most values."""
        choices = [match for values in self._enums() if (match := self._match(values))]
        if not choices:
            return 0.8 if self._reading.meaningful else 0.4
        return round(self._sure(max(choices, key=lambda match: len(match.ranked))), 2)

    def _sure(self, match: Match) -> float:
        if self._reading.small_talk:
            return 0.95
        if match.score < NOTHING:
            return 0.6 if self._reading.meaningful else 0.25
        return min(0.99, 0.4 + 0.9 * min(match.score, 0.5) + 0.2 * match.margin)

    def _match(self, values: tuple[str, ...]) -> Match | None:
        if values not in self._matches:
            self._matches[values] = self._reading.choose(values)
        return self._matches[values]

    def _enums(self) -> list[tuple[str, ...]]:
        nodes: list[tuple[str, Json]] = [("", self._schema)]
        found = []
        for name, node in nodes:
            resolved = self._resolve(node)
            nodes += [("", option) for option in resolved.get("anyOf", ())]
            nodes += list((resolved.get("properties") or {}).items())
            values = tuple(value for value in resolved.get("enum", ()) if isinstance(value, str))
            if values and name not in rules.CHOICES:
                found.append(values)
        return found


def _typed(node: Json, kind: str) -> bool:
    declared = node.get("type")
    if declared is None:
        return kind == "object" if "properties" in node else kind == "string"
    return kind in declared if isinstance(declared, list) else kind == declared


def _json_types(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, int):
        return ("integer", "number")
    if isinstance(value, float):
        return ("number",)
    return ("null",) if value is None else ("object",)
