"""Dates as other desks write them: what is read, and what has to be said first."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.written_dates import DateFacts, NotADate, find_date

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
AFTERNOON = datetime(2021, 11, 22, 16, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2021-11-22T16:58:00Z",
        "2021-11-22 16:58:00 UTC",
        "2021-11-22 16:58 +0000",
        "2021-11-22T23:58:00.123+07:00",
        "2021-11-22 11:58:00 -05:00",
        "2021/11/22 16:58 GMT",
        "Mon, 22 Nov 2021 16:58:00 +0000",
        "22 Nov 2021 16:58 UTC",
        "November 22, 2021 at 4:58 PM UTC",
        "1637600280",
        "1637600280000",
    ],
)
def test_a_moment_with_its_zone_needs_nothing(text: str) -> None:
    """However it is written."""
    assert find_date(text).moment(None, None) == AFTERNOON


@pytest.mark.parametrize(
    "text",
    [
        "2021-11-22 16:58:00",
        "2021-11-22T16:58",
        "22/Nov/21 4:58 PM",
        "22-Nov-2021 16:58",
        "Nov 22, 2021 4:58 pm",
        "22.11.2021 16:58",
        "22.11.2021, 16:58:00",
        "22/11/2021 16:58",
        "22/11/21 4:58 CH",
    ],
)
def test_a_date_without_a_zone_is_in_the_one_that_is_said(text: str) -> None:
    """And in none when none is said."""
    found = find_date(text)

    assert found.moment("dmy", SAIGON) == AFTERNOON - timedelta(hours=7)
    with pytest.raises(NotADate, match="zone is not known"):
        found.moment("dmy", None)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "12",
        "2021-13-45",
        "31/02/2021",
        "99:99",
        "",
        "Nov",
        "2021-11-22 25:61",
        "1.2.3.4",
    ],
)
def test_what_is_no_date_is_said_so(text: str) -> None:
    """And never becomes one."""
    with pytest.raises(NotADate):
        find_date(text).moment("dmy", UTC)


def test_the_order_of_day_and_month_follows_from_some_date_or_is_asked() -> None:
    """A day above twelve tells it for all; two that contradict each other tell nothing."""
    facts = DateFacts()
    facts.add("01/02/2026")
    seen = [(facts.order, facts.ambiguous)]
    for text in ("13/02/2026", "01/14/2026"):
        facts.add(text)
        seen.append((facts.order, facts.ambiguous))

    assert [order for order, _ in seen] == [None, "dmy", None]
    assert {text for _, text in seen} == {"01/02/2026"}
    with pytest.raises(NotADate, match="order of day and month"):
        find_date("01/02/2026").moment(facts.order, UTC)


@given(st.integers(0, 4_000_000_000), st.integers(-720, 840))
def test_iso_dates_are_read_to_the_second(seconds: int, minutes: int) -> None:
    """With any offset that there is."""
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))

    assert find_date(moment.isoformat()).moment(None, None) == moment


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """Nothing else is raised."""
    try:
        find_date(text).moment("dmy", UTC)
    except NotADate:
        return
