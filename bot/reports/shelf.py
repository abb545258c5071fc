"""The agents told of the shelf: what was taken off it, and what cannot be read at the moment."""

from collections.abc import Sequence
from datetime import UTC

from bot.knowledge.shelf_words import unread_sentence
from bot.knowledge.sync import SourceSync
from bot.notices import Alarms, Notices
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.knowledge import shelf

ALARM = "shelf"
LONGEST = 2_000  # characters of a notice


class ShelfNews:
    """Tells what has come of the sources, and keeps the alarm about files that cannot be read."""

    def __init__(self, store: Database, notices: Notices, alarms: Alarms) -> None:
        self._store = store
        self._notices = notices
        self._alarms = alarms

    async def tell(self, news: Sequence[SourceSync]) -> None:
        """Tell each of these once, and what stands now."""
        for synced in news:
            await self._told(synced)
        state = await self._store.read(shelf.shelf_state, None)
        sentence = " ".join((*state.missing, unread_sentence(state.unread))).strip()
        await self._alarms.set(ALARM, sentence[:LONGEST] or None)

    async def _told(self, synced: SourceSync) -> None:
        moment = utc_now().astimezone(UTC).isoformat()
        lines = [f"{each.sentence}. It was taken off the shelf." for each in synced.withdrawn]
        lines += [f"{name} is for agents only from now on: {why}" for name, why in synced.narrowed]
        await self._notices.tell(
            f"shelf:{synced.source.origin}:{moment}",
            "warning",
            "Articles that customers had are gone",
            "\n".join(lines)[:LONGEST],
        )
