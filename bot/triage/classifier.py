"""One Haiku call a message: what the customer wants, how hard it is, how it sounds."""

import html
from collections.abc import Awaitable, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.attachments.contents import (
    NOTHING,
    AttachmentContents,
    ContentBlock,
    content_with_images,
    file_list,
)
from bot.config.desk import Desk
from bot.config.intents import Intent, intents_text
from bot.config.settings import Settings
from bot.llm.calls import Call, Completion, ModelUnavailable, Purpose, Question
from bot.llm.client import Claude
from bot.llm.output_limits import TRIAGE_MAX_TOKENS
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import complaint, read_form
from bot.triage.verdict import Triage, Triaged

INTENT_TOO = " and an intent from the list"
# A classifier needs the gist; 8,000 characters are some 3,200 tokens.
MAX_MESSAGE = 8_000
MAX_THREAD = 4_000


@dataclass(frozen=True)
class Before:
    """What the author of a message wrote a moment before it, and whether that was answered."""

    text: str
    answered: bool

    @property
    def tag(self) -> str:
        """How the prompt calls it."""
        return "answered" if self.answered else "waiting"


Languages = Callable[[], Awaitable[Sequence[str]]]


async def unknown() -> Sequence[str]:
    """The languages of the articles where nobody knows them."""
    return ()


class Classifier:
    """Asks for a verdict, repairs a malformed one once, and never raises for what a model says."""

    def __init__(
        self, claude: Claude, desk: Desk, settings: Settings, languages: Languages = unknown
    ) -> None:
        self._claude = claude
        self._languages = languages
        self._model = desk.models.triage
        self._settings = settings
        self._intents = {intent.name for intent in desk.intents}
        self._schemas = {
            (pictures, follows): triage_schema(desk.intents, pictures=pictures, follows=follows)
            for pictures in (False, True)
            for follows in (False, True)
        }
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
        before: Before | None = None,
    ) -> Triaged:
        """Classify a message, given the thread before it as plain text, and what came with it.

        `before` is what its author wrote a moment before it, outside that thread.
        """
        content = "\n".join(
            filter(
                None,
                (
                    fenced("thread", thread[-MAX_THREAD:]),
                    file_list(attached),
                    articles_in(await self._languages()),
                    fenced(before.tag, _cut(before.text)) if before else "",
                    fenced("message", _cut(text)),
                ),
            )
        )
        calls: list[Call] = []
        try:
            schema = self._schemas[bool(pictures), before is not None]
            first = await self._ask("triage", content, user, pictures, schema)
            calls.append(first.call)
            if not first.usable:
                return Triaged(problem=_stopped(first.call), calls=tuple(calls))
            verdict = self._read(first.text)
            if verdict is None:
                second = await self._ask(
                    "repair",
                    f"{content}\n{complaint(first.text, INTENT_TOO)}",
                    user,
                    pictures,
                    schema,
                )
                calls.append(second.call)
                verdict = self._read(second.text) if second.usable else None
        except ModelUnavailable as error:
            problem = f"triage could not reach the model: {error.reason}"
            return Triaged(problem=problem, calls=(*calls, error.call))
        if verdict is None:
            return Triaged(problem="triage gave no readable verdict", calls=tuple(calls))
        return Triaged(triage=verdict, calls=tuple(calls))

    async def _ask(
        self,
        purpose: Purpose,
        content: str,
        user: str,
        pictures: Sequence[ContentBlock],
        schema: dict[str, Any],
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
                schema=schema,
                user=user,
            )
        )

    def _read(self, text: str) -> Triage | None:
        verdict = read_triage(text)
        return verdict if verdict is not None and verdict.intent in self._intents else None


def articles_in(languages: Sequence[str]) -> str:
    """The languages of the articles (BCP 47), most of them first, as triage is told; or nothing."""
    codes = " ".join(languages)
    return f'<articles languages="{html.escape(codes)}"/>' if codes else ""


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


def triage_schema(
    intents: Sequence[Intent], *, pictures: bool = False, follows: bool = False
) -> dict[str, Any]:
    """The JSON schema of a verdict, with the desk's own intents as the closed list.

    What stands on `pictures` is only asked for when there are any, and whether it is the same
    matter only when it `follows` on another message.
    """
    schema = deepcopy(_verdict_schema())
    schema["required"] = [*schema["required"], "questions", "addressee"]
    del schema["properties"]["addressee"]["default"]
    for name, asked in (("seen", pictures), ("same_matter", follows)):
        if asked:
            schema["required"] = [*schema["required"], name]
        else:
            del schema["properties"][name]
    schema["properties"]["intent"] = {
        "type": "string",
        "enum": [intent.name for intent in intents],
    }
    # All optional keys are made required: the API caps optional ones and fills every key anyway.
    for shape in schema["$defs"].values():
        shape["required"] = list(shape["properties"])
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
