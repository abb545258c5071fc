"""Daily totals agree with the ledger to the nano-dollar, whatever the calls and the calendar."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.costs.recost import recost
from bot.llm.models import FAMILIES
from bot.llm.price_files import load_catalogue
from bot.llm.pricing import Catalogue, Tokens
from storage.costs import daily_totals, ledger
from storage.costs.daily_totals import two_digits
from storage.costs.days import Days, day_of, midnight
from storage.db.database import Database, Session
from storage.reports import spend
from storage.tickets.tables import CallRow, Decision, Ticket
from storage.tickets.tickets import find_ticket
from tests.support.databases import Fresh, as_typed

CATALOGUE = load_catalogue()
# Clocks go forward and back at midnight, at other hours, by half an hour, or never.
ZONES = (
    "UTC",
    "Asia/Ho_Chi_Minh",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
)
START = datetime(2026, 10, 7, tzinfo=UTC)
numbers = count()
few = st.integers(0, 130_000)
# Each list of calls spans a few days, because books are made anew day by day.
AROUND_A_PRICE = st.one_of(
    st.integers(-86_400, 2 * 86_400).map(lambda s: START + timedelta(seconds=s)),
    st.sampled_from([START, START - timedelta(microseconds=1)]),
)
AROUND_A_CLOCK = st.builds(
    lambda zone, day, off: midnight(day, ZoneInfo(zone)) + timedelta(microseconds=off),
    st.sampled_from(ZONES),
    st.dates(date(2026, 10, 29), date(2026, 11, 2)),
    st.one_of(st.integers(-1, 1), st.integers(0, 86_400 * 10**6)),
)


@st.composite
def calls(draw: st.DrawFn, moments: st.SearchStrategy[datetime]) -> CallRow:
    """A call at any of these moments, with any tokens."""
    at = draw(moments)
    sold = ["claude-sonnet-5-5", "claude-opus-5-5"] + ["claude-haiku-5-5"] * (at >= START)
    model = draw(st.sampled_from(sold))
    tokens = draw(st.builds(Tokens, few, few, few, few, few))
    batch = draw(st.booleans())
    cost = CATALOGUE.cost(model, tokens, at, batch=batch)
    return CallRow(
        key=f"call {next(numbers)}",
        ticket_id=draw(st.sampled_from([None, 1001])),
        purpose=draw(st.sampled_from(["triage", "answer"])),
        model=model,
        prompt_version="v",
        status=draw(st.sampled_from(["ok", "refusal"])),
        latency_ms=draw(st.integers(0, 200_000)),
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_write_5m_tokens=tokens.cache_write_5m,
        cache_write_1h_tokens=tokens.cache_write_1h,
        cache_read_tokens=tokens.cache_read,
        nano_dollars=cost.nano_dollars,
        price_version=cost.price_version,
        batch=batch,
        intent=draw(st.sampled_from([None, "refund"])),
        channel_id=draw(st.sampled_from([None, "C1"])),
        requester_id=draw(st.sampled_from([None, "U1"])),
        on_sonnet=CATALOGUE.counterfactual(
            tokens, FAMILIES["sonnet"], at, batch=batch
        ).nano_dollars,
        on_opus=CATALOGUE.counterfactual(tokens, FAMILIES["opus"], at, batch=batch).nano_dollars,
        called_at=at,
    )


def several(least: int, most: int) -> st.SearchStrategy[list[CallRow]]:
    """Calls around a price change, or around the ends of days on which clocks change."""
    around = (AROUND_A_PRICE, AROUND_A_CLOCK)
    return st.one_of(
        [st.lists(calls(moments), min_size=least, max_size=most) for moments in around]
    )


@asynccontextmanager
async def opened(fresh: Fresh, zone: str) -> AsyncIterator[Database]:
    """A migrated store with one ticket."""
    store = Database(fresh(), ZoneInfo(zone))
    await daily_totals.keep_totals(store)
    ticket = Ticket(id=1001, team_id="T", channel_id="C1", thread_ts="1", requester_id="U1")
    await store.write(Session.add, ticket)
    try:
        yield store
    finally:
        await store.close()


async def books(store: Database) -> tuple[list[object], list[object]]:
    """Everything in the books."""
    days = Days(date(2026, 9, 1), date(2026, 12, 31), store.zone)
    rows = [row.model_dump() for row in await store.read(spend.day_rows, days)]
    counts = [
        (kind, sorted(await store.read(spend.subject_costs, kind, days)))
        for kind in ("desk", "channel", "requester", "ticket", "latency", "handled", "asked")
    ]
    return sorted(rows, key=str), list(counts)


@settings(deadline=None, max_examples=25)
@given(made=several(0, 12), zone=st.sampled_from(ZONES))
def test_the_books_are_the_ledger_by_days(fresh: Fresh, made: Sequence[CallRow], zone: str) -> None:
    """Each day's sum is that of its calls; written twice is written once; made anew is the same."""

    async def story() -> None:
        async with opened(fresh, zone) as store:
            for _ in range(2):
                await store.write(ledger.put_rows, *made)
            for day in {day_of(call.called_at, store.zone) for call in made}:
                days = Days(day, day, store.zone)
                there = [call for call in made if days.start <= call.called_at < days.end]
                told = await store.read(spend.spend_groups, days)
                assert sum(each.calls for each in told) == len(there)
                assert sum(each.nano_dollars for each in told) == sum(
                    call.nano_dollars for call in there
                )
                assert sum(each.on_opus for each in told) == sum(call.on_opus for call in there)
            first = await books(store)
            await daily_totals.keep_totals(elsewhere := Database(as_typed(store.url)))
            await elsewhere.close()
            await daily_totals.keep_totals(store)
            assert await books(store) == first

    asyncio.run(story())


@settings(deadline=None, max_examples=10)
@given(made=several(1, 8))
def test_recosting_keeps_both_figures_and_the_books_follow(
    fresh: Fresh, made: Sequence[CallRow]
) -> None:
    """A corrected catalogue counts anew; the first figure stays; back again leaves no trace."""
    listed = CATALOGUE.undiscounted()
    half = {
        name: model.model_copy(update={"discount": model.discount + type(model.discount)("0.5")})
        for name, model in listed.entries.items()
    }
    corrected = Catalogue("corrected", half, listed.ids)
    days = Days(date(2026, 10, 1), date(2026, 11, 12), ZoneInfo("UTC"))
    first = sum(call.nano_dollars for call in made)

    async def story() -> None:
        async with opened(fresh, "UTC") as store:
            await store.write(ledger.put_rows, *made)
            looked = await recost(store, corrected, days, apply=False)
            untouched = await store.read(spend.spend_groups, days)
            assert sum(each.nano_dollars for each in untouched) == first
            done = await recost(store, corrected, days, apply=True)
            assert done == looked
            told = await store.read(spend.spend_groups, days)
            rows = await store.read(ledger.all_calls)
            assert sum(each.first_counted for each in told) == first
            assert sum(each.nano_dollars for each in told) == sum(each.after for each in done)
            assert sum(row.cost for row in rows) == sum(each.after for each in done)
            assert sum(row.nano_dollars for row in rows) == first
            await recost(store, CATALOGUE, days, apply=True)
            rows = await store.read(ledger.all_calls)
            assert all(row.recost is None for row in rows)

    asyncio.run(story())


async def test_a_decision_is_entered_once(fresh: Fresh) -> None:
    """By route, outcome and intent; the second writing changes nothing."""
    decision = Decision(
        message_key="m1", ticket_id=1001, action="answer", publish="thread", reason="simple",
        outcome="answered", model="claude-haiku-5-5", triage={"intent": "refund"},
        decided_at=START,
    )  # fmt: skip
    async with opened(fresh, "UTC") as store:
        for _ in range(2):
            await store.write(ledger.put_rows, decision)
        day = Days(START.date(), START.date(), store.zone)
        for kind, subject in (
            ("handled", "answer:claude-haiku-5-5"),
            ("outcome", "answered"),
            ("asked", "refund"),
        ):
            assert await store.read(spend.subject_counts, kind, day) == {subject: 1}
        assert await store.read(find_ticket, 1001) is not None


@given(st.integers(0, 10**8))
def test_two_digits_are_within_a_tenth(number: int) -> None:
    """Cut, never raised; small numbers stand as they are."""
    assert two_digits(number) <= number < two_digits(number) * 1.1 + 1


async def test_every_sum_of_the_books_is_kept_and_made_anew(fresh: Fresh) -> None:
    """Column by column: one that was added and is summed in one of the two ways only shows here."""
    sums: dict[str, Any] = {
        "attempts": 2, "input_tokens": 3, "output_tokens": 5, "cache_write_5m_tokens": 7,
        "cache_write_1h_tokens": 11, "cache_read_tokens": 13, "nano_dollars": 17, "on_sonnet": 19,
        "on_opus": 23,
    }  # fmt: skip
    kind: dict[str, Any] = {
        "purpose": "triage",
        "model": "m",
        "status": "ok",
        "intent": "refund",
        "batch": True,
    }
    call = CallRow(
        key="k", ticket_id=1001, prompt_version="v", latency_ms=1, price_version="p",
        channel_id="C1", requester_id="U1", called_at=START, **kind, **sums,
    )  # fmt: skip
    day = START.date()
    expected = {"day": day, **kind, "calls": 1, **sums, "first_counted": 17}

    async with opened(fresh, "UTC") as store:
        await store.write(ledger.put_rows, call)
        (kept,) = await store.read(spend.day_rows, Days(day, day, UTC))
        first = await books(store)
        await store.write(daily_totals.rebuild_day, day, UTC)
        (anew,) = await store.read(spend.day_rows, Days(day, day, UTC))

        assert kept.model_dump() == anew.model_dump() == expected
        assert await books(store) == first
        desk = await store.read(spend.subject_costs, "desk", Days(day, day, UTC))
        assert [tuple(each)[-1] for each in desk] == [17]
