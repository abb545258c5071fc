"""What a PostgreSQL server has to be, and how the desk's store behaves on one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, inspect, text
from sqlalchemy.engine import make_url

from bot.runtime.replicas import Replicas
from storage.costs.ledger import put_rows
from storage.db.address import BadDatabaseUrl, DatabaseAway, database_url
from storage.db.database import Database, Session, StoreFailure
from storage.db.engine_home import LOCAL, DatabaseInUse, engine_home
from storage.db.migrate import schema_state, upgrade_database
from storage.db.process_locks import alive_name
from storage.reports.desk_stats import spend_since
from storage.tickets.tables import CallRow, IgnoredMessage, Ticket
from tests.storage.test_tickets import NOON
from tests.support.databases import Server

# Each database's own word indexes; the tables of the desk are the rest.
LOCALIZED = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'character varying'
AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'
"""
WORDS = ("passages_stemmed", "passages_folded", "passages_words", "spoken")


@pytest.fixture
def url(server: Server, template: str) -> Iterator[str]:
    """A desk's database on the server."""
    with server.lent(template) as address:
        yield address


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """An empty database on the server."""
    with server.lent() as address:
        yield address


@pytest.fixture
async def store(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    yield opened
    await opened.close()


def done(address: str, *statements: str) -> None:
    """Carry out statements as the server's owner."""
    engine = create_engine(database_url(address), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for each in statements:
            connection.execute(text(each))
    engine.dispose()


def columns(engine: Engine) -> dict[str, dict[str, tuple[str, bool]]]:
    """The tables of a desk, their columns, and of each its kind and whether it may be empty."""
    looked = inspect(engine)
    return {
        table: {
            each["name"]: (each["type"].as_generic().python_type.__name__, bool(each["nullable"]))
            for each in looked.get_columns(table)
        }
        for table in looked.get_table_names()
        if not table.startswith(WORDS)
    }


def test_both_databases_have_the_same_tables(migrated: Path, url: str) -> None:
    """Tables, columns, kinds, what may be empty, and indexes: one set of migrations made both."""
    file, server = create_engine(f"sqlite:///{migrated}"), create_engine(database_url(url))
    one, other = columns(file), columns(server)
    indexes = [
        {
            (table, each["name"], tuple(each["column_names"]))
            for table in one
            for each in inspect(engine).get_indexes(table)
            if not each.get("duplicates_constraint")
        }
        for engine in (file, server)
    ]
    file.dispose()
    server.dispose()

    assert one == other
    assert indexes[0] == indexes[1]


def test_texts_are_compared_by_their_bytes(url: str) -> None:
    """Whatever the server's locale: keys and time stamps are in their order."""
    engine = create_engine(database_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        left = connection.execute(text(LOCALIZED)).all()
    engine.dispose()

    assert left == []


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (["CREATE TABLE songs (title text)"], "belongs to another program (it holds songs)"),
        (["ALTER DATABASE {name} SET default_transaction_read_only = on"], "may only be read"),
    ],
)
def test_a_server_that_does_not_suit_is_told(
    empty: str, statements: list[str], sentence: str
) -> None:
    """Before anything is made there."""
    done(empty, *[each.format(name=make_url(empty).database) for each in statements])

    with pytest.raises(BadDatabaseUrl) as refused:
        upgrade_database(empty)

    assert sentence in str(refused.value)


def test_a_role_that_may_make_nothing_is_told_what_helps(empty: str) -> None:
    """Both grants, one after the other; then the tables are made."""
    address = make_url(empty)
    role = f"clerk_{address.database}"
    schema = f"GRANT CREATE ON SCHEMA public TO {role}"
    database = f"GRANT CREATE ON DATABASE {address.database} TO {role}"
    done(empty, f"CREATE ROLE {role} LOGIN")
    clerk = address.set(username=role).render_as_string(hide_password=False)
    try:
        for helps in (schema, database):
            with pytest.raises(BadDatabaseUrl) as refused:
                upgrade_database(clerk)
            assert helps in str(refused.value)
            done(empty, helps)
        upgrade_database(clerk)
        assert schema_state(clerk).pending == []
    finally:
        done(empty, f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


def test_a_database_without_all_letters_is_refused(server: Server) -> None:
    """Vietnamese does not fit into Latin-1."""
    with server.lent(encoding="LATIN1") as address, pytest.raises(BadDatabaseUrl) as refused:
        upgrade_database(address)

    assert "keeps text as LATIN1" in str(refused.value)


def test_a_newer_releases_database_is_left_alone(url: str) -> None:
    """On a server as on a file."""
    done(url, "UPDATE alembic_version SET version_num = '0999_later'")

    with pytest.raises(BadDatabaseUrl, match="was written by a newer Deskhand"):
        upgrade_database(url)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://desk:secret@127.0.0.1:1/desk",
        "postgresql://desk:secret@127.0.0.1:port/desk",
        "postgresql://desk:secret@host",
        "postgresql+asyncpg://desk:secret@host/desk",
    ],
)
def test_no_sentence_shows_a_password(address: str) -> None:
    """Away, with a mistake, without a name, by another driver."""
    with pytest.raises(BadDatabaseUrl) as refused:
        schema_state(address)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "may_pass"),
    [
        ("postgresql://desk@127.0.0.1:1/desk", True),
        ("postgresql://desk@no-such-host.invalid/desk", True),
        ("{server}_gone", False),
    ],
)
def test_what_may_pass_by_itself_is_told_from_what_may_not(
    url: str, address: str, may_pass: bool
) -> None:
    """A server that is away is waited for at a start; a database that is not there is a mistake."""
    gone = make_url(url)
    named = gone.set(database=f"{gone.database}_gone").render_as_string(hide_password=False)
    with pytest.raises(BadDatabaseUrl) as refused:
        schema_state(named if address.startswith("{") else address)

    assert isinstance(refused.value, DatabaseAway) is may_pass


async def test_writers_of_two_processes_take_turns(url: str) -> None:
    """What one has read is still so when it writes."""
    stores = [Database(url), Database(url)]
    await stores[0].write(
        Session.add, Ticket(id=1, team_id="T", channel_id="C", thread_ts="1", requester_id="U")
    )

    await asyncio.gather(*(stores[each % 2].write(_one_more) for each in range(60)))

    counted = await stores[0].read(Session.get, Ticket, 1)
    for each in stores:
        await each.close()
    assert counted is not None
    assert counted.version == 61


def _one_more(session: Session) -> None:
    ticket = session.get(Ticket, 1)
    assert ticket is not None
    ticket.version += 1


async def test_a_reader_writes_nothing(store: Database) -> None:
    """A mistake in a question is an error on a server."""
    with pytest.raises(StoreFailure, match="read-only"):
        await store.read(lambda session: session.execute(text("DELETE FROM tickets")))


async def test_connections_that_were_cut_are_made_anew(store: Database, url: str) -> None:
    """As after a restart of the server: the next question and the next transaction find it."""
    await store.write(Session.add, IgnoredMessage(key="a", reason="before"))
    cut_all(url)

    await store.write(Session.add, IgnoredMessage(key="b", reason="after"))
    found = [await store.read(Session.get, IgnoredMessage, key) for key in "ab"]
    assert [each.reason for each in found if each is not None] == ["before", "after"]


async def test_who_is_cut_off_in_the_middle_is_told_and_writes_nothing(
    store: Database, url: str
) -> None:
    """Those that shared the commit too: nobody knows whether it arrived."""

    def cut(session: Session) -> None:
        session.add(IgnoredMessage(key="a", reason="lost"))
        session.flush()
        (own,) = session.execute(text("SELECT pg_backend_pid()")).one()
        done(url, f"SELECT pg_terminate_backend({own})")

    with pytest.raises(StoreFailure):
        await store.write(cut)
    assert await store.read(Session.get, IgnoredMessage, "a") is None


async def test_any_text_is_kept_and_sums_are_whole(store: Database) -> None:
    """NUL, which PostgreSQL has no place for, leaves a sign; money beyond 32 bits stays exact."""
    odd = "Đơn \N{PILE OF POO} 'x' \\ % :y\0z"
    call = CallRow(
        key="c",
        purpose="triage",
        model="m",
        prompt_version="1",
        status="ok",
        latency_ms=1,
        nano_dollars=2**52 + 1,
        price_version="1",
        called_at=NOON,
    )
    await store.write(Session.add, IgnoredMessage(key="k", reason=odd))
    await store.write(put_rows, call)

    kept = await store.read(Session.get, IgnoredMessage, "k")
    assert kept is not None
    assert kept.reason == odd.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert await store.read(spend_since, NOON) == 2**52 + 1


def test_any_number_of_processes_share_a_server(url: str) -> None:
    """Each is alive under its own name, until it leaves."""
    first, second = engine_home(database_url(url)), engine_home(database_url(url))
    first.open()
    second.open()
    names = {alive_name(each.executor) for each in (first, second)}
    assert first.locks is not None
    assert len(names) == 2
    assert first.locks.live() == names
    assert not first.locks.seize(second.executor)

    second.close()
    assert first.locks.live() == {alive_name(first.executor)}
    assert first.locks.seize(second.executor)
    first.locks.bury(second.executor)
    first.close()


def test_what_needs_a_desk_at_rest_waits_for_nobody(url: str) -> None:
    """A move to a server on which a desk runs is refused, and so is a desk during a move."""
    running, moving = engine_home(database_url(url)), engine_home(database_url(url))
    running.open()
    with pytest.raises(DatabaseInUse, match="another deskhand is running on postgresql://"):
        moving.open(alone=True)
    running.close()

    moving.open(alone=True)
    with pytest.raises(DatabaseInUse):
        running.open()
    moving.close()


async def test_one_thing_is_done_by_one_process_at_a_time(url: str) -> None:
    """Also where both are in one; what a process that left was at is free."""
    first, second = engine_home(database_url(url)), engine_home(database_url(url))
    first.open()
    second.open()
    assert first.locks is not None
    assert second.locks is not None
    assert first.locks.take("card:1")
    assert not second.locks.take("card:1")
    assert second.locks.take("card:2")

    first.close()
    assert second.locks.take("card:1")
    second.close()


async def test_a_process_that_loses_its_lock_leaves(store: Database, url: str) -> None:
    """Others have its work by then; as long as it stands nobody leaves."""
    left = asyncio.Event()
    replicas = Replicas(store, beat=0.01, leave=left.set)
    replicas.open()

    async with replicas.watching(_nobody):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(left.wait(), 0.2)
        cut_all(url)
        await asyncio.wait_for(left.wait(), 30)
    replicas.close()


async def test_what_a_dead_process_was_at_is_taken_over(store: Database) -> None:
    """By whoever looks; what lives keeps what it has."""
    names = [Replicas(store, beat=0.01, leave=_fail) for _ in range(3)]
    first, second, third = names
    dead: list[str] = []
    told: list[int] = []
    third.follow(told.append)

    async def noted(executor: str) -> None:
        dead.append(executor)

    for each in names:
        each.open()
    async with first.watching(noted), second.watching(noted), third.watching(noted):
        await _until(lambda: third.live == 3)
        second.close()
        await _until(lambda: second.executor in dead)
        await _until(lambda: third.live == 2)
        assert first.eldest
        assert not third.eldest
    for each in (first, third):
        each.close()

    assert second.executor in dead
    assert {first.executor, third.executor}.isdisjoint(dead)
    assert told[-1] == 2


def _fail() -> None:
    pytest.fail("a lock was lost")


async def _nobody(executor: str) -> None:
    assert executor == LOCAL


async def _until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not seen():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def cut_all(url: str) -> None:
    """Cut every connection to the database."""
    done(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
