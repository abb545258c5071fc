"""What comes with a message: pictures, documents and very long pastes, made ready for a model.

Pictures go to the model as they are. A document is cut without loss; one that fits into a part is
passed on word by word, a longer one is read part by part and stands by its notes. Each part is a
step of the story, so a crash repeats, and pays, at most the ones under way. Bytes are kept at hand
for a while and fetched again when they are not: they never enter a checkpoint.
"""

import asyncio
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, TypeVar

import structlog

from bot.asking import NoAnswer, Sheet
from bot.attached import MESSAGE, NOTHING, Attached, Block, Paper, Unread
from bot.claude import Call, Claude, Completion, ModelUnavailable, ModelUnknown, Question
from bot.desk import Desk
from bot.documents import Unreadable, text_of
from bot.engine import Engine
from bot.fetching import CannotFetch, Files, Problem
from bot.inbound import File, Frozen
from bot.pictures import NotAPicture, prepare
from bot.prompt import fenced, load_prompt
from bot.splitting import split, tokens
from bot.summarising import Notes

# Estimated tokens of a part, of a text that needs no notes, and of all notes on a file.
PART = 8_000
NOTES = 8_000
# Characters of a message beyond which it is read like a document.
PASTE = 12_000
# Parts read, and files fetched, at the same time.
AT_ONCE = 4
# Bytes of files kept at hand.
SHELF = 64_000_000
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
Progress = Callable[[str, int, int], Awaitable[None]]
Afford = Callable[[int], Awaitable[bool]]


class Looked(Frozen):
    """What a file turned out to be. A document has `parts` of at most `limit` estimated tokens."""

    file: File
    kind: Literal["picture", "document", "nothing"] = "nothing"
    parts: int = 0
    limit: int = PART
    problem: Problem | None = None


class Lookings(Frozen):
    """Every file of a message, looked at."""

    files: tuple[Looked, ...]


class Noted(Frozen):
    """A part in its own words or in notes on it; or why there are none. And what was paid."""

    text: str = ""
    problem: Problem | None = None
    calls: tuple[Call, ...] = ()


class Attachments:
    """Reads what is attached; a file that cannot be read is named and stops nothing."""

    def __init__(self, engine: Engine, files: Files, claude: Claude, desk: Desk) -> None:
        self._engine = engine
        self._files = files
        self._claude = claude
        self._limits = desk.files
        self._shelf = _Shelf(SHELF)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._sheet = Sheet(Notes, "part", load_prompt("part"), desk.models.triage, timeout=TIMEOUT)

    async def read(
        self,
        text: str,
        files: Sequence[File],
        known: Attached,
        *,
        progress: Progress,
        afford: Afford,
    ) -> Attached:
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
        looked = await self._engine.step("look", Lookings, self._look, new, text, left, afford)
        papers: list[Paper] = []
        unread = [*_unread(looked.files)]
        calls: list[Call] = []
        for each in looked.files:
            if each.kind == "document" and each.problem is None:
                paper, paid, problem = await self._paper(each, text, progress)
                calls += paid
                papers += [paper] if paper.text else []
                unread += [Unread(name=each.file.name, problem=problem)] if problem else []
        return Attached(
            pictures=tuple(each.file for each in looked.files if _shown(each)),
            papers=tuple(papers),
            unread=tuple(unread),
            seen=tuple(each.file.id for each in looked.files if each.file.id != MESSAGE),
            calls=tuple(calls),
        )

    async def blocks(self, attached: Attached) -> list[Block]:
        """The pictures as blocks of a request; one that is gone by now is left out."""
        taken = await asyncio.gather(*(self._block(file) for file in attached.pictures))
        return [block for block in taken if block is not None]

    async def _look(self, files: Sequence[File], text: str, left: int, afford: Afford) -> Lookings:
        """Every file by its bytes, of the pictures the first `left`."""
        wanted = [Looked(file=file, kind=_kind(file)) for file in files]
        pictures = [each for each in wanted if each.kind == "picture"]
        unseen = {each.file.id for each in pictures[max(left, 0) :]}
        looked = await asyncio.gather(
            *(self._looked(each, text, many=each.file.id in unseen) for each in wanted)
        )
        parts = sum(each.parts for each in looked if each.parts > 1)
        if parts and not await afford(parts * PART):
            looked = [_unaffordable(each) for each in looked]
        return Lookings(files=tuple(looked))

    async def _looked(self, looked: Looked, text: str, *, many: bool) -> Looked:
        if many or looked.kind == "nothing":
            return looked.model_copy(update={"problem": "many" if many else "kind"})
        try:
            if looked.kind == "picture":
                await self._picture(looked.file)
                return looked
            return await self._measured(looked, await self._text(looked.file, text))
        except CannotFetch as error:
            return looked.model_copy(update={"problem": error.problem})
        except NotAPicture:
            return looked.model_copy(update={"problem": "damaged"})
        except Unreadable as error:
            return looked.model_copy(update={"problem": error.why})

    async def _measured(self, looked: Looked, text: str) -> Looked:
        """Into how many parts a text is cut: by our estimate, corrected by the API's own count."""
        if tokens(text) <= PART:
            return looked.model_copy(update={"parts": 1})
        first = split(text, PART)[0]
        limit = int(PART / max(await self._density(first), 1.0))
        parts = len(split(text, limit))
        if parts > self._limits.parts:
            return looked.model_copy(update={"problem": "long"})
        return looked.model_copy(update={"parts": parts, "limit": limit})

    async def _density(self, piece: str) -> float:
        """The tokens of a piece as the API counts them, by our estimate; 1.0 when it cannot say."""
        empty, full = (self._sheet.question(_message(text)) for text in (".", piece))
        try:
            counted = await self._claude.count(full) - await self._claude.count(empty)
        except ModelUnknown as error:
            log.warning("tokens not counted", problem=str(error))
            return 1.0
        return counted / tokens(piece)

    async def _paper(
        self, looked: Looked, text: str, progress: Progress
    ) -> tuple[Paper, list[Call], Problem | None]:
        """A document in its words or its notes, with what was paid and what went wrong."""
        noted = await self._parts(looked, text, progress)
        calls = [call for each in noted for call in each.calls]
        said = "\n\n".join(each.text for each in noted if each.text)
        while looked.parts > 1 and tokens(said) > NOTES:
            # Notes on notes; each is much shorter than its part, so this ends.
            again = await asyncio.gather(
                *(self._engine.step("part", Noted, self._note, each) for each in split(said, PART))
            )
            calls += [call for each in again for call in each.calls]
            shorter = "\n\n".join(each.text for each in again if each.text)
            said = shorter if tokens(shorter) < tokens(said) else split(said, NOTES)[0]
        problem = next((each.problem for each in noted if each.problem), None)
        return Paper(file=looked.file, text=said.strip(), parts=looked.parts), calls, problem

    async def _parts(self, looked: Looked, text: str, progress: Progress) -> list[Noted]:
        noted: list[Noted] = []
        while len(noted) < looked.parts:
            # Told to wait for each other, so that a re-run finds each step where it was.
            wave = range(len(noted), min(len(noted) + AT_ONCE, looked.parts))
            if looked.parts > 1:
                await progress(looked.file.name, len(noted), looked.parts)
            noted += await asyncio.gather(
                *(
                    self._engine.step("part", Noted, self._part, looked, number, text)
                    for number in wave
                )
            )
        if looked.parts > 1:
            await progress(looked.file.name, looked.parts, looked.parts)
        return noted

    async def _part(self, looked: Looked, number: int, text: str) -> Noted:
        try:
            pieces = split(await self._text(looked.file, text), looked.limit)
        except CannotFetch as error:
            return Noted(problem=error.problem)
        except Unreadable as error:
            return Noted(problem=error.why)
        if looked.parts == 1:
            return Noted(text=pieces[0])
        return await self._note(pieces[number]) if number < len(pieces) else Noted()

    async def _note(self, piece: str) -> Noted:
        """Notes on a part from the model; costs at most a call and its repair."""
        calls: list[Call] = []

        async def ask(_key: str, question: Question) -> Completion:
            completion = await self._claude.ask(question)
            calls.append(completion.call)
            return completion

        try:
            form = await self._sheet.fill("part", _message(piece), ask)
        except ModelUnavailable as error:
            return Noted(problem="unread", calls=(*calls, error.call))
        except NoAnswer:
            return Noted(problem="unread", calls=tuple(calls))
        return Noted(text=form.notes, calls=tuple(calls))

    async def _block(self, file: File) -> Block | None:
        try:
            media_type, data = await self._picture(file)
        except (CannotFetch, NotAPicture) as error:
            log.warning("picture is gone", file=file.id, problem=str(error))
            return None
        encoded = b64encode(data).decode()
        source = {"type": "base64", "media_type": media_type, "data": encoded}
        return {"type": "image", "source": source}

    async def _picture(self, file: File) -> tuple[str, bytes]:
        kept: tuple[str, bytes] | None = self._shelf.take(file.id)
        if kept is None:
            data = await self._fetched(file, self._limits.picture_mb)
            kept = await asyncio.to_thread(prepare, data)
            self._shelf.keep(file.id, kept, len(kept[1]))
        return kept

    async def _text(self, file: File, text: str) -> str:
        if file.id == MESSAGE:
            return text
        kept: str | None = self._shelf.take(file.id)
        if kept is None:
            data = await self._fetched(file, self._limits.document_mb)
            kept = await asyncio.to_thread(text_of, file.name, _suffix(file), data)
            self._shelf.keep(file.id, kept, 4 * len(kept))
        return kept

    async def _fetched(self, file: File, most: float) -> bytes:
        async with self._slots:
            return await self._files.fetch(file, int(most * MB))


class _Shelf:
    """What was fetched lately, up to a number of bytes; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def take(self, name: str) -> Any:
        """What is kept under a name, or None."""
        if name not in self._kept:
            return None
        self._kept.move_to_end(name)
        return self._kept[name][0]

    def keep(self, name: str, thing: Any, size: int) -> None:
        """Keep a thing of so many bytes, if there is room for it at all."""
        self._kept[name] = (thing, size)
        while sum(taken for _thing, taken in self._kept.values()) > self._most:
            self._kept.popitem(last=False)


def _kind(file: File) -> Literal["picture", "document", "nothing"]:
    """What a file claims to be; its bytes have the last word."""
    if file.mimetype in PICTURES or file.name.lower().endswith(PICTURE_NAMES):
        return "picture"
    return "document" if _suffix(file) else "nothing"


def _suffix(file: File) -> str:
    """The kind of a document as `bot.documents` names it; empty when it is none we read."""
    named = next((suffix for suffix in SUFFIXES if file.name.lower().endswith(suffix)), "")
    if named or file.mimetype in KINDS:
        return named or KINDS[file.mimetype]
    text = file.mimetype.startswith("text/") and file.mimetype != "text/html"
    return ".txt" if text else ""


def _unaffordable(looked: Looked) -> Looked:
    return looked.model_copy(update={"problem": "budget"}) if looked.parts > 1 else looked


def _shown(looked: Looked) -> bool:
    return looked.kind == "picture" and looked.problem is None


def _unread(looked: Sequence[Looked]) -> list[Unread]:
    """What could not be read, a line each; pictures beyond the limit are counted together."""
    many = sum(each.problem == "many" for each in looked)
    named = [
        Unread(name=each.file.name, problem=each.problem)
        for each in looked
        if each.problem is not None and each.problem != "many"
    ]
    return [*named, *([Unread(name="", problem="many", count=many)] if many else [])]


def _message(text: str) -> str:
    return fenced("message", text)
