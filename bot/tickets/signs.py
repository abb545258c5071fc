"""Signs on messages: 👀 while the desk is at work, what a ticket shows of itself, 📤 on its way.

Slack takes few of them, and takes them off more slowly still. So 👀 is for what takes longer than a
moment; it goes when the desk is done, before anything else that can wait. What is left to do is
written down, and done again after a crash or a refusal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from weakref import WeakValueDictionary

import structlog

from bot.messages.inbound import IncomingMessage
from bot.runtime.replicas import Replicas
from bot.runtime.tasks import BackgroundTasks, Stoppable
from bot.tickets.crowd import Crowd
from bot.workspace.port import Workspace
from bot.workspace.posts import MessageSign
from storage.cards import signs
from storage.db.database import Database
from storage.tickets import tickets

# With so many messages at work the next waits for a model: 👀 comes at once, unless as many end
# within a moment.
CROWD = 20
# 👀 that are to go; with so many no other is put on. Slack takes as many off in a minute.
STALE = 20
# Seconds that a story gives way to 👀 in a crowd.
PATIENCE = 0.5
# Seconds after which a message that is not written down yet gets its 👀 from memory.
SLOW = 1.0
SIGNS: tuple[MessageSign, ...] = ("eyes", "white_check_mark", "outbox_tray")

log = structlog.get_logger("signs")


class SignKeeper(Stoppable):
    """Puts signs on and takes them off.

    `moment` is for how many seconds a message needs none, unless there is a crowd of `crowd` or
    more: then no answer stands within a moment. `slow` is how long writing one down may take until
    it is given one from memory.
    """

    def __init__(
        self,
        store: Database,
        workspace: Workspace,
        moment: float = 0,
        crowd: int = CROWD,
        replicas: Replicas | None = None,
        slow: float = SLOW,
    ) -> None:
        self._store = store
        self._replicas = replicas or Replicas(store)
        self._workspace = workspace
        self._moment = moment
        self._crowd = Crowd(crowd, moment)
        self._slow = slow
        self._crowded = asyncio.Event()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        # Messages that the desk is at work on, and those of them that may carry 👀.
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._greeting: set[asyncio.Task[None]] = set()
        self._seen: set[str] = set()
        self._stale: set[str] = set()
        self._fewer = asyncio.Event()
        self._behind: set[str] = set()
        self._background = BackgroundTasks()

    async def begin(self, inbound: IncomingMessage) -> None:
        """The desk is at work on a message: its author sees 👀, unless it is done in a moment.

        In a crowd it is put on first, and this returns when it is, or when that takes too long.
        """
        work = self._take_up(inbound, self._moment)
        if work is not None and self._crowded.is_set() and self._moment:
            await asyncio.wait({work}, timeout=PATIENCE)

    @contextmanager
    def meanwhile(
        self, inbound: IncomingMessage, concerns_us: Callable[[IncomingMessage], Awaitable[bool]]
    ) -> Iterator[None]:
        """While a message is written down: where the disk is slow its author sees 👀 all the same.

        When that fails the message comes again, and 👀 that stands may stay.
        """

        async def hurry() -> None:
            if await concerns_us(inbound):
                self._take_up(inbound, 0)

        loop = asyncio.get_running_loop()
        seen = loop.call_later(self._slow, lambda: self._background.begin(hurry()))
        try:
            yield
        except BaseException:
            self._done(signs.sign_key(inbound.channel, inbound.ts))
            raise
        finally:
            seen.cancel()

    async def none_begins(self, inbound: IncomingMessage) -> None:
        """The message was dealt with before: 👀 goes that was put on in a hurry."""
        if signs.sign_key(inbound.channel, inbound.ts) in self._at_work:
            await self.over(inbound, recovered=False)

    async def over(
        self, inbound: IncomingMessage, ticket_id: int | None = None, *, recovered: bool
    ) -> None:
        """The desk is done with a message: its 👀 will go, which is written down now.

        Where an earlier process was at work on it, it may carry one of which we do not know.
        """
        key = signs.sign_key(inbound.channel, inbound.ts)
        work = self._done(key)
        if key not in self._seen and not recovered:
            if work is not None:
                work.cancel()
            return
        self._seen.discard(key)
        place = (inbound.channel, inbound.ts)
        if await self._store.write(signs.take_off_eyes, *place, ticket_id):
            self._stale.add(key)
            self.touch(key)

    def gone(self, inbound: IncomingMessage) -> None:
        """The message was deleted, and its signs with it."""
        key = signs.sign_key(inbound.channel, inbound.ts)
        work = self._done(key)
        self._seen.discard(key)
        if work is not None:
            work.cancel()

    async def show(self, channel: str, ts: str, name: MessageSign) -> None:
        """A message is to carry a sign, and will, be it that Slack refuses the app for now."""
        key = signs.sign_key(channel, ts)
        await self._store.write(signs.want_signs, key, "", name)
        self.touch(key)

    def touch(self, key: str) -> None:
        """Other signs are wanted on a message than it carries: see to it soon. Never raises."""
        self._background.begin(self._catch_up(key))

    async def retry(self) -> None:
        """Try again what Slack would not do a while ago."""
        behind, self._behind = self._behind, set()
        for key in behind:
            self.touch(key)

    async def resume(self) -> None:
        """Do what an earlier process left to be done."""
        for key in await self._store.read(signs.waiting_signs):
            self.touch(key)

    def __len__(self) -> int:
        return len(self._background)

    async def wait_idle(self) -> None:
        """Wait until every sign is as it should be, but for those of messages at work."""
        await self._background.wait_idle()

    async def stop(self) -> None:
        """Stop; what is left is done at the next start."""
        for work in self._greeting:
            work.cancel()
        await asyncio.gather(*self._greeting, return_exceptions=True)
        await self._background.stop()

    def _take_up(self, inbound: IncomingMessage, moment: float) -> asyncio.Task[None] | None:
        """Begin to be at work on a message, unless that has begun or is none of its author's."""
        key = signs.sign_key(inbound.channel, inbound.ts)
        # A question amid a talk may be none of the desk's business.
        if key in self._at_work or inbound.mode == "shadow" or inbound.pulled == "overheard":
            return None
        work = asyncio.create_task(self._greet(key, inbound, moment))
        self._at_work[key] = work
        self._greeting.add(work)
        work.add_done_callback(self._greeting.discard)
        if self._crowd.waits(len(self._at_work)):
            # Those who came before it wait no longer either.
            self._crowded.set()
        return work

    def _done(self, key: str) -> asyncio.Task[None] | None:
        """Nobody is at work on a message any more; the task of its 👀, if it was to have one."""
        work = self._at_work.pop(key, None)
        if work is not None:
            self._crowd.ended()
        if not self._crowd.waits(len(self._at_work)):
            self._crowded.clear()
        return work

    async def _greet(self, key: str, inbound: IncomingMessage, moment: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._crowded.wait(), moment)
        while len(self._stale) >= STALE:
            self._fewer.clear()
            await self._fewer.wait()
        if inbound.thread_ts is None or not await self._silenced(inbound):
            self._seen.add(key)
            await self._workspace.sign(inbound.channel, inbound.ts, "eyes", on=True)

    async def _silenced(self, inbound: IncomingMessage) -> bool:
        """Whether a person has the word in its thread, who will be the one to see it."""
        place = (inbound.team, inbound.channel, inbound.root)
        return await self._store.read(tickets.thread_silenced, *place)

    async def _catch_up(self, key: str) -> None:
        async with (
            self._locks.setdefault(key, asyncio.Lock()),
            self._replicas.alone(f"sign:{key}"),
        ):
            try:
                done = await self._bring_up(key)
            except Exception:
                log.exception("signs are behind", message=key)
                done = False
            self._stale.discard(key)
            self._fewer.set()
        if not done:
            self._behind.add(key)

    async def _bring_up(self, key: str) -> bool:
        """Put on what is missing and take off what is too much; whether Slack did all of it."""
        channel, _, ts = key.partition(":")
        while True:
            row = await self._store.read(signs.find_signs, key)
            if row is None:
                return True
            names, standing = set(row.names.split()), set(row.standing.split())
            for name in SIGNS:
                if (name in names) == (name in standing):
                    continue
                if not await self._workspace.sign(channel, ts, name, on=name in names):
                    return False
                (standing.add if name in names else standing.discard)(name)
            if await self._store.write(signs.signs_stand, key, standing):
                return True
