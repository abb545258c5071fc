"""Cutting long texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm.tokens import estimate_tokens, split_text

TEXT = st.text(alphabet=st.sampled_from("ab Z.!?…\n\r\t\"'。đơn hàng🙂"), max_size=400) | st.text()


@given(TEXT, st.integers(min_value=3, max_value=60))
def test_the_pieces_join_to_the_text_and_none_is_too_long(text: str, limit: int) -> None:
    """Nothing is lost, doubled or trimmed, whatever the text."""
    pieces = split_text(text, limit)

    assert "".join(pieces) == text
    assert all(pieces)
    assert all(estimate_tokens(piece) <= limit for piece in pieces)


def test_a_cut_falls_after_a_paragraph_rather_than_a_sentence() -> None:
    """And after a sentence rather than a word."""
    paragraph = "One two three. Four five six.\n\n"
    assert split_text(paragraph * 3, estimate_tokens(paragraph) + 4) == [paragraph] * 3
    assert split_text("One two three. Four five six seven", 11)[0] == "One two three. "
    assert split_text("onetwothree fourfivesix", 7)[0] == "onetwothree "


def test_a_word_longer_than_a_piece_is_cut_where_it_must() -> None:
    """No limit is exceeded for the sake of a word."""
    assert split_text("x" * 30, 4) == ["x" * 10] * 3


def test_a_limit_under_one_character_is_refused() -> None:
    """It could not be kept."""
    with pytest.raises(ValueError, match="at least 3"):
        split_text("text", 2)
