"""What triage says of a message, as values."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from bot.llm.calls import Call
from bot.llm.structured import Confidence, Label, Language, Sentiment, Summary, lowered
from bot.values import Frozen

Complexity = Annotated[Literal["simple", "complex", "creative"], BeforeValidator(lowered)]
Urgency = Annotated[Literal["low", "normal", "high", "urgent"], BeforeValidator(lowered)]


class Entities(Frozen):
    """What the message names, as written in it."""

    order_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


class Triage(Frozen):
    """The verdict on one message. `confidence` is the model's own, from 0 to 1.

    `seen` is what stands on the pictures, as written there; only asked for when there are any.
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
    seen: str | None = None

    @property
    def courtesy(self) -> bool:
        """A thanks or a greeting that asks for nothing."""
        return self.reply is not None and not self.action_needed


class Triaged(Frozen):
    """The verdict on a message, or the problem that kept us from one; and what was paid."""

    triage: Triage | None = None
    problem: str | None = None
    calls: tuple[Call, ...] = ()
