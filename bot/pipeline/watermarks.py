"""How far each conversation is known, and what of it came by no event."""

from collections.abc import Mapping

from storage.db.database import Database
from storage.intake import idempotency, missed, watermarks


class Watermarks:
    """Kept with the messages. A watermark is a Slack `ts`; it never sinks."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def all(self) -> Mapping[str, str]:
        """Every watermark, by conversation; the desk's own under `watermarks.DESK`."""
        return await self._store.read(watermarks.all_watermarks)

    async def begin(self, channel: str, ts: str) -> str:
        """Give a conversation its first watermark; the one that it has by now."""
        return await self._store.write(watermarks.begin_watermark, channel, ts)

    async def raise_to(self, channel: str, ts: str) -> None:
        """The conversation was read, and is known up to `ts`."""
        await self._store.write(watermarks.raise_watermark, channel, ts)

    async def found(self, key: str) -> bool:
        """Count a message that no event brought; False where it is none of the desk's business."""
        return await self._store.write(missed.note_missed, key)

    async def heard(self, change: str) -> None:
        """Note a change that was heard, so that it is not heard again."""
        await self._store.write(idempotency.first_time, change)
