"""Notices for the agents: each is posted once, also when the process dies while posting it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

from bot.runtime.workflows import Workflows
from bot.values import Frozen
from storage.costs import alarms
from storage.costs.alarms import AlarmRow
from storage.db.database import Database

WORKFLOW = "bulletin"

NoticeTone = Literal["good", "warning", "alarm"]


class Notice(Frozen):
    """A message to the agents.

    `budget` names the budget it is about, `by` the person who did it; `liftable` says that an
    admin may let the budget pass for today.
    """

    key: str
    channel: str
    tone: NoticeTone
    title: str
    text: str
    budget: str | None = None
    by: str | None = None
    liftable: bool = False


PostNotice = Callable[[Notice, bool], Awaitable[None]]


class Notices:
    """Posts notices as workflows; `post` hears whether the notice may stand there already."""

    def __init__(self, workflows: Workflows, post: PostNotice, channel: str) -> None:
        self._workflows = workflows
        self._post = post
        self._channel = channel

    async def tell(self, key: str, tone: NoticeTone, title: str, text: str, **more: Any) -> None:
        """Write a notice down, with `more` of its fields; the same key again is a no-op."""
        notice = Notice(key=key, channel=self._channel, tone=tone, title=title, text=text, **more)
        await self._workflows.submit(WORKFLOW, key, notice.model_dump(mode="json"))

    async def run(self, payload: dict[str, Any]) -> str:
        """The workflow of one notice."""
        notice = Notice.model_validate(payload)
        await self._post(notice, self._workflows.recovered(notice.key))
        return "told"


TITLES = {
    "spend_limit": "The API account's spend limit is reached",
    "spend": "Unusual spending",
    "cache": "The prompt cache is hardly found any more",
    "night": "The nightly run cannot go on",
    "refused": "Claude refuses our key or our account",
    "row": "Model calls fail one after the other",
    "usage": "The costs of some calls are not known",
    "failures": "Many model calls fail or are refused",
    "slack": "Slack refuses the app",
    "scope": "Slack does not let the app do something",
    "digest": "A digest has no place to be posted",
    "shelf": "Some articles cannot be read",
    "tool": "A system of the desk's does not answer",
    "webhook": "A system does not take what it is told of tickets",
}


class Alarms:
    """Remembers which alarms stand, so that each is raised once and cleared once."""

    def __init__(self, store: Database, notices: Notices) -> None:
        self._store = store
        self._notices = notices

    async def is_raised(self, name: str) -> bool:
        """Whether the alarm was raised and not cleared."""
        return await self._store.read(alarms.find_alarm, name) is not None

    async def sentences(self) -> Sequence[str]:
        """What is wrong at the moment, a sentence for each alarm that stands."""
        standing = await self._store.read(alarms.standing_alarms)
        return [f"{_title(alarm)}. {alarm.sentence}" for alarm in standing]

    async def names(self) -> Sequence[str]:
        """The alarms that stand."""
        return await self._store.read(alarms.alarm_names)

    async def set(self, name: str, sentence: str | None) -> None:
        """Raise the alarm with a sentence, or clear it with None; no change is no message."""
        alarm = await self._store.write(alarms.raise_alarm, name, sentence)
        if alarm is None:
            return
        if sentence is None:
            await self._clear(alarm)
        elif not alarm.told:
            await self._raise(alarm)

    async def _raise(self, alarm: AlarmRow) -> None:
        """A crash before it is marked as told repeats this, under the same key."""
        await self._notices.tell(_key(alarm), "alarm", _title(alarm), alarm.sentence)
        await self._store.write(alarms.mark_alarm_told, alarm)

    async def _clear(self, alarm: AlarmRow) -> None:
        text = f"It is over. It was: {alarm.sentence}"
        await self._notices.tell(f"{_key(alarm)}:over", "good", _title(alarm), text)
        await self._store.write(alarms.clear_alarm, alarm.name)


def _key(alarm: AlarmRow) -> str:
    return f"alarm:{alarm.name}:{alarm.raised_at.isoformat()}"


def _title(alarm: AlarmRow) -> str:
    kind, _, of = alarm.name.partition(":")
    return TITLES.get(kind, f"{of} is going out of service")
