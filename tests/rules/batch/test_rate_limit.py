"""Pacing by the rate-limit headers."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.batch.rate_limit import LONGEST, RateLimiter

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
def rate_limiter(time: Time) -> RateLimiter:
    return RateLimiter(time.clock, time.now)


def test_nothing_is_held_back_while_plenty_is_left(rate_limiter: RateLimiter) -> None:
    """Nor before anything is known."""
    assert rate_limiter.delay() == 0
    rate_limiter.adjust_to_reply(200, headers(900))
    assert [rate_limiter.delay() for _ in range(5)] == [0] * 5


def test_what_is_left_is_spread_over_the_time_until_it_is_full_again(
    rate_limiter: RateLimiter,
) -> None:
    """100 requests for 30 seconds: one every 0.3 seconds, each call taking its place in the row."""
    rate_limiter.adjust_to_reply(200, headers(100))

    delays = [rate_limiter.delay() for _ in range(4)]

    assert delays[0] == 0
    assert delays[1] == pytest.approx(0.3, rel=0.05)
    assert delays[3] == pytest.approx(0.9, rel=0.05)


def test_an_allowance_that_is_used_up_is_waited_for(time: Time, rate_limiter: RateLimiter) -> None:
    """And then calls go at once again."""
    rate_limiter.adjust_to_reply(200, headers(0))
    assert rate_limiter.delay() == pytest.approx(30)
    time.seconds = 31
    assert rate_limiter.delay() == 0


def test_tokens_count_by_what_a_call_takes(rate_limiter: RateLimiter) -> None:
    """10,000 tokens at 1,000 a call are ten calls."""
    rate_limiter.adjust_to_reply(200, headers(10_000, limit=100_000, name="input-tokens"))
    rate_limiter.used(1_000, 10)

    rate_limiter.delay()
    assert rate_limiter.delay() == pytest.approx(3.0, rel=0.05)


def test_a_429_that_says_when_closes_the_way_until_then(
    time: Time, rate_limiter: RateLimiter
) -> None:
    """For every call, but never for longer than a minute at a time."""
    rate_limiter.adjust_to_reply(429, {"retry-after": "7"})
    assert rate_limiter.delay() == pytest.approx(7)
    time.seconds = 7.5
    rate_limiter.adjust_to_reply(429, {"retry-after": "86400"})
    assert rate_limiter.delay() == LONGEST


@pytest.mark.parametrize("odd", [{}, {"retry-after": "soon"}, headers(5, limit=0), {"x": "y"}])
def test_headers_that_cannot_be_read_change_nothing(
    rate_limiter: RateLimiter, odd: dict[str, str]
) -> None:
    """A gateway may send none, or its own."""
    rate_limiter.adjust_to_reply(429, odd)
    assert rate_limiter.delay() == 0


def test_a_reply_that_was_overtaken_does_not_raise_the_allowance(rate_limiter: RateLimiter) -> None:
    """Replies come in any order."""
    rate_limiter.adjust_to_reply(200, headers(10))
    rate_limiter.adjust_to_reply(200, headers(250))

    rate_limiter.delay()
    assert rate_limiter.delay() == pytest.approx(3.0, rel=0.05)
