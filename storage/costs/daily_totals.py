"""Daily totals: the ledger added up by the desk's days, so that a month is read at once.

They are written in the transaction that writes the ledger, and can be made again from it at any
time. A day is one of the desk's time zone; when that changes, they are made anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Date, Index, String, case, cast, delete, func, literal, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from storage.costs.days import Days, day_of
from storage.db.columns import table_of
from storage.db.database import Database
from storage.db.insert import Insert, insert
from storage.db.rows import StoredRow
from storage.tickets.tables import CallRow, Decision

AT_ONCE = 1_000


def _big() -> Any:
    return Field(default=0, sa_type=BigInteger)


class DayCalls(StoredRow, table=True):
    """A day's calls of one kind. `nano_dollars` is the best known cost, `first_counted` the first.

    `on_sonnet` and `on_opus` are sums of what each call would have cost there.
    """

    __tablename__ = "day_calls"

    day: date = Field(primary_key=True)
    model: str = Field(primary_key=True)
    purpose: str = Field(primary_key=True)
    intent: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    batch: bool = Field(primary_key=True)
    calls: int = 0
    attempts: int = 0
    input_tokens: int = _big()
    output_tokens: int = _big()
    cache_write_5m_tokens: int = _big()
    cache_write_1h_tokens: int = _big()
    cache_read_tokens: int = _big()
    nano_dollars: int = _big()
    first_counted: int = _big()
    on_sonnet: int = _big()
    on_opus: int = _big()


class DayCount(StoredRow, table=True):
    """How often something was met on a day, and what it cost.

    Kinds: `desk` (all of it), `channel`, `requester` and `ticket` by their ids; `latency` by model
    and milliseconds to two digits; `handled` by action and model; `outcome`; `asked` by intent.
    """

    __tablename__ = "day_counts"
    __table_args__ = (
        Index("day_counts_day", "kind", "day", "subject", "count", "nano_dollars"),
        {"sqlite_with_rowid": False},
    )

    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    count: int = 0
    nano_dollars: int = _big()


class TotalsZone(StoredRow, table=True):
    """The time zone by whose days the totals were made; one row."""

    __tablename__ = "book_zone"

    id: int = Field(default=1, primary_key=True)
    zone: str


KEYS = ("day", "model", "purpose", "intent", "status", "batch")
SUMS = tuple(name for name in DayCalls.model_fields if name not in KEYS)

Subject = tuple[str, str, date]


class _DaySums:
    """What a batch of lines adds to the totals."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self.calls: dict[tuple[Any, ...], list[int]] = {}
        self.counts: Counter[Subject] = Counter()
        self.costs: Counter[Subject] = Counter()

    def call(self, call: Any) -> None:
        day = day_of(call.called_at, self._zone)
        cost = call.nano_dollars if call.recost is None else call.recost
        key = (day, call.model, call.purpose, call.intent or "", call.status, call.batch)
        measured = (
            1,
            call.attempts,
            call.input_tokens,
            call.output_tokens,
            call.cache_write_5m_tokens,
            call.cache_write_1h_tokens,
            call.cache_read_tokens,
            cost,
            call.nano_dollars,
            call.on_sonnet,
            call.on_opus,
        )
        sums = self.calls.setdefault(key, [0] * len(SUMS))
        for place, number in enumerate(measured):
            sums[place] += number
        for kind, subject in _subjects(call):
            self.counts[kind, subject, day] += 1
            self.costs[kind, subject, day] += cost

    def decision(self, decision: Any) -> None:
        day = day_of(decision.decided_at, self._zone)
        self.counts["handled", f"{decision.action}:{decision.model or ''}", day] += 1
        self.counts["outcome", decision.outcome, day] += 1
        self.counts["asked", (decision.triage or {}).get("intent", ""), day] += 1

    def write(self, session: Session) -> None:
        _add(session, DayCalls, SUMS, [(*key, *sums) for key, sums in self.calls.items()])
        rows = [(*key, count, self.costs[key]) for key, count in self.counts.items()]
        _add(session, DayCount, ("count", "nano_dollars"), rows)


def add_to_totals(session: Session, rows: Iterable[SQLModel]) -> None:
    """Enter new calls and decisions; each may be entered only once."""
    sheet = _DaySums(session.info["zone"])
    for row in rows:
        if isinstance(row, CallRow):
            sheet.call(row)
        elif isinstance(row, Decision):
            sheet.decision(row)
    sheet.write(session)


def rebuild_day(session: Session, day: date, zone: tzinfo) -> None:
    """Make the totals of a day anew from the ledger, inside the database."""
    days = Days(day, day, zone)
    session.execute(delete(DayCalls).where(col(DayCalls.day) == day))
    session.execute(delete(DayCount).where(col(DayCount.day) == day))
    session.execute(_calls_again(days))
    for kind, subject in _CALLED.items():
        session.execute(_counted_again(kind, subject, _COST, CallRow.called_at, days))
    for kind, subject in _DECIDED.items():
        nothing = literal(0)
        session.execute(_counted_again(kind, subject, nothing, Decision.decided_at, days))


async def keep_totals(store: Database) -> int:
    """Make all totals anew if they were made by another zone's days; answers how many days.

    A crash in the middle leaves the old zone's name, so the next start begins again.
    """
    zone = str(store.zone)
    kept = await store.read(Session.get, TotalsZone, 1)
    if kept is not None and kept.zone == zone:
        return 0
    days = await store.read(_all_days, store.zone)
    await store.write(_burn)
    for day in days or ():
        await store.write(rebuild_day, day, store.zone)
    await store.write(Session.merge, TotalsZone(zone=zone))
    return len(days) if days else 0


def _burn(session: Session) -> None:
    session.execute(delete(DayCalls))
    session.execute(delete(DayCount))


def _all_days(session: Session, zone: tzinfo) -> Days | None:
    """Every day of the ledger, with a day to spare on both sides."""
    ends = [
        moment
        for column in (CallRow.called_at, Decision.decided_at)
        for edge in (func.min, func.max)
        if (moment := session.scalar(select(edge(column)))) is not None
    ]
    if not ends:
        return None
    spare = timedelta(days=1)
    return Days(day_of(min(ends), zone) - spare, day_of(max(ends), zone) + spare, zone)


def _subjects(call: Any) -> Iterator[tuple[str, str]]:
    yield "desk", ""
    yield "channel", call.channel_id or ""
    yield "requester", call.requester_id or ""
    yield "ticket", str(call.ticket_id or "")
    yield "latency", f"{call.model}:{two_digits(call.latency_ms)}"


def in_two_digits(number: Any) -> Any:
    """The same as `two_digits`, in the database; up to 28 hours in milliseconds."""
    steps = [
        (number < 10 ** (digits + 2), number // 10**digits * 10**digits) for digits in range(7)
    ]
    return case(*steps, else_=number // 10**7 * 10**7)


def two_digits(number: int) -> int:
    """A whole number to its two leading digits: 763 is 760, 1,049 is 1,000."""
    unit = int(10 ** max(len(str(number)) - 2, 0))
    return number // unit * unit


def _add(
    session: Session, table: type[SQLModel], sums: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    if not rows:
        return
    names, writing = _growing(table, tuple(sums))
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        session.connection().execute(writing, [dict(zip(names, row, strict=True)) for row in part])


@cache
def _growing(table: type[SQLModel], sums: tuple[str, ...]) -> tuple[Sequence[str], Insert]:
    """The columns of a table of totals and the statement that adds to it, made once."""
    columns = table_of(table).c
    writing = insert(table_of(table))
    grown = {name: columns[name] + writing.excluded[name] for name in sums}
    keys = [name for name in table.model_fields if name not in sums]
    names = [*keys, *sums]
    return names, writing.on_conflict_do_update(index_elements=keys, set_=grown)


_COST = func.coalesce(CallRow.recost, CallRow.nano_dollars)
_CALLED: dict[str, Any] = {
    "desk": literal(""),
    "channel": func.coalesce(CallRow.channel_id, ""),
    "requester": func.coalesce(CallRow.requester_id, ""),
    "ticket": func.coalesce(cast(CallRow.ticket_id, String), ""),
    "latency": col(CallRow.model) + ":" + cast(in_two_digits(col(CallRow.latency_ms)), String),
}
_DECIDED: dict[str, Any] = {
    "handled": col(Decision.action) + ":" + func.coalesce(Decision.model, ""),
    "outcome": col(Decision.outcome),
    "asked": func.coalesce(col(Decision.triage)["intent"].as_string(), ""),
}


def _calls_again(days: Days) -> Any:
    named: dict[str, Any] = {"intent": func.coalesce(CallRow.intent, "")}
    keys = [named.get(name, getattr(CallRow, name)) for name in KEYS[1:]]
    measures = {"calls": literal(1), "nano_dollars": _COST, "first_counted": CallRow.nano_dollars}
    sums = [func.sum(measures.get(name, getattr(CallRow, name, None))) for name in SUMS]
    query = _within(select(literal(days.first, Date), *keys, *sums), CallRow.called_at, days)
    return insert(DayCalls).from_select([*KEYS, *SUMS], query.group_by(*keys))


def _counted_again(kind: str, subject: Any, cost: Any, moment: Any, days: Days) -> Any:
    name = subject.label("name")
    day = literal(days.first, Date)
    query = _within(select(literal(kind), name, day, func.count(), func.sum(cost)), moment, days)
    return insert(DayCount).from_select(list(DayCount.model_fields), query.group_by(name))


def _within(query: Any, moment: Any, days: Days) -> Any:
    return query.where(col(moment) >= days.start, col(moment) < days.end)
