"""A desk moves from a file of SQLite to a PostgreSQL server, whole or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli import main
from storage.db.database import Database, Session
from storage.moving import desk as moving
from storage.tickets import search, tickets
from storage.tickets.search import TicketFilter
from storage.tickets.tables import Decision
from tests.support.databases import Server, copied, writing_held
from tests.support.workspace import Workspace, workspace

QUESTION = "How long does delivery take?"
ODD = "Mã đơn \N{PILE OF POO} «q\\'uote» of\0nothing"


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """The address of an empty database on the server."""
    with server.lent() as url:
        yield url


@pytest.fixture
async def lived(tmp_path: Path, migrated: Path) -> Workspace:
    """A desk on a file that has answered, handed over and heard a message withdrawn, at rest."""
    async with workspace(tmp_path, copied(migrated, tmp_path)) as place:
        await place.start()
        await place.hears(place.linh, QUESTION)
        await place.hears(place.linh, "My kettle is broken, a person please!")
        gone = await place.hears(place.linh, ODD)
        await place.linh.delete(gone)
        await place.settled()
        await place.stop()
    return place


def moved(place: Workspace, url: str) -> int:
    """What the command ends with."""
    env = place.folder / "env"
    env.write_text(f"DATABASE_URL={place.database_url}\n")
    return main(["migrate", "--env", str(env), "--to", url])


async def contents(url: str) -> tuple[str, list[int], list[int], str]:
    """Tickets and decisions as the desk reads them, what a search finds, how JSON was written."""
    store = Database(url)
    try:
        rows = [each.model_dump() for each in await store.read(tickets.all_tickets)]
        kettle = await store.read(search.find_tickets, TicketFilter(words="broken kettles"), 9)
        quote = await store.read(search.find_tickets, TicketFilter(words="nothing"), 9)
        written = await store.read(_written)
    finally:
        await store.close()
    return (
        # PostgreSQL keeps no NUL, and shows that one was there.
        json.dumps(rows, default=str).replace("\\u0000", "\\ufffd"),
        [each.ticket_id for each in kettle.tickets],
        [each.ticket_id for each in quote.tickets],
        written,
    )


def _written(session: Session) -> str:
    table = Decision.__tablename__
    rows = session.execute(
        text(f"SELECT CAST(triage AS VARCHAR), CAST(gate AS VARCHAR) FROM {table} ORDER BY 1")  # noqa: S608
    )
    return json.dumps([list(each) for each in rows])


async def test_a_desk_moves_and_goes_on(
    lived: Workspace, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows, sums, search, JSON and the next number are the same; the copied desk works."""
    before = await contents(lived.database_url)

    assert moved(lived, empty) == 0
    assert "are the same on both sides" in capsys.readouterr().out
    assert await contents(empty) == before

    store = Database(empty)
    newest = max(each.ticket_id for each in await store.read(tickets.all_tickets))
    await store.close()
    async with workspace(lived.folder, empty) as place:
        await place.start()
        asked = await place.hears(place.linh, QUESTION)
        found = await place.ticket(asked)
        await place.stop()
    assert found is not None
    assert found.ticket_id == newest + 1


async def test_a_move_that_was_broken_off_goes_on(lived: Workspace, empty: str) -> None:
    """What had arrived is not read again, and nothing stands there twice."""

    def told(table: str, _rows: int) -> None:
        if table == "messages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moving.move_desk(lived.database_url, empty, told)

    again: dict[str, int] = {}
    found = moving.move_desk(lived.database_url, empty, again.__setitem__)

    assert all(each.same for each in found)
    assert again["messages"] == again["tickets"] == 0
    assert again["posts"] > 0


async def test_a_desk_that_is_in_use_is_not_written_into(
    lived: Workspace, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a second time nor into another desk's database."""
    assert moved(lived, empty) == 0
    before = await contents(empty)
    capsys.readouterr()

    assert moved(lived, empty) == 2
    assert "a desk is in that database" in capsys.readouterr().err
    assert await contents(empty) == before


async def test_a_row_that_differs_is_told(lived: Workspace, empty: str) -> None:
    """A count or a sum that is not the same."""
    moving.move_desk(lived.database_url, empty, lambda *_: None)
    with writing_held(empty) as connection:
        connection.execute(text("COMMENT ON TABLE tickets IS 'a desk is being moved here'"))
        connection.execute(text("UPDATE calls SET nano_dollars = nano_dollars + 1"))

    found = moving.move_desk(lived.database_url, empty, lambda *_: None)

    assert [each.name for each in found if not each.same] == ["calls"]


@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("postgresql://u@h/a", "postgresql://u@h/b", "is on a server already"),
        ("sqlite:///{folder}/desk.db", "sqlite:///b.db", "--to: expected postgresql://"),
        ("sqlite:///{folder}/none.db", "postgresql://u@h/b", "there is nothing to move"),
    ],
)
def test_what_cannot_be_moved_is_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    source: str,
    target: str,
    sentence: str,
) -> None:
    """Before anything is opened for writing."""
    env = tmp_path / "env"
    env.write_text(f"DATABASE_URL={source.format(folder=tmp_path)}\n")

    assert main(["migrate", "--env", str(env), "--to", target]) == 2
    assert sentence in capsys.readouterr().err


async def test_a_desk_at_work_is_not_moved(
    place: Workspace, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it writes meanwhile would be left behind."""
    if not place.database_url.startswith("sqlite"):
        pytest.skip("on sqlite only: a server's desk is not moved")
    await place.start()

    assert moved(place, empty) == 2
    assert "another deskhand is running" in capsys.readouterr().err


def test_a_server_that_is_away_is_a_sentence(
    tmp_path: Path, migrated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The password is not in it."""
    env = tmp_path / "env"
    env.write_text(f"DATABASE_URL={copied(migrated, tmp_path)}\n")

    target = "postgresql://desk:secret@127.0.0.1:1/desk"
    assert main(["migrate", "--env", str(env), "--to", target]) == 2
    told = capsys.readouterr().err
    assert "DATABASE_URL: postgresql://desk@127.0.0.1:1/desk cannot be opened" in told
    assert "secret" not in told
