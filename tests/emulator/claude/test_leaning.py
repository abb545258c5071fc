"""Whom words sound to be for, counted in the stand-in's examples."""

import pytest

from emulator.claude.addressee import addressee
from emulator.claude.leaning import MOST, leaning


@pytest.mark.parametrize(
    ("message", "people"),
    [
        ("who has the key to the meeting room", True),
        ("chiều nay họp mấy giờ vậy mọi người", True),
        ("my refund has not arrived", False),
        ("shop ơi đơn của em chưa tới", False),
    ],
)
def test_words_lean_to_where_they_are_used(message: str, *, people: bool) -> None:
    """None of these is an example itself."""
    assert (leaning(message) > 0) == people


def test_words_are_read_as_they_were_meant() -> None:
    """With a letter too few, too many, wrong or out of its place; a short word may be any other."""
    for typed in ("waranty", "warrantyy", "warrenty", "warratny"):
        assert leaning(typed) == leaning("warranty") != 0
    assert leaning("wraretny") == 0
    assert leaning("teh") == leaning("xqz")


def test_words_that_nobody_has_read_lean_nowhere() -> None:
    """And much of one kind is no surer than its most."""
    assert abs(leaning("zyx")) < 1
    assert leaning("lunch meeting standup coffee haha lol birthday " * 9) == MOST


@pytest.mark.parametrize(
    ("message", "thread", "who"),
    [
        ("Guten Tag, meine Bestellung ist noch nicht da", "", "desk"),
        ("Tom, can you send me the invoice?", "", "someone_else"),
        ("mine was late too", "[other] my bus was late", "someone_else"),
        ("mine was late too", "[customer] my parcel is late\n[bot] Which order is it?", "desk"),
        ("and to Hue?", "[other] How long does delivery take?\n[bot] Three days.", "desk"),
        ("at twelve", "[other] when is lunch?", "someone_else"),
    ],
)
def test_what_was_said_before_counts_more_than_words(message: str, thread: str, who: str) -> None:
    """Greetings of other languages call nobody, and an echo among people is for them."""
    assert addressee(message, thread, asks=True)[0] == who
