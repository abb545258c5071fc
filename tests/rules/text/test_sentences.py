"""Sentences of a text that is still being written."""

import pytest

from bot.text.sentences import whole_sentences


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("", ""),
        ("Delivery takes", ""),
        ("Delivery takes three days.", ""),
        ("Delivery takes three days. Par", "Delivery takes three days. "),
        ("It costs 1.50 dollars at shop.example", ""),
        ("See https://a.example/b.html?c=1 for more", ""),
        ("Is it you? Yes! And (truly.) so on", "Is it you? Yes! And (truly.) "),
        ("«Được.» Giao hàng mất 3 ngày. Bạn", "«Được.» Giao hàng mất 3 ngày. "),
        ("First line\nsecond", "First line\n"),
        ("*Bold.* Then", "*Bold.* "),
        ("Wait… what", "Wait… "),
    ],
)
def test_only_what_has_ended_is_given(text: str, ended: str) -> None:
    """Decimal points, addresses and an end that may not be one wait for the next word."""
    assert whole_sentences(text) == ended


def test_a_growing_text_only_ever_gives_more() -> None:
    """However it is cut into pieces, what was given stays given."""
    text = "One. Two is 2.5! Three?\nFour: a.b.c (done.) Five. "
    given = [whole_sentences(text[:size]) for size in range(len(text) + 1)]

    assert given[-1] == text
    assert all(text.startswith(each) for each in given)
    assert [len(each) for each in given] == sorted(len(each) for each in given)
