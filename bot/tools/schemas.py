"""Whether values fit JSON schemas: what models fill in, what systems answer, what servers want."""

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any


def misfit(value: Any, schema: Mapping[str, Any]) -> str:
    """Why a value does not fit a schema, or ""; without the value, which may be personal."""
    # Only desks with tools pay for its import.
    from jsonschema import Draft202012Validator, ValidationError  # noqa: PLC0415

    try:
        Draft202012Validator(schema).validate(value)
    except ValidationError as error:
        return f"{error.json_path} does not fit the schema"
    return ""


def wrong_argument(given: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Why arguments do not fit a schema, or "". A text is one line, whatever a pattern says."""
    if wrong := misfit(given, schema):
        return wrong
    strange = (name for name, each in given.items() if isinstance(each, str) and _steers(each))
    return next((f"$.{name} is no plain text" for name in strange), "")


def _steers(text: str) -> bool:
    return any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") for each in text)


def difference(schema: Mapping[str, Any], given: Collection[str]) -> str:
    """How the arguments that a server takes differ from those that it would be given, or ""."""
    known = set(schema.get("properties") or ())
    missing = sorted(set(schema.get("required") or ()) - set(given))
    strange = sorted(set(given) - known)
    if schema.get("additionalProperties") or "properties" not in schema:
        strange = []
    told = [f"it wants «{each}», which nothing fills in" for each in missing]
    told += [f"it does not know «{each}»" for each in strange]
    return "; ".join(told)
