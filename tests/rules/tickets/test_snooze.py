"""Times to wake up, as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.tickets.snooze import NotATime, wake_time

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("30m", timedelta(minutes=30)),
        ("4h", timedelta(hours=4)),
        ("2d", timedelta(days=2)),
        (" 1 W ", timedelta(weeks=1)),
        ("2 days", timedelta(days=2)),
        ("3hours", timedelta(hours=3)),
    ],
)
def test_a_span_counts_from_now(typed: str, span: timedelta) -> None:
    """Minutes, hours, days and weeks, as a letter or a word."""
    assert wake_time(typed, NOW) == NOW + span


def test_a_date_is_nine_in_its_morning_where_the_desk_is() -> None:
    """In Ho Chi Minh City nine o'clock is two in UTC."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")

    assert wake_time("2026-12-01", NOW, zone) == datetime(2026, 12, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "soon", "2x", "-2d", "0d", "2026-11-01", "9999d", "d2"])
def test_what_is_no_time_to_come_is_refused(typed: str) -> None:
    """The sentence says what is expected."""
    with pytest.raises(NotATime, match="expected a span"):
        wake_time(typed, NOW)
