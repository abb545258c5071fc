"""Whose turn it is in a thread, among several processes."""

from collections.abc import AsyncIterator

import pytest

from storage.db.database import Database
from storage.intake import inbox
from storage.intake.inbox import WaitingMessage
from storage.stories import turns
from storage.stories.turns import TurnRow

THREAD = "T:C:1.000000"
HERE, THERE, DEAD = "here", "there", "dead"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


def turn(number: int, executor: str = HERE, *, overheard: bool = False) -> TurnRow:
    ts = f"{number}.000000"
    story = f"T:C:{ts}"
    return TurnRow(thread=THREAD, ts=ts, story=story, executor=executor, overheard=overheard)


async def begun(store: Database, row: TurnRow, *, wait: bool = True) -> bool:
    return await store.write(turns.begin_turn, row, wait=wait) is None


async def test_the_oldest_of_a_thread_goes_first_and_the_next_when_that_is_over(
    store: Database,
) -> None:
    """Whichever process has it; one that comes late and is older waits for who has begun."""
    await store.write(turns.join_turn, turn(1))
    await store.write(turns.join_turn, turn(2, THERE))

    assert not await begun(store, turn(2, THERE))
    assert await begun(store, turn(1))
    await store.write(turns.join_turn, turn(0, THERE))
    assert not await begun(store, turn(0, THERE))
    await store.write(turns.end_turn, THREAD, "1.000000")
    assert not await begun(store, turn(2, THERE))
    assert await begun(store, turn(0, THERE))


async def test_what_died_at_its_turn_keeps_it_for_whoever_tells_the_story_again(
    store: Database,
) -> None:
    """What it had taken in and not begun is another's; others' stay theirs."""
    await store.write(turns.join_turn, turn(1, DEAD))
    await store.write(turns.join_turn, turn(2, DEAD))
    await store.write(turns.join_turn, turn(3, THERE))
    assert await begun(store, turn(1, DEAD))

    taken = await store.write(turns.take_over_turns, DEAD, HERE)
    assert [(each.ts, each.executor) for each in taken] == [("2.000000", HERE)]
    assert not await begun(store, turn(2))
    assert await begun(store, turn(1))
    assert await store.write(turns.take_over_turns, DEAD, HERE) == []


async def test_a_thread_that_stands_still_is_passed_but_not_one_that_is_worked_on(
    store: Database,
) -> None:
    """Nothing may come of an announcement; a story under way is always waited for."""
    await store.write(turns.join_turn, turn(1, THERE))
    await store.write(turns.join_turn, turn(2))
    assert await begun(store, turn(2), wait=False)

    await store.write(turns.join_turn, turn(3))
    assert not await begun(store, turn(3), wait=False)


async def test_taking_back_spares_what_has_begun(store: Database) -> None:
    """The story that has its turn takes its row away itself."""
    await store.write(turns.join_turn, turn(1))
    assert await begun(store, turn(1))
    await store.write(turns.end_turn, THREAD, "1.000000", begun=False)
    assert await store.read(turns.turns_in, THREAD)

    await store.write(turns.end_turn, THREAD, "1.000000")
    assert not await store.read(turns.turns_in, THREAD)


async def test_a_message_is_taken_in_by_one_process(store: Database) -> None:
    """Also when its event comes again to another while its story is under way."""
    assert await store.write(inbox.put_message, "T:C:1.000000", {}, turn(1))
    assert not await store.write(inbox.put_message, "T:C:1.000000", {}, turn(1, THERE))
    await store.write(inbox.remove_message, "T:C:1.000000")

    assert not await store.write(inbox.put_message, "T:C:1.000000", {}, turn(1, THERE))
    found = await store.read(lambda session: session.get(WaitingMessage, "T:C:1.000000"))
    assert found is None
    await store.write(turns.end_turn, THREAD, "1.000000")
    assert await store.write(inbox.put_message, "T:C:1.000000", {}, turn(1, THERE))


async def test_a_talk_is_overheard_until_its_turn_is_over(store: Database) -> None:
    """By whichever process asks."""
    await store.write(turns.join_turn, turn(1))
    assert not await store.read(turns.overheard_in, THREAD)
    await store.write(turns.join_turn, turn(2, THERE, overheard=True))
    assert await store.read(turns.overheard_in, THREAD)
