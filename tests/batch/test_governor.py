"""Pacing by the rate-limit headers."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.batch.governor import LONGEST, Governor

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


def headers(
    left: int, *, limit: int = 1_000, name: str = "requests", **more: str
) -> dict[str, str]:
    prefix = f"anthropic-ratelimit-{name}"
    reset = (START + timedelta(seconds=30)).isoformat()
    told = {f"{prefix}-limit": str(limit), f"{prefix}-remaining": str(left)}
    return told | {f"{prefix}-reset": reset} | more


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def governor(time: Time) -> Governor:
    return Governor(time.clock, time.now)


def test_nothing_is_held_back_while_plenty_is_left(governor: Governor) -> None:
    """Nor before anything is known."""
    assert governor.delay() == 0
    governor.heard(200, headers(900))
    assert [governor.delay() for _ in range(5)] == [0] * 5


def test_what_is_left_is_spread_over_the_time_until_it_is_full_again(governor: Governor) -> None:
    """100 requests for 30 seconds: one every 0.3 seconds, each call taking its place in the row."""
    governor.heard(200, headers(100))

    delays = [governor.delay() for _ in range(4)]

    assert delays[0] == 0
    assert delays[1] == pytest.approx(0.3, rel=0.05)
    assert delays[3] == pytest.approx(0.9, rel=0.05)


def test_an_allowance_that_is_used_up_is_waited_for(time: Time, governor: Governor) -> None:
    """And then calls go at once again."""
    governor.heard(200, headers(0))
    assert governor.delay() == pytest.approx(30)
    time.seconds = 31
    assert governor.delay() == 0


def test_tokens_count_by_what_a_call_takes(governor: Governor) -> None:
    """10,000 tokens at 1,000 a call are ten calls."""
    governor.heard(200, headers(10_000, limit=100_000, name="input-tokens"))
    governor.used(1_000, 10)

    governor.delay()
    assert governor.delay() == pytest.approx(3.0, rel=0.05)


def test_a_429_that_says_when_closes_the_way_until_then(time: Time, governor: Governor) -> None:
    """For every call, but never for longer than a minute at a time."""
    governor.heard(429, {"retry-after": "7"})
    assert governor.delay() == pytest.approx(7)
    time.seconds = 7.5
    governor.heard(429, {"retry-after": "86400"})
    assert governor.delay() == LONGEST


@pytest.mark.parametrize("odd", [{}, {"retry-after": "soon"}, headers(5, limit=0), {"x": "y"}])
def test_headers_that_cannot_be_read_change_nothing(
    governor: Governor, odd: dict[str, str]
) -> None:
    """A gateway may send none, or its own."""
    governor.heard(429, odd)
    assert governor.delay() == 0


def test_a_reply_that_was_overtaken_does_not_raise_the_allowance(governor: Governor) -> None:
    """Replies come in any order."""
    governor.heard(200, headers(10))
    governor.heard(200, headers(250))

    governor.delay()
    assert governor.delay() == pytest.approx(3.0, rel=0.05)
