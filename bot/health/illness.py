"""What the agents hear when a part of the desk falls ill, and when it is well again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.health.vitals import Ailment
from bot.notices import Notice, NoticeTone, PostNotice
from bot.runtime.tasks import BackgroundTasks, Stoppable

# Seconds after which what passes by itself has passed: a new connection, a long write.
LASTS = 60.0
PARTS: Mapping[str, str] = {
    "database": "The database",
    "engine": "The engine's database",
    "slack": "The connection to Slack",
    "backlog": "The backlog",
    "disk": "The disk",
    "events": "Slack's events",
}
KEY = "ill:"
# What stands for the sentence of an illness that an earlier process told of.
EARLIER = "what is told above"
SEVERE = "Customers are not served until it is over."

# The keys of the notices that stand there and begin so, oldest first; it may raise anything.
PostedKeys = Callable[[str], Awaitable[Sequence[str]]]

log = structlog.get_logger("illness")


class IllnessNotices(Stoppable):
    """One notice when an illness has lasted a while, one when it is over.

    They go straight to Slack: what is ill may be the database, in which all other notices are
    written down first. So after a restart the channel itself is asked what was told: `posted`
    answers the keys of notices that begin like this, oldest first. `told_elsewhere` are sentences
    of which the agents hear in another way.
    """

    def __init__(
        self,
        post: PostNotice,
        channel: str,
        posted: PostedKeys,
        told_elsewhere: Callable[[], Sequence[str]] = tuple,
        *,
        lasts: float = LASTS,
    ) -> None:
        self._post = post
        self._channel = channel
        self._posted = posted
        self._told_elsewhere = told_elsewhere
        self._lasts = lasts
        self._ill: Mapping[str, Ailment] = {}
        self._followed: Mapping[str, Ailment] = {}
        self._told: dict[str, Ailment] = {}
        self._work = BackgroundTasks()

    def sentences(self) -> Sequence[str]:
        """What is ill at this moment, for whoever looks."""
        return [self._sentence(each) for each in self._ill.values() if not self._known(each)]

    async def follow(self, ailments: Sequence[Ailment], *, tells: bool = True) -> None:
        """Take in what is ill now; whoever looks sees it, also where another process `tells`."""
        self._ill = {each.part: each for each in ailments}
        if not tells:
            return
        before, self._followed = self._followed, self._ill
        for part in self._told.keys() - self._ill.keys():
            self._work.begin(self._over(self._told.pop(part)))
        for part in self._ill.keys() - before.keys():
            self._work.begin(self._lasting(self._ill[part]))

    def recall(self, look: Callable[[], Awaitable[Sequence[Ailment]]]) -> None:
        """Know again what an earlier process told, and tell the end of what is over; not awaited.

        `look` answers what is ill now.
        """
        self._work.begin(self._recall(look))

    async def _recall(self, look: Callable[[], Awaitable[Sequence[Ailment]]]) -> None:
        try:
            keys = await self._posted(KEY)
        except Exception:
            # Then an illness that lasts is told once more, and the end of another is not.
            log.exception("notices not recalled")
            return
        for key in keys:
            part, since, tone = _parts_of(key)
            if tone == "good":
                self._told.pop(part, None)
            elif since is not None:
                self._told[part] = Ailment(part, EARLIER, since, vital=tone == "alarm")
        await self.follow(await look())

    async def stop(self) -> None:
        """Tell nothing more."""
        await self._work.stop()

    async def _lasting(self, ailment: Ailment) -> None:
        await asyncio.sleep(self._lasts)
        now = self._ill.get(ailment.part)
        if now is None or now.since != ailment.since or self._known(now):
            return
        if now.part in self._told:
            # An earlier process told of it.
            return
        self._told[now.part] = now
        severe = f" {SEVERE}" if now.vital else ""
        tone: NoticeTone = "alarm" if now.vital else "warning"
        await self._tell(now, tone, "The desk is not well", f"{self._sentence(now)}{severe}")

    async def _over(self, ailment: Ailment) -> None:
        text = f"It is over. It was, from {ailment.since:%H:%M} UTC: {self._sentence(ailment)}"
        await self._tell(ailment, "good", "The desk is well again", text)

    async def _tell(self, about: Ailment, tone: NoticeTone, title: str, text: str) -> None:
        key = f"{KEY}{about.part}:{about.since.isoformat()}:{tone}"
        notice = Notice(key=key, channel=self._channel, tone=tone, title=title, text=text)
        try:
            await self._post(notice, False)
        except Exception:
            # Slack may be the part that is ill; the log has said so when it began.
            log.exception("agents not told", part=about.part)

    def _known(self, ailment: Ailment) -> bool:
        return ailment.sentence == " ".join(self._told_elsewhere())

    def _sentence(self, ailment: Ailment) -> str:
        told = ailment.sentence.rstrip(".")
        return f"{PARTS.get(ailment.part, ailment.part.capitalize())}: {told}."


def _parts_of(key: str) -> tuple[str, datetime | None, str]:
    """The part, since when it is ill, and the tone, of a notice's key."""
    part, _, rest = key.removeprefix(KEY).partition(":")
    since, _, tone = rest.rpartition(":")
    try:
        return part, datetime.fromisoformat(since), tone
    except ValueError:
        return part, None, tone
