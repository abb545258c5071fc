"""When 👀 comes at once: more are at work than a moment sees end."""

from bot.tickets.crowd import Crowd


class Watch:
    """A clock that stands where it is put."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_few_are_no_crowd_and_many_of_whom_none_has_ended_are_one() -> None:
    """At the beginning nobody knows how fast it goes: everybody has a sign."""
    crowd = Crowd(size=3, moment=2, clock=Watch())

    assert [crowd.waits(at_work) for at_work in (2, 3, 4)] == [False, True, True]


def test_as_many_as_end_within_a_moment_need_no_sign() -> None:
    """Ten ended within the last two seconds: the tenth has its answer within two, not the next."""
    crowd = Crowd(size=3, moment=2, clock=Watch())
    for _ in range(10):
        crowd.ended()

    assert [crowd.waits(at_work) for at_work in (10, 11)] == [False, True]


def test_what_ended_longer_ago_does_not_count() -> None:
    """The models have stopped answering: whoever comes now waits."""
    watch = Watch()
    crowd = Crowd(size=3, moment=2, clock=watch)
    for _ in range(10):
        crowd.ended()
    watch.now += 2

    assert crowd.waits(5)
