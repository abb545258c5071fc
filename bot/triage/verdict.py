"""What triage says of a message, as values."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator

from bot.llm.calls import Call
from bot.llm.structured import Confidence, Label, Language, Sentiment, Summary, lowered
from bot.values import Frozen

# Three, each in two languages where the articles are in another one.
MOST_QUESTIONS = 6
LONGEST_QUESTION = 300


def _asked(value: object) -> object:
    """The first questions, none of them long or blank; anything else is no question."""
    said = [each.strip()[:LONGEST_QUESTION] for each in _strings(value)]
    return tuple(each for each in said if each)[:MOST_QUESTIONS]


def _strings(value: object) -> Sequence[str]:
    listed = value if isinstance(value, list | tuple) else [value]
    return [each for each in listed if isinstance(each, str)]


Questions = Annotated[tuple[str, ...], BeforeValidator(_asked)]
Complexity = Annotated[Literal["simple", "complex", "creative"], BeforeValidator(lowered)]
Urgency = Annotated[Literal["low", "normal", "high", "urgent"], BeforeValidator(lowered)]


Addressee = Literal["desk", "someone_else", "unclear"]


class Entities(Frozen):
    """What the message names, as written in it."""

    order_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


class AddresseeJudgement(Frozen):
    """For whom a message is, and how sure the model is of that, from 0 to 1."""

    who: Annotated[Addressee, BeforeValidator(lowered)]
    confidence: Confidence


FOR_DESK = AddresseeJudgement(who="desk", confidence=1)


class Triage(Frozen):
    """The verdict on one message. `confidence` is the model's own, from 0 to 1.

    `questions` are the matters to look up, each complete in itself; none in a mere courtesy.
    `addressee` is for whom it is; verdicts of earlier releases took all for the desk.
    `seen` is what stands on the pictures, as written there; only asked for when there are any.
    `same_matter` is whether it goes on with what its author wrote a moment before; only asked for
    when there was something.
    """

    summary: Summary
    intent: Label
    confidence: Confidence
    complexity: Complexity
    sentiment: Sentiment
    urgency: Urgency
    language: Language
    wants_human: bool
    entities: Entities
    product: str | None
    issue_type: str
    action_needed: bool
    reply: str | None
    questions: Questions = ()
    addressee: AddresseeJudgement = FOR_DESK
    seen: str | None = None
    same_matter: bool = True

    @property
    def courtesy(self) -> bool:
        """A thanks or a greeting that asks for nothing."""
        return self.reply is not None and not self.action_needed

    def addressee_at(self, least: float) -> Addressee:
        """For whom it is, where the model is at least so sure; else nobody can tell."""
        return self.addressee.who if self.addressee.confidence >= least else "unclear"


class Triaged(Frozen):
    """The verdict on a message, or the problem that kept us from one; and what was paid."""

    triage: Triage | None = None
    problem: str | None = None
    calls: tuple[Call, ...] = ()
