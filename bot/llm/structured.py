"""Forms that a model fills in as JSON: their field types, reading them, and complaining once.

The API promises the shape, but not after a refusal or a cut, not the case of a label, and not
through a gateway; so what comes back is read with tolerance.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from bot.llm.calls import Completion, Purpose, Question
from bot.llm.prompts import Prompt, fenced

Form = TypeVar("Form", bound=BaseModel)


def lowered(value: object) -> object:
    """A label as labels are compared: the API does not promise the case of enum values."""
    return value.strip().lower() if isinstance(value, str) else value


def fifty_words(value: object) -> object:
    """A summary cut after its fiftieth word."""
    return " ".join(value.split()[:50]) if isinstance(value, str) else value


def bounded(value: object) -> object:
    """A share as it is meant: the API does not promise the bounds of a number."""
    return min(max(value, 0.0), 1.0) if isinstance(value, int | float) else value


Summary = Annotated[str, BeforeValidator(fifty_words)]
Label = Annotated[str, BeforeValidator(lowered)]
Language = Annotated[str, BeforeValidator(lowered), Field(max_length=20)]
Confidence = Annotated[float, BeforeValidator(bounded), Field(ge=0, le=1)]
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


# How long an attempt may take, in seconds.
TIMEOUT = 30.0

Ask = Callable[[str, Question], Awaitable[Completion]]


class NoAnswer(Exception):
    """This question gets no answer, however often it is asked; the sentence says why."""


class Stopped(Exception):
    """The work stops here and can go on later; the sentence says why."""


class AnswerLater(Stopped):
    """The answer is on its way: the same question asked later finds it."""


@dataclass(frozen=True)
class StructuredCall(Generic[Form]):
    """A form to be filled in by a model. `allowed` closes the values of a field to a list."""

    shape: type[Form]
    purpose: Purpose
    prompt: Prompt
    model: str
    max_tokens: int = 700
    timeout: float = TIMEOUT
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the form."""
        schema = self.shape.model_json_schema()
        for name, values in self.allowed.items():
            schema["properties"][name] = {"type": "string", "enum": list(values)}
        return schema

    def question(self, content: str, purpose: Purpose | None = None) -> Question:
        """What is sent to have the form filled in."""
        return Question(
            purpose=purpose or self.purpose,
            model=self.model,
            prompt=self.prompt,
            content=content,
            max_tokens=self.max_tokens,
            timeout=self.timeout,
            deadline=self.timeout,
            schema=self.schema,
        )

    async def fill(self, key: str, content: str, ask: Ask) -> Form:
        """Have the form filled in; one that is filled in wrongly is complained about once.

        Raises:
            NoAnswer: the model refused, was cut short, or filled the form in wrongly twice.
            Stopped: the work was interrupted.
        """
        first = await ask(f"{key}-{self.purpose}", self.question(content))
        filled = self._read(first)
        if filled is not None:
            return filled
        again = self.question(f"{content}\n{complaint(first.text)}", "repair")
        filled = self._read(await ask(f"{key}-{self.purpose}-repair", again))
        if filled is None:
            raise NoAnswer("the model filled the form in wrongly twice")
        return filled

    def _read(self, reply: Completion) -> Form | None:
        stop = reply.call.stop_reason
        if stop != "end_turn":
            said = "refused" if stop == "refusal" else f"was cut short ({stop})"
            raise NoAnswer(f"the model {said}")
        form = read_form(self.shape, reply.text)
        known = form is not None and all(
            getattr(form, name) in values for name, values in self.allowed.items()
        )
        return form if known else None
