"""Forms that a model fills in as JSON: their field types, reading them, and complaining once.

The API promises the shape, but not after a refusal or a cut, not the case of a label, and not
through a gateway; so what comes back is read with tolerance.
"""

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from bot.prompt import fenced

Form = TypeVar("Form", bound=BaseModel)


def lowered(value: object) -> object:
    """A label as labels are compared: the API does not promise the case of enum values."""
    return value.strip().lower() if isinstance(value, str) else value


def fifty_words(value: object) -> object:
    """A summary cut after its fiftieth word."""
    return " ".join(value.split()[:50]) if isinstance(value, str) else value


Summary = Annotated[str, BeforeValidator(fifty_words)]
Label = Annotated[str, BeforeValidator(lowered)]
Language = Annotated[str, BeforeValidator(lowered), Field(max_length=20)]
Sentiment = Annotated[Literal["positive", "neutral", "negative"], BeforeValidator(lowered)]


def read_form(shape: type[Form], text: str) -> Form | None:
    """The form in a reply, tolerant of code fences, text around it and case; None if none is."""
    for candidate in _objects(text):
        try:
            return shape.model_validate(candidate)
        except ValidationError:
            continue
    return None


def complaint(reply: str, wanted: str = "") -> str:
    """What a model is told about a form that could not be read, so that it fills it in again."""
    return (
        "The form below was filled in wrongly: it is not one JSON object with every key of the "
        f"schema{wanted}. Fill it in again, correctly.\n" + fenced("wrong_form", reply[:2_000])
    )


def _objects(text: str) -> Sequence[Any]:
    """Every JSON object that stands in a text, outermost and leftmost first."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    for brace in re.finditer(r"\{", text):
        try:
            value, _end = decoder.raw_decode(text, brace.start())
        except (ValueError, RecursionError):
            continue
        found.append(value)
    return found
