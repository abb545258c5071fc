"""What comes with a message: pictures, documents and very long pastes, made ready for a model.

Pictures go to the model as they are. A document is cut without loss; one that fits into a part is
passed on word by word, a longer one is read part by part and stands by its notes. Each part is a
step of the story, so a crash repeats, and pays, at most the ones under way. Bytes are kept at hand
for a while and fetched again when they are not: they never enter a checkpoint.
"""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, TypeVar

import structlog

from bot.attachments.cache import CACHED_BYTES, AttachmentCache
from bot.attachments.contents import (
    MESSAGE,
    NOTHING,
    AttachmentContents,
    ContentBlock,
    DocumentContents,
    UnreadFile,
)
from bot.attachments.files import CannotFetch, Files
from bot.attachments.images import NotAnImage, prepare_image
from bot.config.desk import Desk
from bot.llm.calls import Call, Completion, ModelUnavailable, ModelUnknown, Question
from bot.llm.client import Claude
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import NoAnswer, StructuredCall
from bot.llm.tokens import estimate_tokens, split_text
from bot.messages.inbound import File
from bot.runtime.workflows import Workflows
from bot.summaries.summariser import SummaryNotes
from bot.text.extract import Unreadable, document_text
from bot.text.problems import Problem
from bot.values import Frozen

# Estimated tokens of a part, of a text that needs no notes, and of all notes on a file.
PART = 8_000
NOTES = 8_000
# Characters of a message beyond which it is read like a document.
PASTE = 12_000
# Parts read, and files fetched, at the same time.
AT_ONCE = 4
TIMEOUT = 30.0
MB = 1_000_000

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
PICTURE_NAMES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
SUFFIXES = (".txt", ".md", ".markdown", ".pdf", ".docx")
KINDS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/json": ".txt",
}
log = structlog.get_logger("attachments")

Content = TypeVar("Content")
ReadingProgressCallback = Callable[[str, int, int], Awaitable[None]]
Afford = Callable[[int], Awaitable[bool]]


class Inspection(Frozen):
    """What a file turned out to be. A document has `parts` of at most `limit` estimated tokens."""

    file: File
    kind: Literal["picture", "document", "nothing"] = "nothing"
    parts: int = 0
    limit: int = PART
    problem: Problem | None = None


class Inspections(Frozen):
    """Every file of a message, looked at."""

    files: tuple[Inspection, ...]


class PartNotes(Frozen):
    """A part in its own words or in notes on it; or why there are none. And what was paid."""

    text: str = ""
    problem: Problem | None = None
    calls: tuple[Call, ...] = ()


class AttachmentReader:
    """Reads what is attached; a file that cannot be read is named and stops nothing."""

    def __init__(self, workflows: Workflows, files: Files, claude: Claude, desk: Desk) -> None:
        self._workflows = workflows
        self._files = files
        self._claude = claude
        self._limits = desk.files
        self._shelf = AttachmentCache(CACHED_BYTES)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._structured_call = StructuredCall(
            SummaryNotes, "part", load_prompt("part"), desk.models.triage, timeout=TIMEOUT
        )

    async def read_attachments(
        self,
        text: str,
        files: Sequence[File],
        known: AttachmentContents,
        *,
        progress: ReadingProgressCallback,
        afford: Afford,
    ) -> AttachmentContents:
        """What is new among the files of a message, and the message itself when it is very long.

        `progress` is told the name of a long document, the parts read, and all of them; `afford`
        is asked whether notes on so many tokens may be paid for. Has to run inside a story: what
        was read before a crash is not read again.
        """
        new = [file for file in files if file.id not in known.seen]
        if len(text) > PASTE:
            new.append(File(id=MESSAGE, name="", mimetype="text/plain", size=len(text)))
        if not new:
            return NOTHING
        left = self._limits.pictures - len(known.pictures)
        looked = await self._workflows.step(
            "look", Inspections, self._look, new, text, left, afford
        )
        papers: list[DocumentContents] = []
        unread = [*_unread(looked.files)]
        calls: list[Call] = []
        for each in looked.files:
            if each.kind == "document" and each.problem is None:
                document, paid, problem = await self._paper(each, text, progress)
                calls += paid
                papers += [document] if document.text else []
                unread += [UnreadFile(name=each.file.name, problem=problem)] if problem else []
        return AttachmentContents(
            pictures=tuple(each.file for each in looked.files if _shown(each)),
            papers=tuple(papers),
            unread=tuple(unread),
            seen=tuple(each.file.id for each in looked.files if each.file.id != MESSAGE),
            calls=tuple(calls),
        )

    async def blocks(self, attached: AttachmentContents) -> list[ContentBlock]:
        """The pictures as blocks of a request; one that is gone by now is left out."""
        taken = await asyncio.gather(*(self._block(file) for file in attached.pictures))
        return [block for block in taken if block is not None]

    async def _look(
        self, files: Sequence[File], text: str, left: int, afford: Afford
    ) -> Inspections:
        """Every file by its bytes, of the pictures the first `left`."""
        wanted = [Inspection(file=file, kind=_kind(file)) for file in files]
        pictures = [each for each in wanted if each.kind == "picture"]
        unseen = {each.file.id for each in pictures[max(left, 0) :]}
        looked = await asyncio.gather(
            *(self._looked(each, text, many=each.file.id in unseen) for each in wanted)
        )
        parts = sum(each.parts for each in looked if each.parts > 1)
        if parts and not await afford(parts * PART):
            looked = [_unaffordable(each) for each in looked]
        return Inspections(files=tuple(looked))

    async def _looked(self, looked: Inspection, text: str, *, many: bool) -> Inspection:
        if many or looked.kind == "nothing":
            return looked.model_copy(update={"problem": "many" if many else "kind"})
        try:
            if looked.kind == "picture":
                await self._picture(looked.file)
                return looked
            return await self._measured(looked, await self._text(looked.file, text))
        except CannotFetch as error:
            return looked.model_copy(update={"problem": error.problem})
        except NotAnImage:
            return looked.model_copy(update={"problem": "damaged"})
        except Unreadable as error:
            return looked.model_copy(update={"problem": error.why})

    async def _measured(self, looked: Inspection, text: str) -> Inspection:
        """Into how many parts a text is cut: by our estimate, corrected by the API's own count."""
        if estimate_tokens(text) <= PART:
            return looked.model_copy(update={"parts": 1})
        first = split_text(text, PART)[0]
        limit = int(PART / max(await self._density(first), 1.0))
        parts = len(split_text(text, limit))
        if parts > self._limits.parts:
            return looked.model_copy(update={"problem": "long"})
        return looked.model_copy(update={"parts": parts, "limit": limit})

    async def _density(self, piece: str) -> float:
        """The tokens of a piece as the API counts them, by our estimate; 1.0 when it cannot say."""
        empty, full = (self._structured_call.question(_message(text)) for text in (".", piece))
        try:
            counted = await self._claude.count(full) - await self._claude.count(empty)
        except ModelUnknown as error:
            log.warning("tokens not counted", problem=str(error))
            return 1.0
        return counted / estimate_tokens(piece)

    async def _paper(
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
            pieces = split_text(await self._text(looked.file, text), looked.limit)
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
            form = await self._structured_call.fill("part", _message(piece), ask)
        except ModelUnavailable as error:
            return PartNotes(problem="unread", calls=(*calls, error.call))
        except NoAnswer:
            return PartNotes(problem="unread", calls=tuple(calls))
        return PartNotes(text=form.notes, calls=tuple(calls))

    async def _block(self, file: File) -> ContentBlock | None:
        try:
            media_type, data = await self._picture(file)
        except (CannotFetch, NotAnImage) as error:
            log.warning("picture is gone", file=file.id, problem=str(error))
            return None
        encoded = b64encode(data).decode()
        source = {"type": "base64", "media_type": media_type, "data": encoded}
        return {"type": "image", "source": source}

    async def _picture(self, file: File) -> tuple[str, bytes]:
        kept: tuple[str, bytes] | None = self._shelf.take(file.id)
        if kept is None:
            data = await self._fetched(file, self._limits.picture_mb)
            kept = await asyncio.to_thread(prepare_image, data)
            self._shelf.keep(file.id, kept, len(kept[1]))
        return kept

    async def _text(self, file: File, text: str) -> str:
        if file.id == MESSAGE:
            return text
        kept: str | None = self._shelf.take(file.id)
        if kept is None:
            data = await self._fetched(file, self._limits.document_mb)
            kept = await asyncio.to_thread(document_text, file.name, _suffix(file), data)
            self._shelf.keep(file.id, kept, 4 * len(kept))
        return kept

    async def _fetched(self, file: File, most: float) -> bytes:
        async with self._slots:
            return await self._files.fetch(file, int(most * MB))


def _kind(file: File) -> Literal["picture", "document", "nothing"]:
    """What a file claims to be; its bytes have the last word."""
    if file.mimetype in PICTURES or file.name.lower().endswith(PICTURE_NAMES):
        return "picture"
    return "document" if _suffix(file) else "nothing"


def _suffix(file: File) -> str:
    """The kind of a document as `bot.text.extract` names it; empty when it is none we read."""
    named = next((suffix for suffix in SUFFIXES if file.name.lower().endswith(suffix)), "")
    if named or file.mimetype in KINDS:
        return named or KINDS[file.mimetype]
    text = file.mimetype.startswith("text/") and file.mimetype != "text/html"
    return ".txt" if text else ""


def _unaffordable(looked: Inspection) -> Inspection:
    return looked.model_copy(update={"problem": "budget"}) if looked.parts > 1 else looked


def _shown(looked: Inspection) -> bool:
    return looked.kind == "picture" and looked.problem is None


def _unread(looked: Sequence[Inspection]) -> list[UnreadFile]:
    """What could not be read, a line each; pictures beyond the limit are counted together."""
    many = sum(each.problem == "many" for each in looked)
    named = [
        UnreadFile(name=each.file.name, problem=each.problem)
        for each in looked
        if each.problem is not None and each.problem != "many"
    ]
    return [*named, *([UnreadFile(name="", problem="many", count=many)] if many else [])]


def _message(text: str) -> str:
    return fenced("message", text)
