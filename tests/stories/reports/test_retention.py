"""What is dropped at night, and what is kept for ever."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.databases import only_on
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace

pytestmark = only_on("sqlite", "looks into the files")


def rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        found: Sequence[int] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return found[0]


def changed(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


def later(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def test_the_engines_file_forgets_stories_however_they_ended(place: Workspace) -> None:
    """Also those that failed or were broken off; their tickets stay."""
    await place.start()
    engine, desk = place.folder / "deskhand.engine.db", place.folder / "deskhand.db"
    for text in (DELIVERY, WARRANTY):
        await place.hears(place.linh, text)
    changed(engine, "UPDATE workflow_status SET status = 'ERROR' WHERE rowid % 2")
    assert rows(engine, "workflow_status")

    await place.strikes("forget", later(6))
    assert rows(engine, "workflow_status") > 2
    await place.strikes("forget", later(8))

    # The job itself is the one that ended just now.
    assert rows(engine, "workflow_status") <= 2
    assert rows(engine, "workflow_input") <= 2
    assert rows(desk, "steps") == 0
    assert [rows(desk, name) for name in ("tickets", "decisions")] == [2, 2]


async def test_logs_of_both_files_are_emptied(place: Workspace) -> None:
    """After a busy hour they would stay as long as they were."""
    await place.start()
    await place.hears(place.linh, DELIVERY)
    logs = [place.folder / name for name in ("deskhand.db-wal", "deskhand.engine.db-wal")]
    before = [each.stat().st_size for each in logs]
    await place.strikes("forget", later(0))

    # What the end of the job itself writes is all that is left.
    assert all(now.stat().st_size < then for now, then in zip(logs, before, strict=True))


async def test_ignored_messages_are_kept_unless_the_desk_says_for_how_long(
    place: Workspace,
) -> None:
    """By default they are counted for ever, since received is the sum of all outcomes."""
    await place.start()
    await place.hears(place.mai, "lunch?")
    await place.strikes("forget", later(400))
    assert rows(place.folder / "deskhand.db", "ignored") == 1
    await place.stop()

    await place.start("[retention]\nignored_days = 30\n")
    await place.strikes("forget", later(29))
    assert rows(place.folder / "deskhand.db", "ignored") == 1
    await place.strikes("forget", later(31))
    assert rows(place.folder / "deskhand.db", "ignored") == 0
