"""Killed between any two of its writes, a story goes on where it was.

`WRITES` is the table of what a story commits, in order. A process is killed right before each of
them, so that all was done that stands between it and the one before, and right after, before
anything else can follow.

| killed before … | what the next process finds | what it does again |
|---|---|---|
| inbox | nothing: the event is not acknowledged | Slack sends it again |
| begun | the row of the inbox | the sign |
| opened | a workflow without steps | nothing |
| triage | the ticket | the call to triage |
| answer | the verdict | the call for the answer |
| recorded | both results, and a post under its key in Slack | nothing, it finds its post |
| ended | everything | the same record, which changes nothing |

A stream that is cut short is for `test_streams.py`, a card that is not drawn for `test_cards.py`, a
sign that is not taken off for `test_signs.py`.
"""

import asyncio
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import pairwise

import pytest

from tests.support.databases import only_on
from tests.support.deaths import Death, Moment, Write, committed
from tests.support.process import ended, started, stopped
from tests.support.questions import DELIVERY, PERSON
from tests.support.workspace import PATIENCE, Workspace

pytestmark = [pytest.mark.crash, only_on("sqlite", "its files are looked into")]

STEP = "INSERT INTO steps"
TRIAGE = Write("triage", STEP, "'triage'")
ANSWER = Write("answer", STEP, "'answer'")
WRITES = (
    Write("inbox", "INSERT INTO inbox"),
    Write("begun", "INSERT INTO main.workflow_status"),
    Write("opened", "DELETE FROM inbox"),
    TRIAGE,
    ANSWER,
    Write("recorded", "INSERT INTO decisions"),
    Write("ended", "INSERT INTO main.workflow_output"),
)
# What goes on beside the story, and the labels of a message that is handed over.
BESIDE = (
    Write("card", "INSERT INTO cards"),
    Write("drawn", "UPDATE cards"),
    Write("proposed", "INSERT INTO changes", "'handed over'"),
    Write("sign to go", "INSERT INTO signs"),
    Write("sign gone", "DELETE FROM signs"),
    # The engine's own looks for what is overdue and for what is due, on its clock.
    Write("overdue", "UPDATE main.workflow_status", "'CANCELLED'"),
    Write("due", "UPDATE main.workflow_status", "'DELAYED'"),
)
DEATHS: list[tuple[Write, Moment]] = [
    (write, moment) for write in WRITES for moment in ("before", "after")
]


async def lived_through(place: Workspace) -> None:
    """Wait until each message has an answer, its event is acknowledged, and its story ended."""
    asked = [each for each in place.slack.messages(place.orders) if each.user == place.linh.id]
    await place.until(lambda: len(place.keys()) >= len(asked) and place.slack.delivered)
    async with asyncio.timeout(PATIENCE):
        while not at_rest(place):  # noqa: ASYNC110 - files tell nobody that they changed
            await asyncio.sleep(0.02)


def at_rest(place: Workspace) -> bool:
    """Whether no message waits for its story, and every story has ended."""
    unfinished = {
        "deskhand.engine.db": "SELECT 1 FROM workflow_status WHERE status = 'PENDING'",
        "deskhand.db": "SELECT 1 FROM inbox",
    }
    for file, asked in unfinished.items():
        with closing(sqlite3.connect(place.folder / file)) as connection:
            if connection.execute(asked).fetchone() is not None:
                return False
    return True


@pytest.mark.long
async def test_a_kill_at_any_write_loses_nothing_and_pays_for_one_call_at_most(
    place: Workspace,
) -> None:
    """One answer for each message, and a call is repeated only where it was cut short."""
    place.slack.dispatch.retry_delays = (0, 0.5, 1)
    armed = place.folder / "armed"
    paid: list[int] = []
    # Each process ends the story in which the one before it was killed.
    for write, moment in DEATHS:
        process = await started(place, death=Death(write, moment, armed))
        await lived_through(place)
        paid.append(place.asked())
        armed.touch()
        await place.linh.post(place.orders, DELIVERY)
        assert await ended(process) == -signal.SIGKILL, write.name
        await place.until(lambda: not place.slack.sockets.connections)
        armed.unlink()
    process = await started(place)
    await lived_through(place)
    paid.append(place.asked())
    assert await stopped(process) == 0

    twice = [(TRIAGE, "before"), (ANSWER, "before")]
    calls = [after - before for before, after in pairwise(paid)]
    assert calls == [3 if death in twice else 2 for death in DEATHS]
    assert set(Counter(place.keys()).values()) == {1}
    assert len(place.keys()) == len(DEATHS)


@pytest.mark.parametrize("question", [DELIVERY, PERSON], ids=["answered", "handed over"])
async def test_the_table_has_every_write_of_a_story(place: Workspace, question: str) -> None:
    """A new one wants a row, and a thought about what is found when a process ends beside it."""
    place.cards_for = "all"
    await place.start()
    with committed() as commits:
        await place.hears(place.linh, question)

    known = [
        {each.name for each in (*WRITES, *BESIDE) if any(each.made_by(*one) for one in commit)}
        for commit in commits
    ]
    assert all(known), [commit for commit, names in zip(commits, known, strict=True) if not names]
    story = {each.name for each in WRITES if each is not ANSWER or question == DELIVERY}
    assert story <= set.union(*known)
