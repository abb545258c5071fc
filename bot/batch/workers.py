"""Rows worked on many at a time and written out in the order they came."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, suppress
from itertools import islice
from typing import TypeVar

from bot.batch.results import Output, Result, result_of
from bot.batch.rows import Row
from bot.batch.stop import StopSignal
from bot.llm.calls import Call, Completion, Question
from bot.llm.structured import Ask, NoAnswer, Stopped
from bot.summaries.summariser import Summariser

# Finished rows that may wait for a slower one ahead of them.
AHEAD = 5_000
# Rows that the reading thread hands over at a time.
HANDFUL = 32

Item = TypeVar("Item")
WorkResult = TypeVar("WorkResult")


async def process_rows(
    rows: Iterator[Row],
    summariser: Summariser,
    ask: Ask,
    output: Output,
    stop_signal: StopSignal,
    *,
    at_once: int,
    handful: int = HANDFUL,
) -> AsyncIterator[tuple[Row, Result]]:
    """Summarise the rows, write each result, and answer it when it is written.

    `at_once` rows are under way at a time, and `handful` are read at a time. It ends early when
    halted; a row that cannot go on halts the rest.
    """

    async def work(row: Row) -> tuple[Row, Result] | None:
        try:
            return row, await _result(row, summariser, ask)
        except Stopped as stopped:
            stop_signal.now(str(stopped))
            return None

    async with aclosing(
        _in_order(_streamed(rows, handful, stop_signal), work, at_once)
    ) as outcomes:
        async for outcome in outcomes:
            if outcome is None:
                # What was finished beyond this row is in the log and is found there next time.
                break
            try:
                output.add(outcome[1])
            except Stopped as stopped:
                stop_signal.now(str(stopped))
                break
            yield outcome


async def _result(row: Row, summariser: Summariser, ask: Ask) -> Result:
    if row.problem:
        return result_of(row, (), None, row.problem)
    calls: list[Call] = []

    async def noted(key: str, question: Question) -> Completion:
        reply = await ask(key, question)
        calls.append(reply.call)
        return reply

    try:
        labelled = await summariser.ticket(str(row.number), row.text, noted)
    except NoAnswer as error:
        return result_of(row, calls, None, str(error))
    return result_of(row, calls, labelled, None)


async def _in_order(
    items: AsyncIterator[Item], work: Callable[[Item], Awaitable[WorkResult]], at_once: int
) -> AsyncGenerator[WorkResult]:
    """What comes of each item, in the order of the items."""
    slots = asyncio.Semaphore(at_once)
    waiting: deque[asyncio.Task[WorkResult]] = deque()

    async def one(item: Item) -> WorkResult:
        try:
            return await work(item)
        finally:
            slots.release()

    try:
        async for item in items:
            await slots.acquire()
            waiting.append(asyncio.create_task(one(item)))
            while waiting and (waiting[0].done() or len(waiting) >= AHEAD + at_once):
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        # Those beyond the first that stopped end by themselves: each is stopped or answered.
        await asyncio.gather(*waiting, return_exceptions=True)


async def _streamed(
    items: Iterator[Item], handful: int, stop_signal: StopSignal
) -> AsyncIterator[Item]:
    """Read in a thread, so that a slow pipe holds nothing up; not far ahead; until halted."""
    loop = asyncio.get_running_loop()
    room = threading.Semaphore(2)
    queue: asyncio.Queue[list[Item] | Exception] = asyncio.Queue()

    def put(entry: list[Item] | Exception) -> None:
        room.acquire()
        with suppress(RuntimeError):  # the loop is closed: nobody reads on
            loop.call_soon_threadsafe(queue.put_nowait, entry)

    def read() -> None:
        try:
            while stop_signal.why is None and (some := list(islice(items, handful))):
                put(some)
            put([])
        except Exception as error:  # noqa: BLE001 - raised again where the rows are used
            put(error)

    # A daemon, because a thread that waits for a pipe cannot be told to stop.
    threading.Thread(target=read, daemon=True).start()
    halted = asyncio.create_task(stop_signal.said())
    try:
        while True:
            entry = await _unless(halted, queue.get())
            room.release()
            if isinstance(entry, Exception):
                raise entry
            if not entry:
                return
            for item in entry:
                yield item
                if halted.done():
                    return
    finally:
        halted.cancel()
        room.release()


async def _unless(
    halted: asyncio.Task[str], coming: Awaitable[list[Item] | Exception]
) -> list[Item] | Exception:
    """What is coming, or nothing when it is time to stop first."""
    task = asyncio.ensure_future(coming)
    await asyncio.wait({task, halted}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        return task.result()
    task.cancel()
    return []
