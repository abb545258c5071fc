"""Opening hours: arithmetic that holds for every calendar, zone and moment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.business_hours import BusinessHours, always_open

OFFICE = ((time(8, 30), time(12)), (time(13), time(17, 30)))
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
SHOP = BusinessHours(SAIGON, dict.fromkeys(range(5), OFFICE), frozenset({date(2026, 12, 25)}))
NIGHTS = BusinessHours(BERLIN, dict.fromkeys(range(7), ((time(0), time(6)), (time(22), time(0)))))

zones = st.sampled_from([ZoneInfo("UTC"), SAIGON, BERLIN, ZoneInfo("America/New_York")])
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
moments = st.integers(int(FIRST.timestamp()), int(LAST.timestamp())).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)
spans = st.timedeltas(timedelta(), timedelta(days=9))


@st.composite
def calendars(draw: st.DrawFn) -> BusinessHours:
    """Some weekdays open, each in one or two spans, and a few days off."""
    week = {}
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = draw(st.lists(st.integers(0, 95), min_size=2, max_size=4, unique=True))
        edges = sorted(edges)[: len(edges) // 2 * 2]
        times = [time(edge // 4, edge % 4 * 15) for edge in edges]
        week[weekday] = tuple(zip(times[::2], times[1::2], strict=True))
    days = draw(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    return BusinessHours(draw(zones), week, frozenset(days))


@settings(deadline=None, max_examples=60)
@given(calendars(), moments, spans)
def test_after_is_the_inverse_of_between(
    hours: BusinessHours, start: datetime, span: timedelta
) -> None:
    """What is promised in so many hours is due when so many hours have been open, not before."""
    due = hours.after(start, span)

    assert hours.between(start, due) == span
    if span:
        assert hours.between(start, due - timedelta(seconds=1)) < span


@settings(deadline=None, max_examples=60)
@given(calendars(), moments, spans, spans)
def test_open_time_adds_up(
    hours: BusinessHours, start: datetime, first: timedelta, second: timedelta
) -> None:
    """A span cut in two has as much open time as its halves, and never more than has passed."""
    middle, end = start + first, start + first + second

    whole = hours.between(start, end)
    assert whole == hours.between(start, middle) + hours.between(middle, end)
    assert timedelta() <= whole <= end - start


@given(moments, spans)
def test_a_desk_that_never_closes_counts_every_second(start: datetime, span: timedelta) -> None:
    """Then business hours are hours."""
    assert always_open(BERLIN).between(start, start + span) == span


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23T09:00", 2, "2026-11-23T11:00"),
        ("2026-11-23T11:00", 2, "2026-11-23T14:00"),
        ("2026-11-23T18:00", 1, "2026-11-24T09:30"),
        ("2026-11-27T17:00", 1, "2026-11-30T09:00"),
        ("2026-12-24T17:00", 1, "2026-12-28T09:00"),
    ],
    ids=["within a span", "over lunch", "overnight", "over the weekend", "over a holiday"],
)
def test_the_clock_stands_still_while_the_desk_is_closed(start: str, hours: int, due: str) -> None:
    """Lunch, nights, weekends and holidays are not counted."""
    local = datetime.fromisoformat(start).replace(tzinfo=SAIGON)
    expected = datetime.fromisoformat(due).replace(tzinfo=SAIGON)

    assert SHOP.after(local, timedelta(hours=hours)) == expected


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 7), ("2026-03-30", 8), ("2026-10-25", 9)]
)
def test_a_night_is_as_long_as_it_was(day: str, hours: int) -> None:
    """When the clocks change, the night has an hour less or more."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=BERLIN).astimezone(UTC)
    noon = datetime.combine(date.fromisoformat(day), time(12), BERLIN).astimezone(UTC)
    evening = datetime.combine(date.fromisoformat(day), time(23, 59), BERLIN).astimezone(UTC)

    night = NIGHTS.between(midnight, noon) + NIGHTS.between(noon, evening + timedelta(minutes=1))
    assert night == timedelta(hours=hours)


def test_open_and_closed_are_told_apart() -> None:
    """Somebody is there at ten, and nobody at noon."""
    day = datetime(2026, 11, 23, tzinfo=SAIGON)

    assert SHOP.is_open(day.replace(hour=10))
    assert not SHOP.is_open(day.replace(hour=12, minute=30))
