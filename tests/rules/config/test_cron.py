"""Cron lines, as people know them and on days when the clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.config.cron import next_time

YORK = ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekdays", "days"),
    [
        ("*", [27, 28, 29, 30, 1, 2, 3]),
        ("1", [30]),
        ("0", [29]),
        ("7", [29]),
        ("mon", [30]),
        ("1-5", [27, 30, 1, 2, 3]),
        ("5-7", [27, 28, 29]),
        ("0,3", [29, 2]),
        ("1-5/2", [27, 30, 2]),
        ("2/2", [28, 1, 3]),
        ("mon-fri", [27, 30, 1, 2, 3]),
    ],
)
def test_weekdays_count_from_sunday(weekdays: str, days: list[int]) -> None:
    """The days of the coming week on which a line about weekdays strikes."""
    struck, moment = [], THURSDAY
    while (moment := next_time(f"0 8 * * {weekdays}", moment, UTC)).timestamp() < (
        THURSDAY.timestamp() + 7 * 86_400
    ):
        struck.append(moment.day)
        moment = moment.replace(hour=9)

    assert struck == days


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("tomorrow at eight", "Wrong number of fields"),
        ("0 25 * * *", "higher than the maximum"),
        ("0 8 * * 8", "higher than the maximum"),
        ("0 8 * * 5-1", "end before they begin"),
        ("0 8 31 2 *", "never comes"),
    ],
)
def test_what_is_no_line_or_never_comes_is_refused(line: str, problem: str) -> None:
    """A typing mistake is found before anybody waits for it."""
    with pytest.raises(ValueError, match=problem):
        next_time(line, THURSDAY, UTC)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        # The clocks go back at 2:00 on 1 November: half past one comes twice.
        (datetime(2026, 11, 1, tzinfo=YORK), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        # They go forward at 2:00 on 14 March.
        (datetime(2027, 3, 14, tzinfo=YORK), datetime(2027, 3, 14, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_day_on_which_the_clocks_change_has_its_time(after: datetime, due: datetime) -> None:
    """The first of two, and one that is there."""
    assert next_time("30 1 * * *", after, YORK) == due
