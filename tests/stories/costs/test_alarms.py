"""When an alarm stands, as a table; and that it is told once and taken back once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.config.sections import Alerts
from bot.costs.monitor import judge_spending
from bot.text.money import NANO
from emulator.claude.models import Model
from storage.reports.spend import RecentCalls
from tests.support.workspace import Workspace

HOURS = 7 * 24
USUAL = RecentCalls(100 * HOURS, HOURS, 1_000 * HOURS, 800 * HOURS, 2 * NANO * HOURS)
HOUR = RecentCalls(100, 1, 1_000, 800, 2 * NANO)
RULES = Alerts()
MODEL = "claude-haiku-5-5"


@pytest.mark.parametrize(
    ("hour", "alarms"),
    [
        (HOUR, set()),
        (replace(HOUR, nano_dollars=10 * NANO), set()),
        (replace(HOUR, nano_dollars=10 * NANO + 1), {"spend"}),
        (replace(HOUR, cache_read_tokens=400), set()),
        (replace(HOUR, cache_read_tokens=399), {"cache"}),
        (replace(HOUR, failed=10), set()),
        (replace(HOUR, failed=11), {"failures"}),
        (RecentCalls(19, 19, 1_000, 0, 100 * NANO), set()),
        (RecentCalls(20, 20, 1_000, 0, 100 * NANO), {"spend", "cache", "failures"}),
    ],
)
def test_an_alarm_stands_while_the_last_hour_is_unlike_the_week_before(
    hour: RecentCalls, alarms: set[str]
) -> None:
    """On the line is not over it, and a few calls prove nothing."""
    told = judge_spending(hour, USUAL, RULES)

    assert {name for name, sentence in told.items() if sentence} == alarms


def test_a_new_desk_is_alarmed_only_above_the_floor() -> None:
    """Without a week to compare with, a dollar an hour is the measure."""
    nothing = RecentCalls(0, 0, 0, 0, 0)

    assert judge_spending(replace(HOUR, nano_dollars=NANO), nothing, RULES)["spend"] is None
    assert judge_spending(replace(HOUR, nano_dollars=NANO + 1), nothing, RULES)["spend"] is not None


def alarms(place: Workspace) -> list[str]:
    return [m.text for m in place.slack.messages(place.agents) if "budget" not in m.text.lower()]


async def test_many_failures_are_told_once_and_taken_back_once(place: Workspace) -> None:
    """Looked at three times while it is bad and twice when it is over."""
    await place.start("[alerts]\ncalls = 1\n", claude_retries=0)
    place.claude.faults.add("server_error")
    await place.hears(place.linh, "How long does delivery take?")
    for _ in range(3):
        await place.running.monitor.check_spending()
    later = datetime.now(UTC).replace(year=2027)
    for _ in range(2):
        await place.running.monitor.check_spending(later)
    await place.running.pipeline.wait_idle()

    told = [text for text in alarms(place) if text.startswith("Many model calls fail")]
    assert len(told) == 2
    assert "It is over" in told[1]


async def test_a_deprecated_model_is_told_and_taken_back_when_it_lives_on(
    place: Workspace,
) -> None:
    """The daily look finds the announcement, with the day it ends."""
    await place.start()
    known: Model = place.claude.models[MODEL]
    known.lifecycle, known.retires_at = "deprecated", datetime(2027, 3, 1, tzinfo=UTC)
    for _ in range(2):
        await place.running.monitor.check_models()
    known.lifecycle = "active"
    await place.running.monitor.check_models()
    await place.running.pipeline.wait_idle()

    told = [text for text in alarms(place) if MODEL in text]
    assert len(told) == 2
    assert "ends on 2027-03-01" in told[0]
    assert "It is over" in told[1]


async def test_the_alarm_of_a_model_is_taken_back_when_the_desk_uses_another(
    place: Workspace,
) -> None:
    """Doing what the alarm asks for ends it, at the first look of the next start."""
    await place.start()
    place.claude.models[MODEL].lifecycle = "deprecated"
    await place.running.monitor.check_models()
    await place.running.monitor.check_spending()
    await place.running.pipeline.wait_idle()
    assert len([text for text in alarms(place) if MODEL in text]) == 1

    await place.stop()
    other = "claude-sonnet-5-5"
    names = ("triage", "simple", "complex", "creative")
    await place.start("[models]\n" + "".join(f'{name} = "{other}"\n' for name in names))
    await place.running.monitor.check_spending()
    await place.running.pipeline.wait_idle()

    told = [text for text in alarms(place) if MODEL in text]
    assert len(told) == 2
    assert "It is over" in told[1]
