"""One Haiku call a message: what the customer wants, how hard it is, how it sounds."""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bot.answers.approved import Approved
from bot.attachments.contents import (
    NOTHING,
    AttachmentContents,
    ContentBlock,
    content_with_images,
    file_list,
)
from bot.config.desk import Desk, Intent, intents_text
from bot.config.settings import Settings
from bot.costs.budgets import FREE, Allowance
from bot.llm.calls import Call, Completion, ModelUnavailable, Purpose, Question
from bot.llm.client import Claude
from bot.llm.limits import TRIAGE_MAX_TOKENS
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import Label, Language, Sentiment, Summary, complaint, lowered, read_form
from bot.triage.courtesies import Courtesy
from bot.values import Frozen

INTENT_TOO = " and an intent from the list"
# A classifier needs the gist; 8,000 characters are some 3,200 tokens.
MAX_MESSAGE = 8_000
MAX_THREAD = 4_000


def _bounded(value: object) -> object:
    return min(max(value, 0.0), 1.0) if isinstance(value, int | float) else value


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
    confidence: Annotated[float, BeforeValidator(_bounded), Field(ge=0, le=1)]
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
    """The verdict on `text`, or the problem that kept us from one; and what was paid.

    `parts` are the keys of messages whose words are in `text` too; `allowance` is what the budgets
    left for an answer at that moment. `approved` is the answer to the same question that an agent
    approved, whose verdict this is then. `polite` says that the message is
    thanks or an okay and nothing else, told by rules and not by a model.
    """

    text: str
    parts: tuple[str, ...] = ()
    triage: Triage | None = None
    problem: str | None = None
    calls: tuple[Call, ...] = ()
    allowance: Allowance = FREE
    approved: Approved | None = None
    polite: Courtesy | None = None
    language: str | None = None

    @property
    def courtesy(self) -> bool:
        """Whether the message asks for nothing."""
        return self.polite is not None or (self.triage is not None and self.triage.courtesy)


class Classifier:
    """Asks for a verdict, repairs a malformed one once, and never raises for what a model says."""

    def __init__(self, claude: Claude, desk: Desk, settings: Settings) -> None:
        self._claude = claude
        self._model = desk.models.triage
        self._settings = settings
        self._intents = {intent.name for intent in desk.intents}
        self._schema = triage_schema(desk.intents)
        self._schema_of_pictures = triage_schema(desk.intents, pictures=True)
        self._prompt = load_prompt(
            "triage",
            name=desk.desk.name,
            about=desk.desk.about,
            intents=intents_text(desk.intents),
        )

    async def triage(
        self,
        text: str,
        thread: str,
        user: str,
        attached: AttachmentContents = NOTHING,
        pictures: Sequence[ContentBlock] = (),
    ) -> Triaged:
        """Classify a message, given the thread before it as plain text, and what came with it."""
        content = "\n".join(
            filter(
                None,
                (
                    fenced("thread", thread[-MAX_THREAD:]),
                    file_list(attached),
                    fenced("message", _cut(text)),
                ),
            )
        )
        calls: list[Call] = []
        try:
            first = await self._ask("triage", content, user, pictures)
            calls.append(first.call)
            if not first.usable:
                return Triaged(text=text, problem=_stopped(first.call), calls=tuple(calls))
            verdict = self._read(first.text)
            if verdict is None:
                second = await self._ask(
                    "repair", f"{content}\n{complaint(first.text, INTENT_TOO)}", user, pictures
                )
                calls.append(second.call)
                verdict = self._read(second.text) if second.usable else None
        except ModelUnavailable as error:
            problem = f"triage could not reach the model: {error.reason}"
            return Triaged(text=text, problem=problem, calls=(*calls, error.call))
        if verdict is None:
            return Triaged(text=text, problem="triage gave no readable verdict", calls=tuple(calls))
        return Triaged(text=text, triage=verdict, calls=tuple(calls))

    async def _ask(
        self, purpose: Purpose, content: str, user: str, pictures: Sequence[ContentBlock]
    ) -> Completion:
        return await self._claude.ask(
            Question(
                purpose=purpose,
                model=self._model,
                prompt=self._prompt,
                content=content_with_images(pictures, content),
                max_tokens=TRIAGE_MAX_TOKENS,
                timeout=self._settings.triage_timeout,
                deadline=self._settings.triage_deadline,
                schema=self._schema_of_pictures if pictures else self._schema,
                user=user,
            )
        )

    def _read(self, text: str) -> Triage | None:
        verdict = read_triage(text)
        return verdict if verdict is not None and verdict.intent in self._intents else None


def _stopped(call: Call) -> str:
    match call.stop_reason:
        case "refusal":
            return "the model refused to triage this message"
        case "end_turn":
            return "triage gave no answer"
        case _:
            return f"triage was cut short: {call.stop_reason}"


def read_triage(text: str) -> Triage | None:
    """The verdict in a reply, tolerant of code fences, text around it and case; None if none is."""
    return read_form(Triage, text)


def triage_schema(intents: Sequence[Intent], *, pictures: bool = False) -> dict[str, Any]:
    """The JSON schema of a verdict, with the desk's own intents as the closed list.

    What stands on `pictures` is only asked for when there are any.
    """
    schema = deepcopy(_verdict_schema())
    if pictures:
        schema["required"] = [*schema["required"], "seen"]
    else:
        del schema["properties"]["seen"]
    schema["properties"]["intent"] = {
        "type": "string",
        "enum": [intent.name for intent in intents],
    }
    # All optional keys are made required: the API caps optional ones and fills every key anyway.
    schema["$defs"]["Entities"]["required"] = list(Entities.model_fields)
    return schema


@cache
def _verdict_schema() -> dict[str, Any]:
    """The same for every desk, and long in the making."""
    return Triage.model_json_schema()


def _cut(text: str) -> str:
    """A very long message by its beginning and its end, where the request usually stands."""
    if len(text) <= MAX_MESSAGE:
        return text
    half = MAX_MESSAGE // 2
    return f"{text[:half]}\n[…]\n{text[-half:]}"
