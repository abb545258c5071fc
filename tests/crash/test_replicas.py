"""Several processes on one PostgreSQL server: work is shared, and one that dies is replaced."""

import asyncio
import time
from collections.abc import AsyncIterator
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from emulator.slack import Message
from storage.db.address import database_url
from storage.db.database import Database
from storage.stories import turns
from storage.tickets import tickets
from storage.tickets.tables import Ticket
from tests.crash.test_messages import books_are_complete, threads_are_in_order
from tests.stories.answers.test_streaming import FIRST, REST
from tests.support.databases import Server
from tests.support.process import killed, started, stopped
from tests.support.questions import DELIVERY, DELIVERY_VI, WARRANTY
from tests.support.workspace import Workspace, workspace

pytestmark = pytest.mark.crash

THREADS = 15
QUESTIONS = (DELIVERY, WARRANTY, DELIVERY_VI)
# Seconds within which another process has what a dead one was at.
REPLACED = 10.0


@pytest.fixture
async def served(tmp_path: Path, server: Server, template: str) -> AsyncIterator[Workspace]:
    """A workspace whose desk has its data on the server, whatever the other tests work on."""
    with server.lent(template) as url:
        async with workspace(tmp_path, url) as opened:
            yield opened


def told_by(url: str) -> dict[str, int]:
    """How many stories each process has ended, by its name in the engine's rows."""
    engine = create_engine(database_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT executor_id, count(*) FROM deskhand_engine.workflow_status"
                " WHERE name = 'message' AND status = 'SUCCESS' GROUP BY 1"
            )
        ).all()
    engine.dispose()
    return {str(name): int(number) for name, number in rows}


def acknowledged(place: Workspace) -> set[str]:
    """The messages that some process has written down."""
    taken = [each.payload.get("event", {}) for each in place.slack.acks if each.acked_at]
    return {str(each["ts"]) for each in taken if each.get("type") == "message"}


async def said(place: Workspace, roots: list[Message], number: int) -> list[Message]:
    """A message in every thread, a tenth of them delivered twice, to whatever process."""
    messages = []
    for thread in range(THREADS):
        if thread % 10 == number:
            place.slack.faults.events("twice")
        question = QUESTIONS[(thread + number) % len(QUESTIONS)]
        if number == 0:
            messages.append(await place.linh.post(place.orders, question))
        else:
            messages.append(await place.linh.reply(roots[thread], question))
    return messages


@pytest.mark.long
async def test_three_processes_share_the_work_and_replace_one_that_is_killed(
    served: Workspace,
) -> None:
    """Each message is ticketed once and answered once, and each thread keeps its order."""
    place = served
    place.claude.latency = {"*": 0.05}
    place.slack.dispatch.retry_delays = (0, 1, 2, *[5] * 10)
    place.cards_for = "all"
    processes = [await started(place) for _ in range(3)]
    roots = await said(place, [], 0)
    # Nobody replies before a message is seen, but two processes may hear of both at once.
    heard = {each.ts for each in roots}
    await place.until(lambda: heard <= acknowledged(place))
    messages = [*roots, *await said(place, roots, 1)]
    await killed(place, processes.pop())
    messages += await said(place, roots, 2)
    processes.append(await started(place))
    messages += await said(place, roots, 3)

    keys = [place.key(each) for each in messages]
    answers = [f"{key}:answer" for key in keys]
    cards = [f"card:{ticket.id}:1" for ticket in await opened(place, THREADS)]
    posts = sorted([*answers, *cards])
    await place.until(lambda: len(place.keys()) >= len(posts) and place.slack.delivered)
    assert [await stopped(each) for each in processes] == [0, 0, 0]

    assert sorted(place.keys()) == posts
    assert len([each for each in told_by(place.database_url).values() if each]) >= 3
    await books_are_complete(place, keys, THREADS)
    threads_are_in_order(place, roots)
    assert await turns_left(place) == 0


@pytest.mark.long
async def test_a_thread_waits_for_the_story_of_a_process_that_died(served: Workspace) -> None:
    """What is asked meanwhile is answered behind it, within ten seconds, and by the other."""
    place = served
    first, second = await started(place), await started(place)
    hung = place.claude.faults.add("hold")
    asked = await place.linh.post(place.orders, DELIVERY)
    async with asyncio.timeout(60):
        await hung.struck.wait()
    (at_it,) = told_at(place.database_url)
    doomed, other = (first, second) if at_it == first.pid else (second, first)
    began = time.monotonic()
    await killed(place, doomed)
    later = await place.linh.reply(asked, WARRANTY)
    await place.until(lambda: len(place.replies(asked)) >= 2)
    took = time.monotonic() - began
    assert await stopped(other) == 0

    assert took < REPLACED
    posts = place.keys()
    answered = [key.removesuffix(":answer") for key in posts if key.endswith(":answer")]
    assert answered == [place.key(asked), place.key(later)]
    assert len(posts) == len(set(posts))


@pytest.mark.long
async def test_a_process_that_loses_its_lock_ends_and_the_other_goes_on(served: Workspace) -> None:
    """The exit status tells a supervisor to start it again; without a cut nobody ends."""
    place = served
    first, second = await started(place), await started(place)
    engine = create_engine(
        database_url(place.database_url), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE locktype = 'advisory' AND objsubid = 2"
                " AND datname = current_database() LIMIT 1"
            )
        )
    engine.dispose()
    gone_first: list[Any] = await asyncio.to_thread(wait, [first.sentinel, second.sentinel], 30)
    assert len(gone_first) == 1
    gone, other = (first, second) if first.sentinel in gone_first else (second, first)
    gone.join()
    await place.until(lambda: len(place.slack.sockets.connections) == 1)
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: place.replies(asked))

    assert gone.exitcode == 75
    assert other.is_alive()
    assert await stopped(other) == 0


@pytest.mark.long
async def test_an_agent_heard_by_one_process_stops_the_answer_that_another_writes(
    served: Workspace,
) -> None:
    """Within some beats, in mid-sentence; what the customer has of it stays, with a word."""
    place = served
    place.streams = ("track_shipping",)
    processes = [await started(place), await started(place)]
    await place.until(lambda: len(place.slack.sockets.connections) == 2)
    writer, other = place.slack.sockets.connections
    other.draining = True
    place.claude.faults.add("stream_hold", text=FIRST + REST, cited=True, after=1)
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: place.replies(asked))
    writer.draining, other.draining = True, False
    await place.mai.reply(asked, "I'll take this one.")
    await place.until(place.claude.calls[-1].over.is_set)

    await place.until(lambda: "A person goes on from here." in place.slack.transcript(place.orders))
    assert [each.strip() for each in place.replies(asked)] == [FIRST.strip()]
    # A model that only seems to hang would have been asked again.
    assert len(place.claude.calls) == 2
    writer.draining = False
    assert [await stopped(each) for each in processes] == [0, 0]


def told_at(url: str) -> list[int]:
    """The system's numbers of the processes that have a story under way: the server knows them."""
    engine = create_engine(database_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT DISTINCT executor_id FROM deskhand_engine.workflow_status"
                " WHERE name = 'message' AND status = 'PENDING'"
            )
        ).all()
    engine.dispose()
    return [int(str(name).rsplit(":", 2)[1]) for (name,) in rows]


async def opened(place: Workspace, number: int) -> list[Ticket]:
    """The tickets, once there are so many."""
    store = Database(place.database_url)
    try:
        async with asyncio.timeout(60):
            while len(found := list(await store.read(tickets.all_tickets))) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        await store.close()
    return found


async def turns_left(place: Workspace) -> int:
    """How many messages are still to have their turn."""
    store = Database(place.database_url)
    try:
        return await store.read(turns.count_turns)
    finally:
        await store.close()
