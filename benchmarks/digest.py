"""How long a monthly digest takes over a large ledger: `python -m benchmarks.digest`.

A desk's history is made up in SQL: every message is triaged and answered (two calls), a ticket has
two and a half messages, one message in five is answered by an agent. Then the daily totals are made
from it, and the newest whole month's digest is read, with a cold and with a warm page cache.
"""

import argparse
import asyncio
import os
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.costs.budget_watch import BudgetWatch
from bot.costs.usage import BudgetReader
from bot.notices import Alarms, Notice, Notices
from bot.reports.digest import Digest
from bot.reports.digest_reader import DigestReader
from bot.reports.periods import Period, period_of
from bot.reports.publisher import DigestPublisher
from bot.runtime.workflows import Workflows
from bot.text.money import dollars
from storage.costs import budgets, daily_totals
from storage.db.database import Database, Session
from storage.db.migrate import upgrade_database

ROWS, DAYS = 10_000_000, 365
END = date(2026, 12, 1)
LIMIT = 2.0

DESK = """\
[desk]
agents_channel = "C0DESK"
[[budgets]]
day = 1000
month = 20000
[[budgets]]
scope = "requester"
day = 1
[people]
hour = 18.0
"""

# :messages rows; i is the number of a message, s its second since the beginning.
MESSAGES = (
    "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :messages)"
)
TEXTS = """
INSERT INTO messages (key, ticket_id, channel_id, ts, author_id, author, text, files, outcome,
  received_at)
SELECT
  printf('T1:C%d:%010d.%06d', i % 40, :begin + i * :span / :messages, i % 1000000),
  1001 + i * 2 / 5, 'C' || (i % 40),
  printf('%010d.%06d', :begin + i * :span / :messages, i % 1000000),
  'U' || (i * 2 / 5 % 50000), 'customer', 'text', '[]', 'answered',
  strftime('%Y-%m-%d %H:%M:%S.000000', :begin + i * :span / :messages, 'unixepoch') FROM n
"""
AGENTS = """
INSERT INTO messages (key, ticket_id, channel_id, ts, author_id, author, text, files, outcome,
  received_at)
SELECT
  printf('T1:D%d:%010d.%06d', i % 40, 60 + :begin + i * :span / :messages, i % 1000000),
  1001 + i * 2 / 5, 'C' || (i % 40),
  printf('%010d.%06d', 60 + :begin + i * :span / :messages, i % 1000000),
  'A' || (i % 12), 'agent', 'text', '[]', NULL,
  strftime('%Y-%m-%d %H:%M:%S.000000', 60 + :begin + i * :span / :messages, 'unixepoch')
FROM n WHERE i % 5 = 0
"""
TICKETS = """
INSERT INTO tickets (id, team_id, channel_id, thread_ts, private, requester_id, status, priority,
  title, intent, human_since, opened_at, first_response_at, solved_at, updated_at)
SELECT 1001 + i, 'T1', 'C' || (i % 40), printf('%010d', i), 0, 'U' || (i % 50000),
  CASE WHEN i % 400 THEN 'solved' ELSE 'open' END, 'normal', 'A title of usual length for a card',
  'intent_' || (i * i % 8),
  CASE i % 4 WHEN 0 THEN strftime('%Y-%m-%d %H:%M:%S.000000', at, 'unixepoch') END,
  strftime('%Y-%m-%d %H:%M:%S.000000', at, 'unixepoch'),
  strftime('%Y-%m-%d %H:%M:%S.000000', at + 2 + i % 97, 'unixepoch'),
  CASE WHEN i % 400 THEN strftime('%Y-%m-%d %H:%M:%S.000000', at + 7200, 'unixepoch') END,
  strftime('%Y-%m-%d %H:%M:%S.000000', at + 7200, 'unixepoch')
FROM (SELECT i, :begin + i * :span / :tickets AS at FROM n WHERE i < :tickets)
"""
DECISIONS = """
INSERT INTO decisions (message_key, ticket_id, triage, action, publish, model, reason, outcome,
  prompt_versions, sources, reference, stage_ms, decided_at)
SELECT
  printf('T1:C%d:%010d.%06d', i % 40, :begin + i * :span / :messages, i % 1000000),
  1001 + i * 2 / 5,
  json_object('intent', 'intent_' || (i % 8)), 'answer', 'thread',
  CASE WHEN i % 5 THEN 'claude-haiku-5-5' ELSE 'claude-sonnet-5-5' END, 'simple', 'answered',
  '[]', '[]', NULL, '{}',
  strftime('%Y-%m-%d %H:%M:%S.000000', :begin + i * :span / :messages, 'unixepoch') FROM n
"""
CALLS = """
INSERT INTO calls (key, ticket_id, message_key, purpose, model, prompt_version, status, attempts,
  latency_ms, input_tokens, output_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
  cache_read_tokens, nano_dollars, price_version, batch, intent, channel_id, requester_id,
  on_sonnet, on_opus, called_at)
SELECT printf('T1:C%d:%010d.%06d:{number}', i % 40, :begin + i * :span / :messages, i % 1000000),
  1001 + i * 2 / 5, NULL, '{purpose}', {model}, 'v1',
  CASE WHEN i % 200 THEN 'ok' ELSE 'refusal' END, 1, 300 + i * 7919 % 2500, 200 + i % 300,
  30 + i % 100, 0, 0, 1500, 50000 + i * 104729 % 9000000, 'p1', 0, 'intent_' || (i % 8),
  'C' || (i % 40), 'U' || (i * 2 / 5 % 50000), 1000000 + i % 9000000, 2000000 + i % 18000000,
  strftime('%Y-%m-%d %H:%M:%S.000000', :begin + i * :span / :messages, 'unixepoch') FROM n
"""
SONNET = "CASE WHEN i % 5 THEN 'claude-haiku-5-5' ELSE 'claude-sonnet-5-5' END"


def fill(path: Path, rows: int, days: int) -> None:
    """Write so many ledger lines, evenly over so many days."""
    messages = rows // 2
    span = days * 86_400
    begin = int(datetime(END.year, END.month, END.day, tzinfo=UTC).timestamp()) - span
    values = {"messages": messages, "tickets": messages * 2 // 5, "span": span, "begin": begin}
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    connection.execute("BEGIN")
    for statement in (
        TICKETS,
        TEXTS,
        AGENTS,
        DECISIONS,
        CALLS.format(number=0, purpose="triage", model="'claude-haiku-5-5'"),
        CALLS.format(number=1, purpose="answer", model=SONNET),
    ):
        into, select = statement.strip().split("SELECT", 1)
        connection.execute(f"{into} {MESSAGES} SELECT {select}", values)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


class _Shelf:
    """A press that posts nowhere."""

    async def publish(self, key: str, channel: str, digest: Digest) -> str:
        raise NotImplementedError


async def _unheard(_notice: Notice, _recovered: bool) -> None:
    raise NotImplementedError


def alarms_of(store: Database, desk: Desk) -> Alarms:
    """The alarms of a store, joined to nothing: they tell nobody."""
    return Alarms(store, Notices(Workflows(store), _unheard, desk.desk.agents_channel))


def budget_watch_of(store: Database, desk: Desk) -> BudgetWatch:
    """The budgets of a store, joined to nothing: it tells nobody."""
    notices = Notices(Workflows(store), _unheard, desk.desk.agents_channel)
    return BudgetWatch(store, desk, BudgetReader(store, desk), notices)


def digest_publisher(store: Database, desk: Desk) -> DigestPublisher:
    """A digest publisher over a store, joined to nothing."""
    reader = DigestReader(store, desk, BudgetReader(store, desk))
    return DigestPublisher(store, desk, reader, _Shelf())


async def read(path: Path, desk: Desk, of: Period) -> tuple[float, Digest]:
    """Seconds that a fresh process's digest takes, and the digest."""
    store = Database(f"sqlite:///{path}", desk.zone)
    try:
        started = time.perf_counter()
        digest = await digest_publisher(store, desk).digest(of, of.days.end)
        return time.perf_counter() - started, digest
    finally:
        await store.close()


def _timed(session: Session, subjects: Sequence[tuple[str, str]], today: date, times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        budgets.budget_spend(session, subjects, today.replace(day=1), today)
    return (time.perf_counter() - started) / times


async def check_budget(path: Path, desk: Desk, today: date, times: int = 200) -> float:
    """Seconds that the store takes to say what a desk and a requester have spent."""
    store = Database(f"sqlite:///{path}", desk.zone)
    subjects = [("desk", ""), ("requester", "U7")]
    try:
        return await store.read(_timed, subjects, today, times)
    finally:
        await store.close()


def forgotten(path: Path) -> None:
    """Have the system forget what it keeps in memory of a database file."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def build(path: Path, desk: Desk, rows: int, days: int) -> None:
    """Write the ledger and make its daily totals."""
    started = time.perf_counter()
    fill(path, rows, days)
    print(f"{rows:,} calls written in {time.perf_counter() - started:.0f} s", flush=True)
    store = Database(f"sqlite:///{path}", desk.zone)
    started = time.perf_counter()
    made = await daily_totals.keep_totals(store)
    await store.close()
    print(f"daily totals of {made} days made in {time.perf_counter() - started:.0f} s", flush=True)


async def measure(path: Path, desk: Desk) -> float:
    """Read a digest cold and warm and print what it takes; the seconds of the first reading."""
    month = period_of("month", END - timedelta(days=1), desk.zone)
    forgotten(path)
    took = [await read(path, desk, month) for _ in range(5)]
    digest = took[0][1]
    print(f"{month.label}: {digest.calls:,} calls, {dollars(digest.nano_dollars)}")
    print(f"digest: first {took[0][0]:.2f} s, then {min(each for each, _ in took):.2f} s")
    spent = await check_budget(path, desk, month.days.last)
    print(f"budget check: {spent * 1000:.2f} ms")
    return took[0][0]


def main(folder: Path, rows: int, days: int) -> int:
    """Build the store where there is none, and measure; 1 when it took too long."""
    folder.mkdir(parents=True, exist_ok=True)
    path, desk_toml = folder / f"digest-{rows}.db", folder / "digest.toml"
    desk_toml.write_text(DESK, encoding="utf-8")
    desk = load_desk(desk_toml)
    known = path.exists()
    upgrade_database(f"sqlite:///{path}")
    if not known:
        asyncio.run(build(path, desk, rows, days))
    print(f"{path.stat().st_size / 1e9:.1f} GB")
    return 0 if asyncio.run(measure(path, desk)) < LIMIT else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.digest", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="ledger lines")
    parser.add_argument("--days", type=int, default=DAYS, help="days they are spread over")
    parser.add_argument("--folder", type=Path, default=Path("benchmarks/results"))
    return parser.parse_args()


if __name__ == "__main__":
    chosen = _arguments()
    raise SystemExit(main(chosen.folder, chosen.rows, chosen.days))
