"""`deskhand backup` beside a desk at work, and `deskhand restore`."""

import asyncio
import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from storage.db.backup import BadBackup, make_backup, opened_backup, put_in_place
from tests.stories.messages.test_gaps import back, begun
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace


async def deskhand(place: Workspace, *words: object) -> int:
    """Type a command in the desk's folder."""
    env = place.folder / "env"
    env.write_text(f"DATABASE_URL=sqlite:///{place.folder}/deskhand.db\n")
    return await asyncio.to_thread(main, [str(words[0]), "--env", str(env), *map(str, words[1:])])


async def test_a_desk_that_is_restored_answers_nobody_twice(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """It reads from the history what came after the backup, and finds its own answers there."""
    archive = place.folder / "desk.zip"
    await begun(place)
    before = await place.hears(place.linh, DELIVERY)
    assert await deskhand(place, "backup", archive) == 0
    after = await place.hears(place.linh, WARRANTY)
    await place.stop()
    (place.folder / "deskhand.db").write_bytes(b"lost")
    assert await deskhand(place, "restore", archive) == 0
    told = capsys.readouterr().out

    await back(place)

    assert [len(place.replies(each)) for each in (before, after)] == [1, 1]
    assert len(await place.tickets()) == 2
    assert "1 tickets" in told
    assert "read back and found whole" in told
    assert [each.read_bytes() for each in place.folder.glob("deskhand.db.replaced-*")] == [b"lost"]


async def test_what_was_under_way_goes_on_after_a_restore(place: Workspace) -> None:
    """The backup was made while a model was asked; both files tell of the same moment."""
    archive = place.folder / "desk.zip"
    await begun(place)
    asked, fault = await place.held(place.linh, DELIVERY)
    assert await deskhand(place, "backup", archive) == 0
    fault.released.set()
    await place.settled()
    await place.stop()
    assert await deskhand(place, "restore", archive) == 0
    await place.start()
    await place.resumed()

    assert len(place.replies(asked)) == 1
    row = await place.row(asked)
    assert row is not None
    assert row.outcome == "answered"


async def test_nothing_is_restored_under_a_running_desk(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run may look at the archive; the desk goes on."""
    archive = place.folder / "desk.zip"
    await begun(place)
    assert await deskhand(place, "backup", archive) == 0
    assert await deskhand(place, "restore", archive, "--dry-run") == 0
    assert await deskhand(place, "restore", archive) == 2
    assert "another deskhand is running" in capsys.readouterr().err
    asked = await place.hears(place.linh, DELIVERY)

    assert len(place.replies(asked)) == 1


async def test_what_exists_is_not_overwritten_and_what_is_missing_is_named(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """An older backup, a folder that is not there, a desk that never ran."""
    old = place.folder / "old.zip"
    old.write_text("older")
    assert await deskhand(place, "backup", old) == 2
    assert await deskhand(place, "backup", place.folder / "none" / "desk.zip") == 2
    (place.folder / "deskhand.db").unlink()
    assert await deskhand(place, "backup", place.folder / "desk.zip") == 2
    told = capsys.readouterr().err

    assert old.read_text() == "older"
    assert [each in told for each in ("old.zip exists", "none: not found", "nothing to back")] == [
        True
    ] * 3


# Archives that are none


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(archive) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


def _cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-300])


def _turned(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    archive.write_bytes(content)


def _other_rows(archive: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["desk.db"] = parts["desk.db"][:-1] + b"x"

    rewritten(archive, change)


def _about(**said: object) -> Callable[[Path], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts["backup.json"] = json.dumps({**json.loads(parts["backup.json"]), **said}).encode()

    return lambda archive: rewritten(archive, change)


def _no_zip(archive: Path) -> None:
    archive.write_bytes(b"SQLite format 3\0")


def _encrypted(archive: Path) -> None:
    """Each part says that it is, in its own head and in the list at the end."""
    content = bytearray(archive.read_bytes())
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(head)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(head, at + 4)
    archive.write_bytes(content)


def _packed_otherwise(archive: Path) -> None:
    """By a method that nobody here knows."""
    content = bytearray(archive.read_bytes())
    for head, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.find(head)
        while at >= 0:
            content[at + method] = 97
            at = content.find(head, at + 4)
    archive.write_bytes(content)


def _nested(archive: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["backup.json"] = b"[" * 200_000

    rewritten(archive, change)


OUTSIDE = {"../desk.db": {"size": 1, "sha256": "", "rows": {}}}
DAMAGED = [
    _cut,
    _turned,
    _other_rows,
    _no_zip,
    _encrypted,
    _packed_otherwise,
    _nested,
    _about(format=0),
    _about(format=2),
    _about(files={"..": {"size": 1, "sha256": "", "rows": {}}}),
    _about(files={}),
    _about(files=OUTSIDE),
    _about(files={"desk.db": {"size": 5, "sha256": "", "rows": {}}}),
    _about(files={"desk.db": "large"}),
]


def filled(file: Path, numbers: int = 500) -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, words TEXT)")
        rows = [(number, f"{number} " * 20) for number in range(numbers)]
        connection.executemany("INSERT INTO said VALUES (?, ?)", rows)
        connection.commit()
    return file


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """Cut, turned, of another kind, of a newer release, with paths, or larger than it says."""
    archive = tmp_path / "desk.zip"
    make_backup({"desk.db": filled(tmp_path / "desk.db")}, archive)
    damage(archive)

    with pytest.raises(BadBackup, match=r"desk\.zip"), opened_backup(archive):
        pass
    assert {each.name for each in tmp_path.iterdir()} == {"desk.db", "desk.zip"}


def test_a_backup_is_of_one_moment_whoever_writes(tmp_path: Path) -> None:
    """What is written into one file after the other never shows in the second alone."""
    files = {name: filled(tmp_path / name, 0) for name in ("first.db", "second.db")}
    over = threading.Event()

    def write() -> None:
        opened = [sqlite3.connect(file, isolation_level=None) for file in files.values()]
        number = 0
        while not over.is_set():
            for connection in opened:
                connection.execute("INSERT INTO said VALUES (?, '')", (number,))
            number += 1
        for connection in opened:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make_backup(files, tmp_path / f"{number}.zip") for number in range(5)]
    finally:
        over.set()
        writer.join()

    ahead = {
        each.files["first.db"].rows["said"] - each.files["second.db"].rows["said"] for each in made
    }
    assert ahead <= {0, 1}
    assert made[-1].files["first.db"].rows["said"] > 0


def test_the_older_file_is_kept_with_what_was_not_merged_into_it(tmp_path: Path) -> None:
    """Its write-ahead log goes with it; beside the new file it would spoil that."""
    new, old = filled(tmp_path / "new.db", 3), filled(tmp_path / "old.db", 2)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("INSERT INTO said VALUES (99, 'late')")
        connection.commit()
        (tmp_path / "keep").write_bytes((tmp_path / "old.db-wal").read_bytes())
    (tmp_path / "keep").rename(tmp_path / "old.db-wal")

    kept = put_in_place(new, old, "before")

    assert kept == tmp_path / "old.db.before"
    assert (tmp_path / "old.db.before-wal").exists()
    assert not (tmp_path / "old.db-wal").exists()
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT count(*) FROM said").fetchone() == (3,)
