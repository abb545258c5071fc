"""One ticket or document in, its summary out; a long one is read in parts."""

import asyncio

from bot.config.desk import Desk
from bot.config.intents import intents_text
from bot.llm.calls import Question
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import TIMEOUT, Ask, Label, Language, Sentiment, StructuredCall, Summary
from bot.llm.tokens import estimate_tokens, split_text
from bot.values import Frozen

# Estimated tokens of a part. A ticket seldom has more, and the prompt stays far below the length
# at which Haiku 5.5 gets dearer.
PART = 8_000


class TicketSummary(Frozen):
    """What a ticket was about."""

    summary: Summary
    product: str | None
    issue_type: str
    sentiment: Sentiment
    action_needed: bool
    intent: Label
    language: Language


class SummaryNotes(Frozen):
    """What stands in a part of a long text."""

    notes: str


class DocumentSummary(Frozen):
    """What a document says: in at most 50 words, and in points."""

    summary: Summary
    points: tuple[str, ...]


class Summariser:
    """Fills in the desk's forms about texts; `model` (the desk's triage model) reads all of it."""

    def __init__(
        self, desk: Desk, model: str | None = None, *, part: int = PART, timeout: float = TIMEOUT
    ) -> None:
        self.model = model or desk.models.triage
        self._part = part
        prompt = load_prompt(
            "summary",
            name=desk.desk.name,
            about=desk.desk.about,
            intents=intents_text(desk.intents),
        )
        intents = {"intent": tuple(intent.name for intent in desk.intents)}
        self._notes = StructuredCall(
            SummaryNotes, "part", load_prompt("part"), self.model, timeout=timeout
        )
        self._document = StructuredCall(
            DocumentSummary, "summary", load_prompt("document"), self.model, timeout=timeout
        )
        self._ticket = StructuredCall(
            TicketSummary, "summary", prompt, self.model, timeout=timeout, allowed=intents
        )

    @property
    def version(self) -> str:
        """What the results depend on beside the text: the model and the prompts."""
        return f"{self.model} {self._ticket.prompt.version} {self._notes.prompt.version}"

    async def ticket(self, key: str, text: str, ask: Ask) -> TicketSummary:
        """Summarise and label a ticket; its questions are asked under keys that begin with `key`.

        Raises:
            NoAnswer: the model refused, was cut short, or filled the form in wrongly twice.
            Stopped: the work was interrupted.
        """
        return await self._ticket.fill(key, _message(await self._condensed(key, text, ask)), ask)

    async def document(self, key: str, text: str, ask: Ask) -> DocumentSummary:
        """Summarise a document of any length; raises as `ticket` does."""
        return await self._document.fill(key, _message(await self._condensed(key, text, ask)), ask)

    def questions(self, text: str) -> list[Question]:
        """What a ticket is known to need before anything is answered; for counting beforehand."""
        if estimate_tokens(text) <= self._part:
            return [self._ticket.question(_message(text))]
        return [self._notes.question(_message(piece)) for piece in split_text(text, self._part)]

    async def _condensed(self, key: str, text: str, ask: Ask) -> str:
        """The text or, while it is too long, notes on its parts in their order."""
        depth = 0
        while estimate_tokens(text) > self._part:
            noted = await asyncio.gather(
                *(
                    self._notes.fill(f"{key}-{depth}-{number}", _message(piece), ask)
                    for number, piece in enumerate(split_text(text, self._part))
                )
            )
            # A model asked for notes may still write at length: cut, so that each round shrinks.
            text = "\n\n".join(
                split_text(each.notes, self._part // 20)[0] for each in noted if each.notes
            )
            depth += 1
        return text


def _message(text: str) -> str:
    return fenced("message", text)
