"""A document in its own words, or in the notes that a model takes on it part by part.

A document is cut without loss. One that fits into a part is passed on word by word; a longer one
stands by the notes on its parts. Each part is a step of the story, so a crash repeats, and pays, at
most the ones under way.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.attachments.cache import FetchedFiles
from bot.attachments.contents import PART, DocumentContents, Inspection
from bot.attachments.files import CannotFetch
from bot.llm.calls import Call, Completion, ModelUnavailable, ModelUnknown, Question
from bot.llm.client import Claude
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import NoAnswer, StructuredCall
from bot.llm.tokens import estimate_tokens, least_tokens, split_text
from bot.readers.unreadable import Unreadable
from bot.runtime.workflows import Workflows
from bot.summaries.summariser import SummaryNotes
from bot.text.file_problems import Problem
from bot.values import Frozen

# Estimated tokens of a text that needs no notes, and of all notes on a file.
NOTES = 8_000
# Parts read at the same time.
AT_ONCE = 4
TIMEOUT = 30.0

ReadingProgressCallback = Callable[[str, int, int], Awaitable[None]]
"""Told the name of a long document, the parts read, and all of them."""

log = structlog.get_logger("attachments")


class PartNotes(Frozen):
    """A part in its own words or in notes on it; or why there are none. And what was paid."""

    text: str = ""
    problem: Problem | None = None
    calls: tuple[Call, ...] = ()


class DocumentNotes:
    """Reads documents; what a part costs is paid by the model that triages. Runs inside a story."""

    def __init__(
        self,
        workflows: Workflows,
        fetched: FetchedFiles,
        claude: Claude,
        model: str,
        most_parts: int,
    ) -> None:
        self._workflows = workflows
        self._fetched = fetched
        self._claude = claude
        self._most_parts = most_parts
        self._structured_call = StructuredCall(
            SummaryNotes, "part", load_prompt("part"), model, timeout=TIMEOUT
        )

    async def measured(self, looked: Inspection, text: str) -> Inspection:
        """Into how many parts a text is cut: by our estimate, corrected by the API's own count."""
        if estimate_tokens(text) <= PART:
            return looked.model_copy(update={"parts": 1})
        if least_tokens(text) > self._most_parts * PART:
            return looked.model_copy(update={"problem": "long"})
        first = (await asyncio.to_thread(split_text, text, PART))[0]
        limit = int(PART / max(await self._density(first), 1.0))
        parts = len(await self._fetched.pieces(looked.file, text, limit))
        if parts > self._most_parts:
            return looked.model_copy(update={"problem": "long"})
        return looked.model_copy(update={"parts": parts, "limit": limit})

    async def _density(self, piece: str) -> float:
        """The tokens of a piece as the API counts them, by our estimate; 1.0 when it cannot say."""
        empty, full = (self._structured_call.question(_fenced(text)) for text in (".", piece))
        try:
            counted = await self._claude.count(full) - await self._claude.count(empty)
        except ModelUnknown as error:
            log.warning("tokens not counted", problem=str(error))
            return 1.0
        return counted / estimate_tokens(piece)

    async def read(
        self, looked: Inspection, text: str, progress: ReadingProgressCallback
    ) -> tuple[DocumentContents, list[Call], Problem | None]:
        """A document in its words or its notes, with what was paid and what went wrong."""
        noted = await self._parts(looked, text, progress)
        calls = [call for each in noted for call in each.calls]
        said = "\n\n".join(each.text for each in noted if each.text)
        while looked.parts > 1 and estimate_tokens(said) > NOTES:
            # Notes on notes; each is much shorter than its part, so this ends.
            again = await asyncio.gather(
                *(
                    self._workflows.step("part", PartNotes, self._note, each)
                    for each in split_text(said, PART)
                )
            )
            calls += [call for each in again for call in each.calls]
            shorter = "\n\n".join(each.text for each in again if each.text)
            said = (
                shorter
                if estimate_tokens(shorter) < estimate_tokens(said)
                else split_text(said, NOTES)[0]
            )
        problem = next((each.problem for each in noted if each.problem), None)
        return (
            DocumentContents(file=looked.file, text=said.strip(), parts=looked.parts),
            calls,
            problem,
        )

    async def _parts(
        self, looked: Inspection, text: str, progress: ReadingProgressCallback
    ) -> list[PartNotes]:
        noted: list[PartNotes] = []
        while len(noted) < looked.parts:
            # Told to wait for each other, so that a re-run finds each step where it was.
            wave = range(len(noted), min(len(noted) + AT_ONCE, looked.parts))
            if looked.parts > 1:
                await progress(looked.file.name, len(noted), looked.parts)
            noted += await asyncio.gather(
                *(
                    self._workflows.step("part", PartNotes, self._part, looked, number, text)
                    for number in wave
                )
            )
        if looked.parts > 1:
            await progress(looked.file.name, looked.parts, looked.parts)
        return noted

    async def _part(self, looked: Inspection, number: int, text: str) -> PartNotes:
        try:
            pieces = await self._fetched.pieces(looked.file, text, looked.limit)
        except CannotFetch as error:
            return PartNotes(problem=error.problem)
        except Unreadable as error:
            return PartNotes(problem=error.why)
        if looked.parts == 1:
            return PartNotes(text=pieces[0])
        return await self._note(pieces[number]) if number < len(pieces) else PartNotes()

    async def _note(self, piece: str) -> PartNotes:
        """Notes on a part from the model; costs at most a call and its repair."""
        calls: list[Call] = []

        async def ask(_key: str, question: Question) -> Completion:
            completion = await self._claude.ask(question)
            calls.append(completion.call)
            return completion

        try:
            form = await self._structured_call.fill("part", _fenced(piece), ask)
        except ModelUnavailable as error:
            return PartNotes(problem="unread", calls=(*calls, error.call))
        except NoAnswer:
            return PartNotes(problem="unread", calls=tuple(calls))
        return PartNotes(text=form.notes, calls=tuple(calls))


def _fenced(text: str) -> str:
    return fenced("message", text)
