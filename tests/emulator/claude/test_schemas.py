"""Which JSON schemas structured outputs take."""

from typing import Any

import pytest
from anthropic import (
    AsyncAnthropic,
    BadRequestError,
)

from tests.emulator.claude.desk import (
    FLAG,
    TEXT,
    WORDS,
    ask,
    maybe,
    record,
)

AGAIN = {"$ref": "#/$defs/a"}


def wanting(schema: object, **more: object) -> dict[str, Any]:
    """A request for JSON."""
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}, **more}}


BAD_SCHEMAS: dict[str, Any] = {
    "open object": {"type": "object", "properties": {}},
    "open nested object": record(a={"type": "object", "properties": {}}),
    "open object in anyOf": record(a=maybe({"type": "object"})),
    "minimum": record(a={"type": "number", "minimum": 0}),
    "maximum": record(a={"type": "integer", "maximum": 9}),
    "multipleOf": record(a={"type": "integer", "multipleOf": 2}),
    "minLength": record(a=TEXT | {"minLength": 1}),
    "maxLength": record(a=TEXT | {"maxLength": 9}),
    "maxItems": record(a=WORDS | {"maxItems": 3}),
    "minItems 2": record(a=WORDS | {"minItems": 2}),
    "oneOf": record(a={"oneOf": [TEXT, FLAG]}),
    "external $ref": record(a={"$ref": "https://example.com/schema"}),
    "dangling $ref": record(a={"$ref": "#/$defs/gone"}),
    "allOf with $ref": record(a={"allOf": [{"$ref": "#/$defs/b"}]}) | {"$defs": {"b": TEXT}},
    "recursion": record(a=AGAIN) | {"$defs": {"a": record(a=AGAIN)}},
    "lookahead": record(a=TEXT | {"pattern": "(?=x)x"}),
    "unknown format": record(a=TEXT | {"format": "iban"}),
    "complex enum": record(a={"enum": [{"x": 1}]}),
    "25 optional": record(**{f"p{n}": TEXT for n in range(25)}) | {"required": []},
    "17 unions": record(**{f"p{n}": maybe(TEXT) for n in range(17)}),
    "no schema": None,
}


@pytest.mark.parametrize("schema", BAD_SCHEMAS.values(), ids=list(BAD_SCHEMAS))
async def test_schemas_outside_the_subset_are_a_400(client: AsyncAnthropic, schema: object) -> None:
    """The message names the place."""
    with pytest.raises(BadRequestError, match=r"output_config\.format\.schema"):
        await ask(client, **wanting(schema))
