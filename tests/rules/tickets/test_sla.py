"""What the clock decides about a ticket: each rule a row, the failure beside the success."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.config.business_hours import always_open
from bot.config.sla import FollowUp, ServicePromise, SlaTargets
from bot.tickets.sla import plan_timers
from storage.tickets.values import DueTicket, PastChange

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TARGETS = SlaTargets.model_validate(
    {
        "warn": 0.5,
        **{
            priority: {"respond": "2h", "solve": "10h"}
            for priority in ("urgent", "high", "normal", "low")
        },
    }
)
CARE = FollowUp(remind_days=3, close_pending_days=7, close_solved_days=2, ask_rating=True)
SERVICE = ServicePromise(always_open(), TARGETS, CARE)


def ticket(*history: PastChange, **values: Any) -> DueTicket:
    return DueTicket(
        **{"ticket_id": 1, "opened_at": START, "status_since": START, "history": history, **values}
    )


def became(status: str, at: datetime, before: str = "open") -> PastChange:
    return PastChange("status", before, status, at)


def marked(what: str, after: str, at: datetime) -> PastChange:
    return PastChange(what, None, after, at)


def kinds(given: DueTicket, history: list[PastChange], after: timedelta) -> list[str]:
    seen = replace(given, history=tuple(history))
    return [step.kind for step in plan_timers(seen, SERVICE, START + after).steps]


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0.9, []), (1.1, ["warn"]), (2.1, ["miss"]), (30, ["miss"])],
    ids=["in time", "half of it gone", "missed", "long missed: no warning any more"],
)
def test_a_first_response_is_warned_about_and_then_missed(
    after: float, expected: list[str]
) -> None:
    """Half of two hours before the warning, two hours before the miss."""
    assert kinds(ticket(), [], after * HOUR) == expected


def test_what_was_said_is_not_said_again() -> None:
    """A warning and a miss are each in the history, and then there is nothing left to do."""
    warned = [marked("warning", "first response", START + HOUR)]
    missed = [*warned, marked("late", "first response", START + 2 * HOUR)]

    assert kinds(ticket(), warned, 1.5 * HOUR) == []
    assert kinds(ticket(), missed, 3 * HOUR) == []


def test_after_the_first_response_the_solution_counts() -> None:
    """Ten hours from the opening; the response in time is forgotten."""
    answered = ticket(first_response_at=START + HOUR)
    decided = plan_timers(answered, SERVICE, START + HOUR)

    assert decided.due_at == START + 10 * HOUR
    assert decided.look_at == START + 5 * HOUR


def test_time_stands_still_while_the_customer_is_asked() -> None:
    """Two hours worked, a day pending, so eight hours are left from the customer's word on."""
    back = START + 2 * HOUR + DAY
    history = [became("pending", START + 2 * HOUR), became("open", back, "pending")]
    open_again = ticket(*history, first_response_at=START + HOUR, status_since=back)

    assert plan_timers(open_again, SERVICE, back).due_at == back + 8 * HOUR


def test_a_ticket_that_waits_for_the_customer_has_no_target() -> None:
    """Nothing is due while it is pending."""
    assert plan_timers(ticket(status="pending"), SERVICE, START + HOUR).due_at is None


def test_a_ticket_that_comes_back_begins_anew() -> None:
    """A solved ticket opened again has all its ten hours, and its old lateness says nothing."""
    back = START + 5 * DAY
    history = [
        marked("late", "solution", START + 10 * HOUR),
        became("solved", START + 11 * HOUR),
        became("open", back, "solved"),
    ]
    again = ticket(*history, first_response_at=START + HOUR, status_since=back)

    assert plan_timers(again, SERVICE, back + HOUR).due_at == back + 10 * HOUR
    assert kinds(again, history, 5 * DAY + 11 * HOUR) == ["miss"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [(2.9, []), (3.1, ["remind"]), (7.1, ["close"])],
    ids=["not yet", "reminded", "closed when the reminder was slept through"],
)
def test_a_silent_customer_is_reminded_and_then_let_go(after: float, expected: list[str]) -> None:
    """Three days to the reminder, seven to the end."""
    assert kinds(ticket(status="pending"), [], after * DAY) == expected


def test_a_customer_is_reminded_once() -> None:
    """Since the ticket is pending; the next time it is pending, there is another reminder."""
    reminded = [marked("reminder", "sent", START + 3 * DAY)]

    assert kinds(ticket(status="pending"), reminded, 4 * DAY) == []
    later = ticket(status="pending", status_since=START + 5 * DAY)
    assert kinds(later, reminded, 9 * DAY) == ["remind"]


def test_a_rating_is_asked_for_once_in_a_ticket_s_life() -> None:
    """Also when it was opened again and solved again."""
    solved = ticket(status="solved", status_since=START)

    assert kinds(solved, [], HOUR) == ["ask_rating"]
    assert kinds(solved, [marked("rating", "asked", START - DAY)], HOUR) == []


def test_what_is_solved_is_closed_after_a_while() -> None:
    """Two days."""
    asked = [marked("rating", "asked", START)]

    assert kinds(ticket(status="solved"), asked, 1.9 * DAY) == []
    assert kinds(ticket(status="solved"), asked, 2.1 * DAY) == ["close"]


def test_a_ticket_on_hold_wakes_up_at_its_time_and_its_target_goes_on() -> None:
    """The customer waits all the same."""
    held = ticket(status="on_hold", wake_at=START + HOUR, first_response_at=START)

    assert kinds(held, [], 0.9 * HOUR) == []
    assert kinds(held, [], 1.1 * HOUR) == ["wake"]
    assert plan_timers(held, SERVICE, START).due_at == START + 10 * HOUR


@pytest.mark.parametrize("status", ["pending", "solved", "closed"])
def test_nought_days_are_never(status: str) -> None:
    """Whoever wants no reminders and no closing gets none."""
    never = FollowUp(remind_days=0, close_pending_days=0, close_solved_days=0, ask_rating=False)
    decided = plan_timers(
        ticket(status=status), ServicePromise(always_open(), TARGETS, never), START + 900 * DAY
    )

    assert (decided.steps, decided.look_at) == ((), None)
