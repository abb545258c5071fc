"""The processes that run one desk on a server: who is alive, and what each may do alone.

Each process holds a lock on its name. Whose lock another gets is dead, and its work is taken over.
A process that loses its own lock ends at once, for others have its work by then. On a file there is
one process, and nothing here does anything.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot.config.settings import SettingsError
from bot.runtime.tasks import BackgroundTasks
from storage.db.database import Database
from storage.db.engine_home import LOCAL, DatabaseInUse, EngineHome
from storage.db.process_locks import ProcessLocks, alive_name
from storage.stories import live_processes

# Seconds between two looks, and after which a server that says nothing is given up: it lets go of
# a machine that vanished after twenty.
BEAT = 1.0
SILENCE = 14.0
# Seconds after which a dead process is taken over once more: what it had sent to the server as it
# died may have been committed after the first look.
LATE = 30.0
# Seconds between two attempts to get what another process has, at first and at most.
FIRST_LOOK, LONGEST_LOOK = 0.02, 0.5
# The exit status by which a supervisor knows that it shall start the process again: EX_TEMPFAIL.
LOCK_LOST = 75

P = ParamSpec("P")
T = TypeVar("T")
TakeOver = Callable[[str], Awaitable[None]]

log = structlog.get_logger("replicas")


def end_process() -> None:
    """End at once: whatever this process did from now on, another may do as well."""
    os._exit(LOCK_LOST)


class Replicas:
    """This process among those on its database.

    `leave` is called when its lock is lost. `live` is how many there are, as of the last look;
    `eldest` says that none of them began before this one.
    """

    def __init__(
        self, store: Database, *, beat: float = BEAT, leave: Callable[[], None] = end_process
    ) -> None:
        self.home: EngineHome = store.engine_home
        self._store = store
        self._beat = beat
        self._leave = leave
        # The connection of the locks is asked by one thread of its own.
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="locks")
        self._local: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._followers: list[Callable[[int], None]] = []
        self._beats: list[Callable[[], Awaitable[None]]] = []
        self._watching = BackgroundTasks()
        # Since when processes have been seen to be dead, and whose work was taken over once.
        self._died: dict[str, float] = {}
        self._taken: set[str] = set()
        self.live = 1
        self.eldest = True

    @property
    def several(self) -> bool:
        """Whether others may run on the same database."""
        return self.home.locks is not None

    @property
    def executor(self) -> str:
        """This process's name."""
        return self.home.executor

    def open(self) -> Any:
        """Take this process's locks; connections for the engine. Blocks.

        Raises:
            SettingsError: nobody else may run on the database now.
        """
        try:
            return self.home.open()
        except DatabaseInUse as error:
            raise SettingsError(str(error)) from None

    def close(self) -> None:
        """Give the locks back: what is left is others' from now on."""
        self.home.close()

    def follow(self, share: Callable[[int], None]) -> None:
        """Tell how many processes there are, whenever that changes."""
        self._followers.append(share)

    def each_beat(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something at each look, while there may be others: they may have changed it."""
        self._beats.append(work)

    @asynccontextmanager
    async def watching(self, take_over: TakeOver) -> AsyncIterator[None]:
        """Take part until the block ends; `take_over` is told of each process that died.

        What is left by those that were dead already is taken over before the block begins.
        """
        locks = self.home.locks
        if locks is None:
            yield
            return
        await self._store.write(live_processes.process_begun, self.executor, LOCAL)
        await self._look(locks, take_over)
        self._watching.begin(self._watch(locks, take_over))
        try:
            yield
        finally:
            await self._watching.stop()

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """Be the only one at a thing, among all processes, until the block ends."""
        locks = self.home.locks
        if locks is None:
            yield
            return
        async with self._local.setdefault(name, asyncio.Lock()):
            pause = FIRST_LOOK
            while not await self._ask(locks.take, name):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_LOOK)
            try:
                yield
            finally:
                await asyncio.shield(self._ask(locks.give_back, name))

    async def _watch(self, locks: ProcessLocks, take_over: TakeOver) -> None:
        while True:
            await asyncio.sleep(self._beat)
            if not await self._held(locks):
                log.critical("lock lost", process=self.executor)
                self._leave()
                return
            try:
                await self._look(locks, take_over)
            except Exception:
                log.exception("other processes not looked at")

    async def _held(self, locks: ProcessLocks) -> bool:
        """Whether the server says that this process's locks stand.

        A machine that has no time for this process is no silent server: an answer that is there by
        now counts, however late this loop comes to it.
        """
        asked = asyncio.ensure_future(self._ask(locks.held))
        await asyncio.wait({asked}, timeout=SILENCE)
        await asyncio.sleep(0)
        return asked.done() and asked.result()

    async def _look(self, locks: ProcessLocks, take_over: TakeOver) -> None:
        known = await self._store.read(live_processes.known_processes)
        alive = await self._ask(locks.live)
        dead = [each for each in known if alive_name(each) not in alive]
        living = [each for each in known if each not in dead]
        self.eldest = living[:1] == [self.executor]
        self._count(len(living))
        await self._bury(locks, take_over, dead)
        for work in self._beats:
            await work()

    async def _bury(self, locks: ProcessLocks, take_over: TakeOver, dead: Sequence[str]) -> None:
        self._died = {each: self._died.get(each, time.monotonic()) for each in dead}
        for each, since in self._died.items():
            late = time.monotonic() - since > LATE
            if each in self._taken and not late:
                continue
            if not await self._ask(locks.seize, each):
                continue
            try:
                # Another may have been done with it between our look and our lock.
                if each in await self._store.read(live_processes.known_processes):
                    await take_over(each)
                    self._taken.add(each)
                    if late:
                        await self._store.write(live_processes.process_over, each)
                        self._taken.discard(each)
            finally:
                await self._ask(locks.bury, each)

    def _count(self, live: int) -> None:
        if live != self.live:
            log.info("processes", live=live)
            self.live = live
            for share in self._followers:
                share(live)

    async def _ask(self, ask: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        asked = asyncio.get_running_loop().run_in_executor(
            self._asking, lambda: ask(*given, **named)
        )
        return await asked
