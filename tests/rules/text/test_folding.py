"""Words as search compares them, and questions as terms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge import terms
from storage.text.folding import fold, words


def telling(question: str) -> list[str]:
    return [each.word for each in terms.read_terms(question).telling]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Giao HÀNG", "giao hang"), ("Đổi trả", "doi tra"), ("ẤM ĐUN", "am dun"), ("café", "cafe")],
)
def test_folding_leaves_plain_letters(text: str, folded: str) -> None:
    """Marks, đ and capitals go; letters stay."""
    assert fold(text) == folded


def test_composed_and_decomposed_words_are_the_same() -> None:
    """A phone and a Mac write the same word in different code points."""
    assert words("hàng") == words("ha\u0300ng")


@settings(deadline=None)
@given(st.text())
def test_terms_hold_no_query_syntax(question: str) -> None:
    """Whatever is asked, only letters and digits reach the index, joined by one underscore."""
    asked = terms.read_terms(question)

    assert all(term.isalnum() for term in (*asked.stems, *asked.folded))
    assert all(part.isalnum() for pair in asked.pairs for part in pair.split("_"))


def test_the_letters_of_an_order_number_say_nothing() -> None:
    """Otherwise every question that names an order would seem half foreign to the articles."""
    assert telling("order LB-20931") == ["order", "20931"]


def test_accents_decide_what_is_a_stop_word() -> None:
    """«bạn» (you) says nothing, «bàn» (table) does, and «ban» may be either."""
    assert telling("bạn") == []
    assert telling("bàn") == ["bàn"]
    assert telling("ban") == []


def test_a_stop_word_of_another_language_is_looked_for_all_the_same() -> None:
    """«ban» may be «bạn» or «bàn»: it is looked for, and need not be found."""
    asked = terms.read_terms("the ban")

    assert asked.folded == ("ban",)
    assert asked.pairs == ("the_ban",)


def test_english_words_are_looked_for_by_their_stems() -> None:
    """«cancelling» and «cancelled» are one."""
    assert (
        terms.read_terms("cancelling").stems == terms.read_terms("cancelled").stems == ("cancel",)
    )


def test_a_pasted_page_becomes_a_short_query() -> None:
    """The number of terms is bounded."""
    asked = terms.read_terms(" ".join(f"word{number}" for number in range(5000)))

    assert len(asked.stems) == len(asked.telling) == terms.MOST_WORDS
