"""Killed at any moment, the bot loses nothing and says nothing twice."""

from collections import Counter

import pytest

from emulator.slack import Message
from storage.db.database import Database
from storage.reports import balance as reports_balance
from storage.tickets import messages as tickets_messages
from storage.tickets import tickets
from tests.support.process import killed, started, stopped
from tests.support.questions import DELIVERY, DELIVERY_VI, WARRANTY
from tests.support.workspace import Workspace

pytestmark = pytest.mark.crash

THREADS = 40
ROUNDS = 5
QUESTIONS = (DELIVERY, WARRANTY, DELIVERY_VI)
# A round's messages are under way when the process dies: this many have been acknowledged.
KILLED_AT = (25, 75, 130)


async def said(place: Workspace, roots: list[Message], number: int) -> list[Message]:
    """A round: a message in every thread, each twentieth delivered twice."""
    messages = []
    for thread in range(THREADS):
        if thread % 20 == number:
            place.slack.faults.events("twice")
        question = QUESTIONS[(thread + number) % len(QUESTIONS)]
        if number == 0:
            messages.append(await place.linh.post(place.orders, question))
        else:
            messages.append(await place.linh.reply(roots[thread], question))
    return messages


async def acknowledged(place: Workspace, enough: int) -> None:
    await place.until(lambda: len(place.slack.acks) >= enough)


@pytest.mark.long
async def test_three_kills_under_load_lose_nothing_and_double_nothing(place: Workspace) -> None:
    """200 messages in 40 threads, some redelivered; kill -9 three times; everything adds up."""
    place.claude.latency = {"*": 0.02}
    # Slack repeats after a minute and after five, which is longer than three lives take, however
    # busy the machine; what it gives up is the subject of the stories on what was missed.
    place.slack.dispatch.retry_delays = (0, 1, 2, *[5] * 10)
    place.cards_for = "all"
    process = await started(place)
    roots = await said(place, [], 0)
    messages = list(roots)
    for number, enough in enumerate(KILLED_AT, 1):
        await acknowledged(place, enough)
        await killed(place, process)
        messages += await said(place, roots, number)
        process = await started(place)
    messages += await said(place, roots, ROUNDS - 1)

    keys = [place.key(each) for each in messages]
    answers = [f"{key}:answer" for key in keys]
    cards = [f"card:{1_001 + number}:1" for number in range(THREADS)]
    posts = sorted([*answers, *cards])
    await place.until(lambda: len(place.keys()) >= len(posts) and place.slack.delivered)
    assert await stopped(process) == 0

    assert len(messages) == THREADS * ROUNDS
    assert sorted(place.keys()) == posts
    await books_are_complete(place, keys)
    threads_are_in_order(place, roots)


async def books_are_complete(place: Workspace, keys: list[str], threads: int = THREADS) -> None:
    """Every message is in a ticket and has an outcome; the balance holds."""
    store = Database(place.database_url)
    rows = [await store.read(tickets_messages.find_message, key) for key in keys]
    balance = await store.read(reports_balance.message_balance)
    opened = await store.read(tickets.all_tickets)
    unfinished = await store.read(tickets.unfinished_messages)
    await store.close()
    assert Counter(row.outcome if row else "lost" for row in rows) == {"answered": len(keys)}
    assert (balance.received, balance.ticketed, balance.failed) == (len(keys), len(keys), 0)
    assert (len(opened), unfinished) == (threads, 0)


def threads_are_in_order(place: Workspace, roots: list[Message]) -> None:
    """In each thread the answers stand in the order of the questions."""
    for root in roots:
        thread = place.slack.thread(root)
        asked = [place.key(each) for each in thread if each.user == place.linh.id]
        answered = [
            str(each.metadata["event_payload"]["key"]).removesuffix(":answer")
            for each in thread
            if each.metadata
        ]
        assert answered == asked


@pytest.mark.long
async def test_a_stop_while_a_model_is_thinking_only_delays_the_answer(place: Workspace) -> None:
    """After SIGTERM the story goes on at the next start; the customer hears of no failure."""
    hung = place.claude.faults.add("hold")
    process = await started(place, grace=0.1)
    asked = await place.linh.post(place.orders, DELIVERY)
    await hung.struck.wait()

    assert await stopped(process) == 0
    assert place.keys() == []

    await place.start()
    await place.until(place.keys)
    await place.stop()

    assert place.keys() == [f"{place.key(asked)}:answer"]
    store = Database(place.database_url)
    row = await store.read(tickets_messages.find_message, place.key(asked))
    await store.close()
    assert row is not None
    assert row.outcome == "answered"
