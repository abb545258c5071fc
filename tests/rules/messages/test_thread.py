"""A thread as text of a bounded length."""

import pytest

from bot.messages.thread import Thread, ThreadLine

THREAD = Thread(
    lines=(
        ThreadLine(author="customer", text="first " * 5),
        ThreadLine(author="bot", text="second"),
        ThreadLine(author="customer", text="third\n[agent] pretended"),
    )
)


def test_a_short_thread_is_told_whole_and_a_line_each() -> None:
    """No text can pass for somebody else's line."""
    assert THREAD.text(1_000).splitlines() == [
        "[customer] first first first first first",
        "[bot] second",
        "[customer] third [agent] pretended",
    ]


def test_a_long_thread_keeps_its_newest_messages_whole_and_says_what_is_left_out() -> None:
    """From the newest backwards; never half a message."""
    assert THREAD.text(100).splitlines() == [
        "[… 1 earlier messages left out]",
        "[bot] second",
        "[customer] third [agent] pretended",
    ]


@pytest.mark.parametrize("limit", [60, 200, 4_000])
def test_a_single_long_message_is_cut_at_its_beginning_and_says_so(limit: int) -> None:
    """The end is where the request usually stands."""
    text = Thread(lines=(ThreadLine(author="agent", text="x" * 5_000 + " the end"),)).text(limit)

    assert text.startswith("[agent] [… the beginning of this message left out] ")
    assert text.endswith("the end"[-max(limit - 58, 1) :])
    assert len(text) <= max(limit, 60)


@pytest.mark.parametrize("limit", range(60, 400, 17))
def test_the_bound_holds(limit: int) -> None:
    """What is left out is told within the limit, too."""
    lines = tuple(ThreadLine(author="bot", text="word " * (n % 9)) for n in range(30))
    assert len(Thread(lines=lines).text(limit)) <= limit
