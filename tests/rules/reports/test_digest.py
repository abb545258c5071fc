"""A digest's figures, from what stands in the store."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports import wording as words
from bot.reports.digest import (
    Digest,
    DigestContext,
    MonthSpend,
    assemble_digest,
    forecast_month,
    quantile,
)
from bot.reports.digest_reader import figures_of
from bot.reports.periods import period_of
from bot.text.money import NANO
from handlers.views.digest import digest_message
from storage.costs import daily_totals, ledger
from storage.costs.days import Days
from storage.db.database import Database, Session
from storage.nightly.article_drafts import ArticleDraft
from storage.reports import spend
from storage.tickets.proposals import ProposalRow
from storage.tickets.tables import CallRow, Decision, IgnoredMessage, Message, Ticket
from tests.support import blocks
from tests.support.databases import Fresh

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ZONE = ZoneInfo("UTC")


def said(number: int, author: str, seconds: float, ticket: int = 1001) -> Message:
    at = NOON + timedelta(seconds=seconds)
    return Message(
        key=f"T:C1:{number}", ticket_id=ticket, channel_id="C1", ts=f"{at.timestamp():.6f}",
        author_id=f"{author} 1", author=author, text="text", received_at=at,
        outcome=None if author == "agent" else "answered",
    )  # fmt: skip


def ticket(number: int, **more: object) -> Ticket:
    return Ticket.model_validate(
        {
            "id": number, "team_id": "T", "channel_id": "C1", "thread_ts": str(number),
            "requester_id": "U1", "opened_at": NOON, "intent": "refund", "title": "A <title>",
            **more,
        }
    )  # fmt: skip


def call(number: int, nano: int, **more: object) -> CallRow:
    return CallRow.model_validate(
        {
            "key": f"c{number}", "ticket_id": 1001, "purpose": "answer",
            "model": "claude-haiku-5-5",
            "prompt_version": "v", "status": "ok", "latency_ms": 500, "nano_dollars": nano,
            "price_version": "p", "on_sonnet": 4 * nano, "on_opus": 8 * nano, "called_at": NOON,
            **more,
        }
    )  # fmt: skip


def article_draft(ticket: int, state: str) -> ArticleDraft:
    return ArticleDraft(
        ticket_id=ticket, solved_at=NOON, title="A", body="B", audience="public", language="en",
        model="m", drafted="A", state=state,
    )  # fmt: skip


def stored(session: Session, rows: Sequence[object]) -> None:
    """Write the rows down, tickets first."""
    session.add_all([row for row in rows if isinstance(row, Ticket)])
    session.flush()
    session.add_all(
        [
            row
            for row in rows
            if isinstance(row, Message | IgnoredMessage | ArticleDraft | ProposalRow)
        ]
    )
    ledger.put_rows(session, *[row for row in rows if isinstance(row, CallRow | Decision)])


async def digest(fresh: Fresh, *rows: object, hour: int | None = None, before: int = 0) -> Digest:
    """The digest of the day over a store with these rows."""
    store = Database(fresh(), ZONE)
    await daily_totals.keep_totals(store)
    try:
        await store.write(stored, rows)
        of = period_of("day", DAY, ZONE)
        half_past = NOON + timedelta(minutes=30)
        figures = await figures_of(store, of.days, stuck_before=half_past)
        by_day = await store.read(spend.spend_by_day, of.days)
    finally:
        await store.close()
    month = MonthSpend(figures.nano_dollars, 23, 30)
    around = DigestContext(before=before, month=month, by_day=by_day, hour=hour)
    return assemble_digest("the desk", of, figures, around)


async def test_agents_time_is_read_from_when_they_wrote(fresh: Fresh) -> None:
    """Two words nine minutes apart are a sitting; one hours later is another; each has its lead."""
    rows = [said(n, "agent", at) for n, at in enumerate((0, 540, 9_000))]

    told = await digest(fresh, ticket(1001), *rows, hour=18 * NANO)

    assert told.agent_seconds == 120 + 540 + 120
    assert told.people == 18 * NANO * 780 // 3600


async def test_a_solved_ticket_costs_what_models_and_people_cost(fresh: Fresh) -> None:
    """Both together, over the solved ones; without any, there is no such figure."""
    rows = [ticket(1001, solved_at=NOON), ticket(1002), said(1, "agent", 0), call(1, 3 * NANO)]

    told = await digest(fresh, *rows, hour=30 * NANO)

    assert told.per_solved == 4 * NANO
    assert ("Cost per solved ticket", "$4.00, of it people $1.00 for 2.0 min") in words.key_figures(
        told
    )


async def test_incidents_and_waiting_drafts_are_told_where_there_are_any(fresh: Fresh) -> None:
    """How many incidents, and the largest by its tickets of these days."""
    yesterday = NOON - timedelta(days=1)
    rows = [
        *(ticket(number) for number in (1001, 1002)),
        *(ticket(number, incident_id=1001) for number in (1003, 1004, 1005)),
        *(ticket(number, incident_id=1002) for number in (1006, 1007)),
        *(ticket(n, incident_id=1002, opened_at=yesterday) for n in (1008, 1009)),
        article_draft(1001, "waiting"),
        article_draft(1002, "rejected"),
    ]

    told = words.key_figures(await digest(fresh, *rows))
    quiet = words.key_figures(await digest(fresh, ticket(1001)))

    assert ("Incidents", "2, the largest T-1001 with 4 tickets") in told
    assert ("Article drafts", "1 waiting for approval now") in told
    assert {label for label, _ in quiet}.isdisjoint({"Incidents", "Article drafts"})


async def test_every_message_is_somewhere(fresh: Fresh) -> None:
    """Settled by a decision, an agent's word, ignored, failed, under way, or lost."""
    waiting = [said(n, "customer", at) for n, at in ((1, 0), (2, 3_000))]
    for each in waiting:
        each.outcome = None
    decisions = [
        Decision(
            message_key=key, ticket_id=1001, action="answer", publish="thread", reason="",
            outcome=outcome, decided_at=NOON,
        )
        for key, outcome in (("m1", "answered"), ("m2", "failed"))
    ]  # fmt: skip
    ignored = IgnoredMessage(key="i", reason="bot", seen_at=NOON)
    # Posted by the bot itself in an agent's name: nobody has sent it to the desk.
    relayed = said(4, "agent", 2)
    relayed.outcome = "relayed"

    told = await digest(
        fresh,
        ticket(1001),
        *waiting,
        said(3, "agent", 1),
        relayed,
        *decisions,
        ignored,
    )

    assert words.balance_text(told) == (
        "received 6 = ticketed 2 + ignored 1 + failed 1 + under way 1, lost 1"
    )


async def test_what_was_done_by_itself_is_listed(fresh: Fresh) -> None:
    """With its ticket; what people agreed to is not."""
    alone, agreed = (
        ProposalRow(
            key=str(people),
            ticket_id=1001,
            tool="cancel",
            what="cancel (A-1)",
            customer="an@example.com",
            people=people,
            fate="done",
            proposed_at=NOON,
        )
        for people in (0, 1)
    )

    told = await digest(fresh, ticket(1001), alone, agreed)
    nothing = await digest(fresh, ticket(1001))

    assert words.alone_text(told) == "By itself: cancel done (T-1001)"
    assert words.alone_text(nothing) is None


async def test_savings_trend_and_first_response(fresh: Fresh) -> None:
    """Against Sonnet and Opus, the day before, and the moment a ticket was opened."""
    rows = [
        ticket(1001, first_response_at=NOON + timedelta(seconds=14)),
        ticket(1002, first_response_at=NOON + timedelta(seconds=30), handed_over_at=NOON),
        call(1, NANO), call(2, NANO, status="refusal", attempts=3),
    ]  # fmt: skip

    told = await digest(fresh, *rows, before=4 * NANO)

    assert told.trend == Fraction(-1, 2)
    assert [each.saving for each in told.elsewhere] == [6 * NANO, 14 * NANO]
    assert told.unaided == Fraction(1, 2)
    assert ("First response", "median 14 s, p90 30 s") in words.key_figures(told)
    assert words.failures_text(told).startswith(
        "Failures: 1 refused, 0 timed out, 0 other, 2 retried"
    )
    assert told.forecast == round(Fraction(2 * NANO * 30, 23))


async def test_a_private_conversation_keeps_its_title(fresh: Fresh) -> None:
    """What was said in a direct message is not told in a channel; other titles are escaped."""
    rows = [ticket(1001, private=True), ticket(1002), call(1, 5), call(2, 4, ticket_id=1002)]

    message = digest_message(await digest(fresh, *rows), {})
    dearest = "\n".join(blocks.texts([blocks.block_saying(message["blocks"], "Dearest")]))

    assert "T-1001  $0.000000005  a private conversation" in dearest
    assert "A &lt;title&gt;" in dearest


async def test_a_digest_of_a_busy_day_stays_inside_slacks_limits(fresh: Fresh) -> None:
    """Sixty intents with long names: every block is short enough, and there are few."""
    rows = [call(n, n + 1, intent=f"intent_{n}_{'x' * 30}") for n in range(60)]

    shown = digest_message(await digest(fresh, ticket(1001), *rows), {})["blocks"]

    assert len(shown) < 20
    assert all(len(text) <= 3_000 for text in blocks.texts(shown))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0.763, "0.76 s"), (1.04, "1.0 s"), (14.2, "14 s"), (138, "2.3 min"), (11_160, "3.1 h")],
)
def test_lengths_of_time_have_two_digits(amount: float, shown: str) -> None:
    """The unit grows with the time."""
    assert words.seconds_text(amount) == shown


@given(st.dictionaries(st.integers(0, 10_000), st.integers(1, 9), min_size=1))
def test_a_quantile_is_one_of_the_values(counted: dict[int, int]) -> None:
    """The half below it, the half above it; nothing is invented in between."""
    values = sorted(value for value, count in counted.items() for _ in range(count))

    assert quantile(counted, Fraction(1, 2)) == values[(len(values) + 1) // 2 - 1]


def test_the_forecast_of_a_month_is_its_days_so_far_on_average() -> None:
    """Ten dollars in ten of thirty days make thirty; on no day yet there is none."""
    assert forecast_month(MonthSpend(10 * NANO, 10, 30)) == 30 * NANO
    assert forecast_month(MonthSpend(0, 0, 30)) is None
    assert len(Days(date(2026, 2, 1), date(2026, 2, 28), ZONE)) == 28
