"""What comes with a message: pictures, documents and very long pastes, made ready for a model.

Pictures go to the model as they are; documents are `notes`' work.
"""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import structlog

from bot.attachments.cache import FetchedFiles
from bot.attachments.contents import (
    MESSAGE,
    NOTHING,
    PART,
    AttachmentContents,
    ContentBlock,
    DocumentContents,
    Inspection,
    Inspections,
    UnreadFile,
)
from bot.attachments.document_notes import DocumentNotes, ReadingProgressCallback
from bot.attachments.files import CannotFetch, Files
from bot.attachments.images import claims_image
from bot.config.desk import Desk
from bot.llm.calls import Call
from bot.llm.client import Claude
from bot.messages.inbound import File
from bot.readers.pool import ReaderPool
from bot.readers.registry import reader_by_name
from bot.readers.unreadable import Unreadable
from bot.runtime.workflows import Workflows
from bot.text.file_problems import Problem

# Characters of a message beyond which it is read like a document.
PASTE = 12_000

Afford = Callable[[int], Awaitable[bool]]
"""Asked whether notes on so many tokens may be paid for."""

log = structlog.get_logger("attachments")


class AttachmentReader:
    """Reads what is attached; a file that cannot be read is named and stops nothing."""

    def __init__(
        self, workflows: Workflows, files: Files, claude: Claude, desk: Desk, readers: ReaderPool
    ) -> None:
        self._workflows = workflows
        self._limits = desk.files
        self._files = files
        self._fetched = FetchedFiles(files, desk.files, readers)
        self._notes = DocumentNotes(
            workflows, self._fetched, claude, desk.models.triage, desk.files.parts
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
        unseen = [file for file in files if file.id not in known.seen]
        new = [file for file in unseen if not (file.quoted or _is_captioned(file, files))]
        quoted = tuple(file.id for file in unseen if file not in new)
        if len(text) > PASTE:
            new.append(File(id=MESSAGE, name="", mimetype="text/plain", size=len(text)))
        if not new:
            return AttachmentContents(seen=quoted) if quoted else NOTHING
        left = self._limits.pictures - len(known.pictures)
        looked = await self._workflows.step(
            "look", Inspections, self._look, new, text, left, afford
        )
        papers: list[DocumentContents] = []
        unread = [*_unread(looked.files)]
        calls: list[Call] = []
        for each in looked.files:
            if each.kind == "document" and each.problem is None:
                document, paid, problem = await self._notes.read(each, text, progress)
                calls += paid
                papers += [document] if document.text else []
                unread += [_unread_file(each, problem)] if problem else []
                unread += _left_out(each)
        return AttachmentContents(
            pictures=tuple(each.file for each in looked.files if _shown(each)),
            papers=tuple(papers),
            unread=tuple(unread),
            seen=(*quoted, *(each.file.id for each in looked.files if each.file.id != MESSAGE)),
            described=_described(new, looked.files),
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
        wanted = await asyncio.gather(*(self._inspection(file) for file in files))
        pictures = [each for each in wanted if each.kind == "picture"]
        unseen = {each.file.id for each in pictures[max(left, 0) :]}
        looked = await asyncio.gather(
            *(self._looked(each, text, many=each.file.id in unseen) for each in wanted)
        )
        parts = sum(each.parts for each in looked if each.parts > 1)
        if parts and not await afford(parts * PART):
            looked = [_unaffordable(each) for each in looked]
        return Inspections(files=tuple(looked))

    async def _inspection(self, file: File) -> Inspection:
        """What a file claims to be, asked of the workspace where the message does not say."""
        if file.id == MESSAGE or file.known:
            return Inspection(file=file, kind=_kind(file))
        try:
            described = await self._files.described(file)
        except CannotFetch as error:
            return Inspection(file=file, problem=error.problem)
        return Inspection(file=described, kind=_kind(described))

    async def _looked(self, looked: Inspection, text: str, *, many: bool) -> Inspection:
        if problem := _hopeless(looked, many=many):
            return looked.model_copy(update={"problem": problem})
        try:
            if looked.kind == "picture":
                await self._fetched.picture(looked.file)
                return looked
            document = await self._fetched.document(looked.file, text)
            left_out = sum(document.left_out.values())
            looked = looked.model_copy(update={"left_out": left_out})
            return await self._notes.measured(looked, document.text)
        except CannotFetch as error:
            return looked.model_copy(update={"problem": error.problem})
        except Unreadable as error:
            log.warning("file not read", file=error.name, why=error.why, detail=error.detail)
            return looked.model_copy(update={"problem": error.why})

    async def _block(self, file: File) -> ContentBlock | None:
        try:
            media_type, data = await self._fetched.picture(file)
        except (CannotFetch, Unreadable) as error:
            log.warning("picture is gone", file=file.id, problem=str(error))
            return None
        encoded = b64encode(data).decode()
        source = {"type": "base64", "media_type": media_type, "data": encoded}
        return {"type": "image", "source": source}


def _kind(file: File) -> Literal["picture", "document", "nothing"]:
    """What a file claims to be; its bytes have the last word."""
    if claims_image(file.name, file.mimetype):
        return "picture"
    return "document" if reader_by_name(file.name, file.mimetype) else "nothing"


def _hopeless(looked: Inspection, *, many: bool) -> Problem | None:
    """Why a file is not even fetched. A recording is told from other kinds that nobody reads."""
    if looked.problem is not None or many:
        return looked.problem or "many"
    if looked.kind != "nothing":
        return None
    return "recording" if _is_recording(looked.file) else "kind"


def _described(asked: Sequence[File], looked: Sequence[Inspection]) -> tuple[File, ...]:
    """The files of which only the id was known, as far as Slack told more."""
    nameless = {file.id for file in asked if not (file.known or file.awaited)}
    return tuple(each.file for each in looked if each.file.id in nameless and each.file.known)


def _is_captioned(file: File, files: Sequence[File]) -> bool:
    """Whether it is a recording whose words come as a file of their own."""
    return _is_recording(file) and any(each.part_of == file.id for each in files)


def _is_recording(file: File) -> bool:
    return file.mimetype.startswith(("audio/", "video/"))


def _unaffordable(looked: Inspection) -> Inspection:
    return looked.model_copy(update={"problem": "budget"}) if looked.parts > 1 else looked


def _shown(looked: Inspection) -> bool:
    return looked.kind == "picture" and looked.problem is None


def _left_out(looked: Inspection) -> list[UnreadFile]:
    """What a person sees in a document and no model does."""
    if not looked.left_out:
        return []
    return [_unread_file(looked, "partly", looked.left_out)]


def _unread_file(looked: Inspection, problem: Problem, count: int = 1) -> UnreadFile:
    return UnreadFile(name=looked.file.name, problem=problem, count=count, id=looked.file.id)


def _unread(looked: Sequence[Inspection]) -> list[UnreadFile]:
    """What could not be read, a line each; pictures beyond the limit are counted together."""
    many = sum(each.problem == "many" for each in looked)
    named = [
        _unread_file(each, each.problem)
        for each in looked
        if each.problem is not None and each.problem != "many"
    ]
    return [*named, *([UnreadFile(name="", problem="many", count=many)] if many else [])]
