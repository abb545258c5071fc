"""The JSON schema of `desk.toml` as people write it, by which editors complete and check it.

`python -m bot.config.desk_schema` prints it; `desk.schema.json` is that.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.config.desk import Desk
from bot.config.desk_file import COMPLETED, defaults

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def desk_schema() -> dict[str, Any]:
    """What the models of the configuration take, less what the defaults fill in."""
    schema = _plain(Desk.model_json_schema())
    schema["required"] = ["desk"]
    for table in COMPLETED:
        _fill_in(schema["$defs"][_model_of(schema, table)], defaults()[table])
    return {"$schema": DIALECT, "title": "desk.toml of Deskhand", **schema}


def schema_text() -> str:
    """The schema as its file stands there."""
    return json.dumps(desk_schema(), indent=2, ensure_ascii=False) + "\n"


def _model_of(schema: Mapping[str, Any], table: str) -> str:
    reference: str = schema["properties"][table]["$ref"]
    return reference.rpartition("/")[2]


def _fill_in(model: dict[str, Any], filled: Mapping[str, Any]) -> None:
    """Whatever the defaults say need not be written, and is shown as the default."""
    model["required"] = [name for name in model.get("required", ()) if name not in filled]
    for name, value in filled.items():
        model["properties"][name]["default"] = value


def _plain(part: Any) -> Any:
    """Without what TOML cannot say (null), and without the names of our classes."""
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if not isinstance(part, dict):
        return part
    if kinds := [each for each in part.get("anyOf", ()) if each != {"type": "null"}]:
        rest = {name: each for name, each in part.items() if name != "anyOf"}
        part = {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, "anyOf": kinds}
    if "patternProperties" in part:
        part = {**part, "additionalProperties": False}
    # A table's keys have their own defaults.
    told = not ("$ref" in part or part.get("default", "") is None)
    return {
        name: each if name == "default" else _named(each) if name in _BY_NAME else _plain(each)
        for name, each in part.items()
        if name != "title" and (told or name != "default")
    }


# What stands in these is called by the names of keys, and a key may be called `title`.
_BY_NAME = ("properties", "$defs", "patternProperties")


def _named(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(each) for name, each in parts.items()}


if __name__ == "__main__":
    print(schema_text(), end="")
