"""What is mended of the letters that PDFium gives, and what is left as it is."""

import pytest

from bot.readers.child import read_document
from bot.readers.page_letters import Letter, lost_words, text_of_letters
from bot.readers.reader_limits import ReaderLimits
from tests.support.hostile_files import one_page, packed_stream


def drawn(text: str, *places: float, width: float = 5.0) -> list[Letter]:
    """Letters of a line 10 high, each at its place; without places one after another."""
    lefts = places or tuple(width * place for place in range(len(text)))
    return [
        Letter(char, False, left, 0, left + width, 10)
        for char, left in zip(text, lefts, strict=True)
    ]


def space() -> Letter:
    return Letter(" ", made=True)


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        pytest.param(drawn("21", 0, 30), "2 1", id="the room of a column between two figures"),
        pytest.param(
            drawn("Samtea", 0, 5, 10, 16.8, 21.8, 26.8), "Sam tea", id="a narrow space in a word"
        ),
        pytest.param(drawn("tea", 0, 7, 14), "tea", id="letters set wide are one word"),
        pytest.param(drawn("1999"), "1999", id="nothing between"),
        pytest.param(drawn("ttee", 0, 0.5, 5, 5.5), "te", id="bold by drawing each letter twice"),
        pytest.param(drawn("tee"), "tee", id="a double letter"),
        pytest.param(drawn("off", 0, 5, 5), "off", id="halves of a ligature share its room"),
        pytest.param(
            drawn("Seppa¨", 0, 5, 10, 15, 20, 20), "Seppä", id="an accent after its letter"
        ),
        pytest.param(drawn("¨at", 0, 0, 5), "ät", id="an accent before its letter"),
        pytest.param(drawn("a¨"), "a¨", id="an accent beside a letter"),
        pytest.param(drawn("5´", 0, 0), "5´", id="no accent of a figure"),
        pytest.param(drawn("םולש", 0, 5, 10, 15), "שלום", id="Hebrew from left to right"),
        pytest.param(drawn("שלום", 15, 10, 5, 0), "שלום", id="Hebrew as it is written"),
        pytest.param([*drawn("te"), space(), *drawn("a")], "te a", id="a space that is there"),
        pytest.param(drawn("di\0cult"), "di\ufffdcult", id="a letter without a name is seen"),
        pytest.param(drawn("\0a\0b"), "ab", id="halves of codes are none"),
    ],
)
def test_letters_as_a_person_reads_them(letters: list[Letter], text: str) -> None:
    assert text_of_letters(letters) == text


def test_words_with_nameless_letters_are_counted() -> None:
    """A sign that stands alone is no word, and what takes no room is no letter."""
    page = [*drawn("di\0cult"), space(), *drawn("\0"), space(), *drawn("tea")]

    assert lost_words(page) == (1, 3)
    assert lost_words(drawn("te\0a", 0, 5, 5, 10, width=0)) == (0, 1)


def test_bold_by_drawing_twice_is_read_once() -> None:
    """As it comes out of the file, not only by the letters."""
    shown = "".join(
        f"BT /F1 10 Tf {72 + 5.56 * place + aside} 700 Td ({char}) Tj ET\n"
        for place, char in enumerate("onone")
        for aside in (0, 0.4)
    )
    page = one_page(packed_stream(shown.encode()))

    assert read_document("pdf", page, ReaderLimits()).text == "onone"
