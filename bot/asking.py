"""Asking a model for a form within a larger piece of work, wherever the answer comes from.

The same work runs against the API at once, through message batches, and from the log of an earlier
run: it only ever awaits an answer under a key of its own.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic

from bot.claude import Completion, Purpose, Question
from bot.forms import Form, complaint, read_form
from bot.prompt import Prompt

# How long an attempt may take, in seconds.
TIMEOUT = 30.0

Ask = Callable[[str, Question], Awaitable[Completion]]


class NoAnswer(Exception):
    """This question gets no answer, however often it is asked; the sentence says why."""


class Stopped(Exception):
    """The work stops here and can go on later; the sentence says why."""


class PutOff(Stopped):
    """The answer is on its way: the same question asked later finds it."""


@dataclass(frozen=True)
class Sheet(Generic[Form]):
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
