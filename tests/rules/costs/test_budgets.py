"""The budgets' state machine, as a table."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.sections import Budget
from bot.costs.budgets import (
    FREE,
    LEVELS,
    Allowance,
    BudgetUsage,
    Level,
    Limit,
    allowance,
    crossing,
    limits,
    stricter,
)

LADDER = ("opus", "sonnet", "haiku")
MOST = {"opus": 40, "sonnet": 20, "haiku": 1}
DESK = Limit("desk", "", "day", 1_000, 0.8, 0.9)


@pytest.mark.parametrize(
    ("spent", "in_flight", "level"),
    [
        (0, 0, "ok"),
        (799, 0, "ok"),
        (800, 0, "warned"),
        (700, 100, "warned"),
        (899, 0, "warned"),
        (900, 0, "degraded"),
        (999, 0, "degraded"),
        (1_000, 0, "stopped"),
        (0, 1_000, "stopped"),
        (5_000, 0, "stopped"),
    ],
)
def test_a_level_follows_from_what_is_spent_and_in_flight(
    spent: int, in_flight: int, level: Level
) -> None:
    """Each threshold belongs to the stricter side."""
    assert BudgetUsage(DESK, spent, in_flight).level == level


@pytest.mark.parametrize(
    ("spent", "wanted", "model"),
    [
        (0, "opus", "opus"),
        (850, "opus", "opus"),
        (900, "opus", "sonnet"),
        (900, "sonnet", "haiku"),
        (900, "haiku", "haiku"),
        (970, "opus", "sonnet"),
        (985, "opus", "haiku"),
        (999, "sonnet", "haiku"),
        (1_000, "haiku", None),
        (900, "elsewhere", None),
    ],
)
def test_a_budget_steps_down_the_ladder_and_never_over_its_ceiling(
    spent: int, wanted: str, model: str | None
) -> None:
    """Degraded is one step down; what might not fit is left out; nothing left means a person."""
    assert allowance([BudgetUsage(DESK, spent)], MOST).model(wanted, LADDER) == model


def test_without_a_budget_everything_may_be_spent() -> None:
    """No limit concerns the message."""
    assert allowance([], MOST) is FREE
    assert FREE.model("opus", LADDER) == "opus"


def test_the_strictest_budget_holds() -> None:
    """A requester who has used theirs up is stopped, whatever the desk has left."""
    person = Limit("requester", "U1", "month", 10, 0.8, 0.9)

    assert allowance([BudgetUsage(DESK, 0), BudgetUsage(person, 10)], MOST) == Allowance(
        level="stopped", budget="requester U1", fitting=()
    )


def test_what_fits_is_what_every_budget_can_bear() -> None:
    """The requester's ceiling keeps Opus out though the desk could pay for it."""
    person = Limit("requester", "U1", "day", 30, 0.8, 0.9)

    assert allowance([BudgetUsage(DESK, 0), BudgetUsage(person, 0)], MOST).fitting == (
        "sonnet",
        "haiku",
    )


@pytest.mark.parametrize(
    ("announced", "now", "told"),
    [
        ("ok", "ok", None),
        ("ok", "warned", "warned"),
        ("ok", "stopped", "stopped"),
        ("warned", "warned", None),
        ("warned", "degraded", "degraded"),
        ("stopped", "warned", None),
    ],
)
def test_only_a_stricter_level_is_announced(
    announced: Level, now: Level, told: Level | None
) -> None:
    """A call in flight that came in cheaper takes nothing back before the period is over."""
    assert crossing(announced, now) == told


def test_levels_are_ordered() -> None:
    """Stricter is further along."""
    assert all(stricter(one, other) == other for one, other in pairwise(LEVELS))


def test_a_message_is_concerned_by_the_desk_its_channel_and_its_requester() -> None:
    """A channel's own budget leaves other channels alone; one for channels counts each."""
    budgets = (
        Budget(day=1, month=10),
        Budget(scope="channel", day=1),
        Budget(scope="channel", channel="C22", day=1),
        Budget(scope="requester", month=1),
    )

    named = [(limit.name, limit.span) for limit in limits(budgets, "C1", "U1")]

    assert named == [
        ("desk", "day"), ("desk", "month"), ("channel C1", "day"), ("requester U1", "month"),
    ]  # fmt: skip
    assert DESK.period(date(2026, 11, 23)) == "day:2026-11-23"


@given(st.integers(0, 2_000), st.integers(0, 2_000), st.sampled_from(LADDER))
def test_no_allowed_call_can_take_a_budget_over_its_ceiling(
    spent: int, in_flight: int, wanted: str
) -> None:
    """Spent, in flight and the most it may cost stay inside together."""
    usage = BudgetUsage(DESK, spent, in_flight)
    model = allowance([usage], MOST).model(wanted, LADDER)

    assert model is None or usage.used + MOST[model] <= DESK.ceiling


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({}, "give a day or a month"),
        ({"day": -1}, "greater than 0"),
        ({"day": "much"}, "expected dollars"),
        ({"day": 1, "channel": "C12"}, "goes with scope"),
        ({"day": 1, "warn": 0.95}, "warn comes before degrade"),
    ],
)
def test_a_mistake_in_a_budget_is_told(rule: dict[str, object], problem: str) -> None:
    """A sentence names what was expected."""
    with pytest.raises(ValueError, match=problem):
        Budget.model_validate(rule)
