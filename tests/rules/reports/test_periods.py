"""Days, weeks and months on the desk's calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.cron import next_time
from bot.reports.periods import PeriodError, current_period, ended_periods, period_named, period_of
from storage.costs.days import Days, day_of

HANOI, YORK, HAVANA = (
    ZoneInfo(name) for name in ("Asia/Ho_Chi_Minh", "America/New_York", "America/Havana")
)
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("today", "day:2026-11-23"),
        ("", "day:2026-11-23"),
        ("yesterday", "day:2026-11-22"),
        ("week", "week:2026-11-23"),
        ("last week", "week:2026-11-16"),
        ("month", "month:2026-11-01"),
        ("Last Month", "month:2026-10-01"),
        ("2026-02", "month:2026-02-01"),
        ("2026-02-28", "day:2026-02-28"),
        ("2026-W48", "week:2026-11-23"),
    ],
)
def test_a_period_is_what_people_call_it(said: str, key: str) -> None:
    """Weeks begin on Monday."""
    assert period_named(said, NOW, ZoneInfo("UTC")).key == key


@pytest.mark.parametrize("said", ["2026-13", "2026-02-30", "soon", "2026-W60", "last day"])
def test_what_is_no_period_is_refused_with_those_there_are(said: str) -> None:
    """A typing mistake gets a sentence."""
    with pytest.raises(PeriodError, match="is no period: say today"):
        period_named(said, NOW, HANOI)


def test_today_is_the_desks_today() -> None:
    """Half past six in the evening in London is tomorrow in Hanoi."""
    assert period_named("today", NOW, HANOI).days.first == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 8), YORK, 23),
        (date(2026, 11, 1), YORK, 25),
        (date(2026, 11, 23), HANOI, 24),
        (date(2026, 3, 8), HAVANA, 23),
        (date(2026, 11, 1), HAVANA, 25),
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(day: date, zone: ZoneInfo, hours: int) -> None:
    """Also where the clocks change at midnight."""
    days = Days(day, day, zone)

    assert days.end - days.start == timedelta(hours=hours)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([HANOI, YORK, HAVANA, ZoneInfo("Australia/Lord_Howe")]),
)
def test_every_moment_falls_in_exactly_its_own_day_week_and_month(
    moment: datetime, zone: ZoneInfo
) -> None:
    """Periods follow each other without a gap and without an overlap."""
    day = day_of(moment, zone)
    for name in ("day", "week", "month"):
        running = current_period(name, moment, zone)
        assert running.days.start <= moment < running.days.end
        assert running.before().days.end == running.days.start
        assert day in running.days
        assert not running.over(moment)


def test_the_periods_that_ended_come_newest_first() -> None:
    """A handful, each before the other."""
    keys = [each.key for each in ended_periods("month", NOW, HANOI)]

    assert keys[:2] == ["month:2026-10-01", "month:2026-09-01"]
    assert keys == sorted(keys, reverse=True)


def test_a_digest_is_due_at_the_first_cron_time_after_its_period() -> None:
    """At eight in the morning where the desk is; an impossible date is refused."""
    days = period_of("day", date(2026, 11, 22), HANOI).days

    assert next_time("0 8 * * *", days.end, HANOI) == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert next_time("0 0 * * *", days.end, HANOI) == days.end
    with pytest.raises(ValueError, match="never comes"):
        next_time("0 0 30 2 *", days.end, HANOI)


def test_labels_are_for_people() -> None:
    """Each kind names itself."""
    zone = ZoneInfo("UTC")

    assert period_of("day", date(2026, 11, 3), zone).label == "Tuesday, 3 November 2026"
    assert period_of("week", date(2026, 11, 3), zone).label == "week 45 of 2026 (2 Nov – 8 Nov)"
    assert period_of("month", date(2026, 11, 3), zone).label == "November 2026"
