"""Which JSON schemas structured outputs take: the documented subset and its limits."""

import json
from collections.abc import Iterator
from functools import lru_cache

from emulator.claude.errors import Json, Refused, invalid

OPTIONAL_LIMIT = 24
UNION_LIMIT = 16

_TYPES = frozenset({"object", "array", "string", "integer", "number", "boolean", "null"})
_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)
_UNSUPPORTED = {
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("minLength", "maxLength"),
    "array": ("maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems"),
    "object": ("minProperties", "maxProperties", "patternProperties", "propertyNames"),
}
_NEVER = ("oneOf", "not", "if", "then", "else", "dependentSchemas", "unevaluatedProperties")
_HARD_PATTERN = ("(?=", "(?!", "(?<", "\\b", "\\B", "\\1", "\\2")


def check_schema(schema: object, where: str) -> None:
    """Accepts the schema or refuses it; the answer for a schema is remembered.

    Raises:
        Refused: 400, naming `where` and what is not supported.
    """
    if not isinstance(schema, dict):
        raise invalid(f"{where}: Input should be an object")
    complaint = _complaint(json.dumps(schema))
    if complaint:
        raise invalid(f"{where}: {complaint}")


@lru_cache(maxsize=256)
def _complaint(text: str) -> str | None:
    """What is wrong with a schema, in one sentence."""
    try:
        _Walk(json.loads(text)).check()
    except Refused as refused:
        return refused.message
    return None


class _Walk:
    """One pass over a schema."""

    def __init__(self, schema: Json) -> None:
        self._schema = schema
        self._definitions: Json = schema.get("$defs") or schema.get("definitions") or {}
        self._optional = 0
        self._unions = 0

    def check(self) -> None:
        for node in self._nodes(self._schema):
            self._check(node)
        for name, node in self._definitions.items():
            self._check_recursion(name, node)
        if self._optional > OPTIONAL_LIMIT:
            raise invalid(
                f"Schema has too many optional parameters ({self._optional}); the limit is"
                f" {OPTIONAL_LIMIT}."
            )
        if self._unions > UNION_LIMIT:
            raise invalid(
                f"Schema has too many parameters with union types ({self._unions}); the limit is"
                f" {UNION_LIMIT}."
            )

    def _nodes(self, node: Json) -> Iterator[Json]:
        """Every schema within a schema, itself first."""
        yield node
        for child in _children(node):
            if not isinstance(child, dict):
                raise invalid("Each schema must be an object.")
            yield from self._nodes(child)

    def _check(self, node: Json) -> None:
        for key in _NEVER:
            if key in node:
                raise invalid(f"Schema keyword '{key}' is not supported.")
        self._check_reference(node)
        kinds = _kinds(node)
        for kind in kinds:
            self._check_kind(node, kind)
        self._check_values(node)
        self._unions += "anyOf" in node or len(kinds) > 1

    def _check_reference(self, node: Json) -> None:
        reference = node.get("$ref")
        if reference is None:
            return
        path, _, name = reference.rpartition("/")
        if path not in ("#/$defs", "#/definitions"):
            raise invalid(f"External or non-local $ref '{reference}' is not supported.")
        if name not in self._definitions:
            raise invalid(f"$ref '{reference}' cannot be resolved.")

    def _check_kind(self, node: Json, kind: str) -> None:
        if kind not in _TYPES:
            raise invalid(f"Type '{kind}' is not supported.")
        used = [key for key in _UNSUPPORTED.get(kind, ()) if key in node]
        if used:
            raise invalid(f"For '{kind}' type, properties {', '.join(used)} are not supported")
        if kind == "object":
            self._check_object(node)
        if kind == "array" and node.get("minItems", 0) not in (0, 1):
            raise invalid("For 'array' type, 'minItems' values other than 0 or 1 are not supported")

    def _check_object(self, node: Json) -> None:
        if node.get("additionalProperties") is not False:
            raise invalid(
                "For 'object' type, 'additionalProperties' must be explicitly set to false"
            )
        self._optional += len(set(node.get("properties") or ()) - set(node.get("required") or ()))

    def _check_values(self, node: Json) -> None:
        if any(isinstance(value, dict | list) for value in node.get("enum") or ()):
            raise invalid("Complex types in 'enum' are not supported.")
        if "format" in node and node["format"] not in _FORMATS:
            raise invalid(f"String format '{node['format']}' is not supported.")
        pattern = node.get("pattern") or ""
        if any(part in pattern for part in _HARD_PATTERN):
            raise invalid("Patterns with lookaround, backreferences or \\b are not supported.")
        if any("$ref" in part for part in node.get("allOf") or ()):
            raise invalid("'allOf' with '$ref' is not supported.")

    def _check_recursion(self, name: str, node: Json, seen: tuple[str, ...] = ()) -> None:
        if name in seen:
            raise invalid(f"Recursive schemas are not supported (definition '{name}').")
        for inner in self._nodes(node):
            target = (inner.get("$ref") or "").rpartition("/")[2]
            if target:
                self._check_recursion(target, self._definitions[target], (*seen, name))


def _kinds(node: Json) -> list[str]:
    kind = node.get("type")
    if isinstance(kind, list):
        return [str(one) for one in kind]
    if kind is None:
        return ["object"] if "properties" in node else []
    return [str(kind)]


def _children(node: Json) -> list[object]:
    found: list[object] = [*(node.get("anyOf") or ()), *(node.get("allOf") or ())]
    for key in ("properties", "$defs", "definitions"):
        found += (node.get(key) or {}).values()
    return found + ([node["items"]] if "items" in node else [])
