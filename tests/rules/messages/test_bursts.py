"""Which message belongs to which: who, where and when."""

import pytest

from bot.messages.bursts import BurstTracker
from bot.messages.inbound import IncomingMessage

NOW = 1_800_000_000.0


def said(
    at: float = 0, user: str = "U1", channel: str = "C1", thread: float | None = None
) -> IncomingMessage:
    return IncomingMessage(
        team="T1",
        channel=channel,
        ts=f"{NOW + at:.6f}",
        thread_ts=None if thread is None else f"{NOW + thread:.6f}",
        user=user,
        text="hello",
    )


@pytest.mark.parametrize(
    ("then", "joins"),
    [
        (said(1), True),
        (said(59), True),
        (said(60), True),
        (said(60.1), False),
        (said(3600), False),
        (said(5, user="U2"), False),
        (said(5, channel="C2"), False),
        (said(5, user="U2", channel="C2"), False),
        (said(5, thread=0), False),
        (said(-20), True),
        (said(-61), False),
    ],
)
def test_a_message_joins_the_one_before_it(then: IncomingMessage, *, joins: bool) -> None:
    """Of the same author in the same place within the time, but not inside a thread."""
    bursts = BurstTracker(60)
    first = said()
    assert bursts.join_burst(first) is None
    assert bursts.join_burst(then) == (first.ts if joins else None)


def test_each_message_makes_the_time_count_anew() -> None:
    """Somebody who keeps writing is still at the same request; the thread is the first one's."""
    bursts = BurstTracker(60)
    root = said()
    assert [bursts.join_burst(said(at)) for at in (0, 50, 100, 150)] == [None, *[root.ts] * 3]
    assert bursts.join_burst(said(211)) is None
    assert bursts.join_burst(said(212)) == said(211).ts


def test_the_answer_makes_the_time_count_anew() -> None:
    """What follows shortly on the answer is about the answer."""
    bursts = BurstTracker(60)
    root = said()
    bursts.join_burst(root)
    bursts.answered(root, said(40).ts)
    assert bursts.join_burst(said(90)) == root.ts


def test_words_in_another_thread_stretch_nothing() -> None:
    """The desk's answer to an older request does not."""
    bursts = BurstTracker(60)
    bursts.join_burst(said(-500))
    bursts.join_burst(said())
    bursts.answered(said(-500), said(70).ts)
    assert bursts.join_burst(said(90)) is None


def test_a_message_that_is_delivered_again_stays_what_it_was() -> None:
    """Slack may send any of them twice, in any order."""
    bursts = BurstTracker(60)
    root, more = said(), said(10)
    assert [bursts.join_burst(each) for each in (root, more, root, more)] == [
        None,
        root.ts,
        None,
        root.ts,
    ]


def test_an_event_that_comes_hours_late_hides_nothing() -> None:
    """The author's latest words are still the ones to join."""
    bursts = BurstTracker(60)
    root = said()
    bursts.join_burst(root)
    assert bursts.join_burst(said(-7200)) is None
    assert bursts.join_burst(said(10)) == root.ts


def test_nothing_joins_a_message_that_was_deleted() -> None:
    """Its thread is gone."""
    bursts = BurstTracker(60)
    bursts.join_burst(said())
    bursts.withdrawn(said())
    assert bursts.join_burst(said(5)) is None


def test_switched_off_every_message_stands_for_itself() -> None:
    """`seconds = 0`."""
    bursts = BurstTracker(0)
    assert [bursts.join_burst(said(at)) for at in (0, 0.1, 0.2)] == [None] * 3


def test_only_so_many_authors_are_remembered() -> None:
    """The longest silent is forgotten."""
    bursts = BurstTracker(60, authors=2)
    for number in range(3):
        bursts.join_burst(said(user=f"U{number}"))
    assert [bursts.join_burst(said(1, user=f"U{number}")) for number in (2, 1)] == [said().ts] * 2
    assert bursts.join_burst(said(1, user="U0")) is None
