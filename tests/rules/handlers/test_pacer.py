"""The lanes in which calls to Slack wait: when a call may go, and which goes first."""

import asyncio
import time
from collections.abc import Awaitable

import pytest

from handlers.web_api.call_priority import CallPriority, calls_as, priority_of
from handlers.web_api.pacer import Lane, Pacer
from handlers.web_api.tiers import IN_CHANNEL, RateLimit, limit_of

CUSTOMER, NOTE, CARD, DIGEST = (
    CallPriority.CUSTOMER,
    CallPriority.NOTE,
    CallPriority.CARD,
    CallPriority.DIGEST,
)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def _go(lane: Lane, times: int, priority: CallPriority = CUSTOMER) -> None:
    for _ in range(times):
        await asyncio.wait_for(lane.enter(priority), 1)
        lane.leave()


async def test_a_lane_takes_its_limit_and_then_says_how_long_to_wait() -> None:
    """Two in ten seconds: the third waits for the first to be forgotten."""
    clock = Clock()
    lane = Lane(RateLimit(2, 10), clock)
    await _go(lane, 1)
    clock.now += 3
    await _go(lane, 1)

    assert lane.wait(CUSTOMER) == pytest.approx(7)
    clock.now += 7
    assert lane.wait(CUSTOMER) == 0
    assert lane.wait(CallPriority.VIEW) == 0


async def test_a_call_counts_from_its_answer() -> None:
    """Slack may have counted it at any moment until then."""
    clock = Clock()
    lane = Lane(RateLimit(1, 10), clock)
    await lane.enter(CUSTOMER)
    clock.now += 60
    assert lane.wait(CUSTOMER) > 0
    lane.leave()
    assert lane.wait(CUSTOMER) == 10


async def test_a_call_that_was_not_made_does_not_count() -> None:
    """A turn given back is free at once."""
    lane = Lane(RateLimit(1, 10), Clock())
    await lane.enter(CUSTOMER)
    lane.leave(counts=False)
    assert lane.wait(CUSTOMER) == 0


async def test_what_can_wait_leaves_room_for_what_cannot() -> None:
    """A fifth of a lane is never taken by cards and digests."""
    lane = Lane(RateLimit(10, 60), Clock())
    await _go(lane, 8, CARD)
    assert lane.wait(CARD) > 0
    assert lane.wait(CUSTOMER) == 0
    await _go(lane, 2)
    assert lane.wait(CUSTOMER) > 0


async def test_a_lane_of_one_takes_what_can_wait_too() -> None:
    """Room that is kept free is never all there is."""
    lane = Lane(RateLimit(1, 60), Clock())
    assert lane.wait(DIGEST) == 0


async def test_a_refusal_closes_a_lane_and_halves_it_until_it_was_quiet() -> None:
    """Learned downwards from Retry-After; a tenth comes back each minute."""
    clock = Clock()
    lane = Lane(RateLimit(20, 60), clock)
    lane.refused(30)
    lane.refused(30)
    assert 30 <= lane.wait(CUSTOMER) <= 33
    assert lane.calls == 10
    clock.now += 33
    assert lane.wait(CUSTOMER) == 0
    clock.now += 60
    lane.wait(CUSTOMER)
    assert lane.calls == 12
    clock.now += 3_600
    lane.wait(CUSTOMER)
    assert lane.calls == 20


async def test_the_most_urgent_goes_first_and_equals_in_their_order() -> None:
    """A customer's word overtakes the cards that wait."""
    pacer, went = Pacer(pace=100), []

    async def call(name: str, priority: CallPriority) -> None:
        async with pacer.turn("chat.postMessage", "C1", priority):
            went.append(name)

    crowd: list[Awaitable[None]] = [call(f"card {number}", CARD) for number in range(7)]
    crowd += [call("digest", DIGEST), call("word 1", CUSTOMER), call("word 2", CUSTOMER)]
    await asyncio.gather(*crowd)

    first = [f"card {number}" for number in range(4)]
    assert went[:4] == first
    assert went[4:6] == ["word 1", "word 2"]
    assert went[6:] == ["card 4", "card 5", "card 6", "digest"]


async def test_a_channel_that_is_full_does_not_keep_others_waiting() -> None:
    """Posts are counted by channel."""
    pacer = Pacer(pace=1)
    for _ in range(IN_CHANNEL.calls):
        async with pacer.turn("chat.postMessage", "C1", CUSTOMER):
            pass

    assert pacer.wait("chat.postMessage", "C1", CUSTOMER) > 0
    assert pacer.wait("chat.postMessage", "C2", CUSTOMER) == 0
    assert pacer.wait("chat.update", "C1", CUSTOMER) == 0


async def test_no_window_holds_more_than_slack_takes() -> None:
    """Whatever the order of answers, so many in so long, measured at both ends."""
    pacer, moments = Pacer(pace=600), []
    limit = limit_of("reactions.remove")
    window = limit.seconds / 600

    async def call() -> None:
        async with pacer.turn("reactions.remove", "C1", CUSTOMER):
            moments.append(time.monotonic())

    await asyncio.gather(*(call() for _ in range(3 * limit.calls)))
    spans = [late - early for early, late in zip(moments, moments[limit.calls :], strict=False)]
    assert len(moments) == 3 * limit.calls
    assert min(spans) >= window * 0.99


async def test_whoever_gives_up_takes_no_turn() -> None:
    """A cancelled wait leaves the lane as it was."""
    pacer = Pacer(pace=100)
    async with pacer.turn("reactions.remove", "C1", CUSTOMER) as turn:
        turn.refused(60)

    async def call() -> None:
        async with pacer.turn("reactions.remove", "C1", CUSTOMER):
            raise AssertionError("it had no turn")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call(), 0.01)
    assert 0 < pacer.wait("reactions.remove", "C1", CUSTOMER) <= 66


async def test_nothing_is_paced_at_pace_nought_until_slack_refuses() -> None:
    """For a workspace whose limits are not Slack's; a refusal is heeded all the same."""
    pacer = Pacer(pace=0)
    for _ in range(200):
        async with pacer.turn("reactions.remove", "C1", CUSTOMER):
            pass
    assert pacer.wait("reactions.remove", "C1", CUSTOMER) == 0
    async with pacer.turn("reactions.remove", "C1", CUSTOMER) as turn:
        turn.refused(5)
    assert pacer.wait("reactions.remove", "C1", CUSTOMER) >= 4


def test_the_urgency_of_a_call_is_its_callers_word_or_its_kind() -> None:
    """Forms cannot wait; what is asked on a message's way is asked for a customer."""
    assert priority_of("views.open") is CallPriority.VIEW
    assert priority_of("chat.postEphemeral") is CallPriority.VIEW
    assert priority_of("users.info") is CUSTOMER
    with calls_as(NOTE):
        assert priority_of("views.open") is NOTE
        with calls_as(DIGEST):
            assert priority_of("chat.postMessage") is DIGEST
        assert priority_of("chat.postMessage") is NOTE
    assert priority_of("chat.postMessage") is CUSTOMER


@pytest.mark.parametrize(("processes", "calls"), [(1, 50), (3, 16), (7, 7), (100, 1)])
async def test_several_processes_together_keep_to_the_limit_of_one(
    processes: int, calls: int
) -> None:
    """Each lets its part go, and waits until the whole of it would have gone."""
    clock = Clock()
    pacer = Pacer(1, clock)
    assert pacer.wait("reactions.add", "", CUSTOMER) == 0
    pacer.share(processes)
    for _ in range(calls):
        assert pacer.wait("reactions.add", "", CUSTOMER) == 0
        async with pacer.turn("reactions.add", "", CUSTOMER):
            pass

    assert pacer.wait("reactions.add", "", CUSTOMER) == pytest.approx(60 * calls * processes / 50)
    pacer.share(1)
    assert (pacer.wait("reactions.add", "", CUSTOMER) == 0) is (calls < 50)


def test_a_share_is_no_amnesty() -> None:
    """What a refusal has taught goes on to count when the limit changes."""
    lane = Lane(RateLimit(50, 60), Clock())
    lane.limit(RateLimit(40, 60))
    assert lane.calls == 40
    lane.refused(1)
    lane.limit(RateLimit(50, 60))
    assert lane.calls == 20
    lane.limit(RateLimit(10, 60))
    assert lane.calls == 10
