"""Files fetched, made ready, and kept at hand for a while, so that nothing is fetched twice.

They never enter a checkpoint: what is no longer at hand after a crash is fetched again.
"""

import asyncio
from collections import OrderedDict
from typing import Any

from bot.attachments.contents import MESSAGE
from bot.attachments.files import Files
from bot.config.reading import FileLimits
from bot.llm.tokens import split_text
from bot.messages.inbound import File
from bot.readers.document import Document
from bot.readers.pool import ReaderPool

# Bytes of files kept at hand.
CACHED_BYTES = 64_000_000
# Files fetched at the same time.
AT_ONCE = 4
MB = 1_000_000


class AttachmentCache:
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


class FetchedFiles:
    """The pictures and the texts of files, within the desk's limits."""

    def __init__(self, files: Files, limits: FileLimits, readers: ReaderPool) -> None:
        self._files = files
        self._limits = limits
        self._readers = readers
        self._cache = AttachmentCache(CACHED_BYTES)
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def picture(self, file: File) -> tuple[str, bytes]:
        """The media type and the bytes of a picture; raises CannotFetch and Unreadable."""
        kept: tuple[str, bytes] | None = self._cache.take(file.id)
        if kept is None:
            data = await self._fetched(file, self._limits.picture_mb)
            kept = await self._readers.picture(file.name, data)
            self._cache.keep(file.id, kept, len(kept[1]))
        return kept

    async def document(self, file: File, message: str) -> Document:
        """A document, or the message itself as one; raises CannotFetch and Unreadable."""
        if file.id == MESSAGE:
            return Document(message)
        kept: Document | None = self._cache.take(file.id)
        if kept is None:
            data = await self._fetched(file, self._limits.document_mb)
            kept = await self._readers.document(file.name, data, file.mimetype)
            self._cache.keep(file.id, kept, 4 * len(kept.text))
        return kept

    async def pieces(self, file: File, message: str, limit: int) -> list[str]:
        """A document cut into pieces of at most `limit` tokens; raises as `document` does.

        Cutting a long one takes a while, and each of its parts asks for it.
        """
        document = await self.document(file, message)
        key = f"{file.id} in pieces of {limit}"
        kept: list[str] | None = self._cache.take(key) if file.id != MESSAGE else None
        if kept is None:
            kept = await asyncio.to_thread(split_text, document.text, limit)
            if file.id != MESSAGE:
                self._cache.keep(key, kept, 4 * len(document.text))
        return kept

    async def _fetched(self, file: File, most: float) -> bytes:
        async with self._slots:
            return await self._files.fetch(file, int(most * MB))
