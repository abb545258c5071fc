"""Alarms: one message when something goes wrong, one when it is over."""

from collections.abc import Sequence

from bot.bulletins import Bulletins
from storage import alarms
from storage.alarms import Alarm
from storage.database import Database, Session

TITLES = {
    "spend_limit": "The API account's spend limit is reached",
    "spend": "Unusual spending",
    "cache": "The prompt cache is hardly found any more",
    "failures": "Many model calls fail or are refused",
}


class Alarms:
    """Remembers which alarms stand, so that each is raised once and cleared once."""

    def __init__(self, store: Database, bulletins: Bulletins) -> None:
        self._store = store
        self._bulletins = bulletins

    async def stands(self, name: str) -> bool:
        """Whether the alarm was raised and not cleared."""
        return await self._store.read(alarms.find, name) is not None

    async def names(self) -> Sequence[str]:
        """The alarms that stand."""
        return await self._store.read(_names)

    async def set(self, name: str, sentence: str | None) -> None:
        """Raise the alarm with a sentence, or clear it with None; no change is no message."""
        alarm = await self._store.write(_standing, name, sentence)
        if alarm is None:
            return
        if sentence is None:
            await self._clear(alarm)
        elif not alarm.told:
            await self._raise(alarm)

    async def _raise(self, alarm: Alarm) -> None:
        """A crash before it is marked as told repeats this, under the same key."""
        await self._bulletins.tell(_key(alarm), "alarm", _title(alarm), alarm.sentence)
        await self._store.write(alarms.told, alarm)

    async def _clear(self, alarm: Alarm) -> None:
        text = f"It is over. It was: {alarm.sentence}"
        await self._bulletins.tell(f"{_key(alarm)}:over", "good", _title(alarm), text)
        await self._store.write(alarms.clear, alarm.name)


def _key(alarm: Alarm) -> str:
    return f"alarm:{alarm.name}:{alarm.raised_at.isoformat()}"


def _title(alarm: Alarm) -> str:
    kind, _, of = alarm.name.partition(":")
    return TITLES.get(kind, f"{of} is going out of service")


def _names(session: Session) -> list[str]:
    return [alarm.name for alarm in alarms.standing(session)]


def _standing(session: Session, name: str, sentence: str | None) -> Alarm | None:
    """The alarm of this name; with a sentence it is raised where none stood."""
    alarm = alarms.find(session, name)
    if alarm is None and sentence is not None:
        alarm = session.merge(Alarm(name=name, sentence=sentence))
    return alarm
