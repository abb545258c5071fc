"""A desk that has been at work for years: a store with as many tickets as one likes."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from storage.db.migrate import upgrade_database
from storage.tickets.text_entries import entry_of

TEAM = "TBENCH"
FIRST = 1_001
MESSAGES = 5  # for each ticket
CUSTOMERS = 20_000
AGENTS = tuple(f"UAGENT{number:02}" for number in range(20))
CHANNELS = tuple(f"CSUPPORT{number}" for number in range(8))
INTENTS = (
    "cancel_order",
    "track_shipping",
    "refund_request",
    "product_inquiry",
    "complaint",
    "other",
)
PRIORITIES = ("low", "normal", "normal", "normal", "high", "urgent")
SUBJECTS = (
    "my order has not arrived",
    "the rice cooker is broken",
    "I want my money back",
    "đơn hàng của mình bị giao trễ",
    "mình muốn đổi trả sản phẩm",
    "the app does not let me log in",
    "which bottle is better for travel",
    "cho mình hủy đơn vừa đặt",
)
DETAILS = (
    "it is the third time this month",
    "please help me as soon as you can",
    "the courier says nobody was home",
    "mã đơn của mình là",
    "mong shop kiểm tra giúp",
    "I have attached a photo of the box",
    "the tracking has not moved since Monday",
    "my number is",
)
RARE = "quokka"  # said about once in a hundred thousand messages
AT_ONCE = 10_000


@dataclass(frozen=True)
class Archive:
    """What was written: the file, how much is in it, and the newest ticket."""

    file: Path
    tickets: int
    messages: int
    newest: int


def build(file: Path, tickets: int, *, seed: int = 1) -> Archive:
    """Write a store from nothing; the same seed gives the same store.

    It has no statistics (ANALYZE), as a desk's own store has none.
    """
    upgrade_database(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")
    made = _tickets(tickets, random.Random(seed))  # noqa: S311 - a benchmark guards nothing
    while rows := list(islice(made, AT_ONCE)):
        _write(connection, rows)
    connection.execute("INSERT INTO spoken(spoken) VALUES ('optimize')")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return Archive(file, tickets, tickets * MESSAGES, FIRST + tickets - 1)


@dataclass(frozen=True)
class _Row:
    number: int
    opened: datetime
    status: str
    owner: str | None
    customer: str
    channel: str
    intent: str
    priority: str
    texts: tuple[str, ...]


def _tickets(count: int, chance: random.Random) -> Iterator[_Row]:
    """Three years of them; all but the last few in a hundred are over and done."""
    begun = datetime.now(UTC) - timedelta(days=3 * 365)
    step = timedelta(days=3 * 365) / count
    for place in range(count):
        alive = place > count * 0.98 or chance.random() < 0.01
        status = chance.choice(("open", "open", "pending", "on_hold")) if alive else "closed"
        yield _Row(
            number=FIRST + place,
            opened=begun + place * step,
            status=status,
            owner=chance.choice(AGENTS) if chance.random() < 0.6 else None,
            customer=f"UCUST{chance.randrange(CUSTOMERS):05}",
            channel=chance.choice(CHANNELS),
            intent=chance.choice(INTENTS),
            priority=chance.choice(PRIORITIES),
            texts=tuple(_text(chance) for _ in range(MESSAGES)),
        )


def _text(chance: random.Random) -> str:
    rare = f" {RARE}" if chance.random() < 1e-5 else ""
    number = f"VN{chance.randrange(10**6):06}"
    return f"{chance.choice(SUBJECTS)}, {chance.choice(DETAILS)} {number}{rare}"


def _write(connection: sqlite3.Connection, rows: list[_Row]) -> None:
    connection.executemany(
        "INSERT INTO tickets (id, team_id, channel_id, thread_ts, private, requester_id,"
        " assignee_id, status, priority, title, intent, opened_at, first_response_at, solved_at,"
        " updated_at, status_since, tags, due_at, wake_at, clock_at, version)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, 3)",
        map(_ticket, rows),
    )
    connection.executemany(
        "INSERT INTO cards (ticket_id, channel_id, ts, edition, shown, signs, begun_at)"
        " VALUES (?, 'CAGENTS', ?, 1, 3, '', ?)",
        ((row.number, f"1.{row.number:06}", _moment(row.opened)) for row in rows),
    )
    connection.executemany(
        "INSERT INTO messages (key, ticket_id, channel_id, ts, author_id, author, text, files,"
        " outcome, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, '[]', ?, ?)",
        (each for row in rows for each in _messages(row)),
    )
    connection.executemany(
        "INSERT INTO decisions (message_key, ticket_id, action, publish, reason, outcome,"
        " prompt_versions, sources, stage_ms, decided_at)"
        " VALUES (?, ?, 'answer', 'thread', 'simple', 'answered', '[]', '[]', '{}', ?)",
        ((_key(row, 0), row.number, _moment(row.opened)) for row in rows),
    )
    connection.executemany(
        "INSERT INTO calls (key, ticket_id, message_key, purpose, model, prompt_version, status,"
        " attempts, latency_ms, input_tokens, output_tokens, cache_write_5m_tokens,"
        " cache_write_1h_tokens, cache_read_tokens, nano_dollars, price_version, batch, called_at)"
        " VALUES (?, ?, ?, 'triage', 'm', 'p', 'ok', 1, 500, 900, 80, 0, 0, 0, 300000, 'v', 0, ?)",
        ((f"{_key(row, 0)}:0", row.number, _key(row, 0), _moment(row.opened)) for row in rows),
    )
    connection.executemany(
        "INSERT INTO changes (ticket_id, who, what, before, after, source, at)"
        " VALUES (?, ?, 'status', 'open', ?, 'card', ?)",
        (
            (row.number, row.owner or "bot", after, _moment(row.opened + timedelta(hours=2)))
            for row in rows
            for after in (("solved", "closed") if row.status == "closed" else (row.status,))
        ),
    )
    connection.executemany(
        "INSERT INTO spoken(rowid, body) VALUES (?, ?)",
        (
            (entry.number, " ".join(entry.words))
            for row in rows
            for place, text in enumerate(row.texts)
            for entry in [entry_of(row.number, _key(row, place), text)]
        ),
    )
    connection.commit()


def _ticket(row: _Row) -> tuple[object, ...]:
    closed = row.status == "closed"
    done = _moment(row.opened + timedelta(hours=6)) if closed else None
    due = _moment(row.opened + timedelta(days=400)) if row.status == "open" else None
    wake = _moment(row.opened + timedelta(days=400)) if row.status == "on_hold" else None
    return (
        row.number,
        TEAM,
        row.channel,
        f"{row.number}.000000",
        row.customer,
        row.owner,
        row.status,
        row.priority,
        row.texts[0],
        row.intent,
        _moment(row.opened),
        _moment(row.opened + timedelta(minutes=9)),
        done,
        _moment(row.opened),
        _moment(row.opened),
        due,
        wake,
        due or wake,
    )


def _messages(row: _Row) -> Iterator[tuple[object, ...]]:
    for place, text in enumerate(row.texts):
        author = ("customer", "bot", "customer", "agent", "customer")[place]
        moment = row.opened + timedelta(minutes=place)
        outcome = "answered" if author == "customer" else None
        yield (
            _key(row, place),
            row.number,
            row.channel,
            f"{row.number}.{place:06}",
            row.customer if author == "customer" else AGENTS[0],
            author,
            text,
            outcome,
            _moment(moment),
        )


def _key(row: _Row, place: int) -> str:
    return f"{TEAM}:{row.channel}:{row.number}.{place:06}"


def _moment(moment: datetime) -> str:
    """As the store writes moments."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
