"""Alarms: one message when something goes wrong, one when it is over."""

from bot.bulletins import Bulletins
from storage import alarms
from storage.alarms import Alarm
from storage.database import Database

TITLES = {
    "spend_limit": "The API account's spend limit is reached",
    "spend": "Unusual spending",
    "cache": "The prompt cache is hardly found any more",
    "night": "The night shift cannot go on",
    "failures": "Many model calls fail or are refused",
}


class Alarms:
    """Remembers which alarms stand, so that each is raised once and cleared once."""

    def __init__(self, store: Database, bulletins: Bulletins) -> None:
        self._store = store
        self._bulletins = bulletins

    async def stands(self, name: str) -> bool:
        """Whether the alarm was raised and not cleared."""
        async with self._store.read() as session:
            return await alarms.find(session, name) is not None

    async def set(self, name: str, sentence: str | None) -> None:
        """Raise the alarm with a sentence, or clear it with None; no change is no message."""
        async with self._store.write() as session:
            alarm = await alarms.find(session, name)
            if alarm is None and sentence is not None:
                alarm = await session.merge(Alarm(name=name, sentence=sentence))
        if alarm is None:
            return
        if sentence is None:
            await self._clear(alarm)
        elif not alarm.told:
            await self._raise(alarm)

    async def _raise(self, alarm: Alarm) -> None:
        """A crash before it is marked as told repeats this, under the same key."""
        await self._bulletins.tell(_key(alarm), "alarm", _title(alarm), alarm.sentence)
        async with self._store.write() as session:
            await session.merge(Alarm(**{**alarm.model_dump(), "told": True}))

    async def _clear(self, alarm: Alarm) -> None:
        text = f"It is over. It was: {alarm.sentence}"
        await self._bulletins.tell(f"{_key(alarm)}:over", "good", _title(alarm), text)
        async with self._store.write() as session:
            await alarms.clear(session, alarm.name)


def _key(alarm: Alarm) -> str:
    return f"alarm:{alarm.name}:{alarm.raised_at.isoformat()}"


def _title(alarm: Alarm) -> str:
    kind, _, of = alarm.name.partition(":")
    return TITLES.get(kind, f"{of} is going out of service")
