"""What stands in a file is shown within a line, and does nothing to the terminal."""

import pytest

from bot.ticket_files.shown_names import shown_names
from bot.ticket_files.ticket_columns import columns_of


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["id", "Nội dung"], "id, Nội dung"),
        ([], ""),
        (["two\nlines  here"], "two lines here"),
        (["\x1b[31mred\x07", "\u202egpj"], "\ufffd[31mred\ufffd, \ufffdgpj"),
        (["x" * 50], "x" * 40 + "…"),
        ([str(n) for n in range(14)], "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, and 2 more"),
    ],
)
def test_names_are_shown_short_and_harmless(names: list[str], shown: str) -> None:
    """A few of them, each cut; letters of any script stay."""
    assert shown_names(names) == shown


@pytest.mark.parametrize("said", [{}, {"text": "Nothing"}])
def test_a_table_of_very_many_columns_is_refused_in_a_sentence(said: dict[str, str]) -> None:
    """Not in a screenful for each of its columns."""
    with pytest.raises(LookupError, match=r"c0, c1, .* and 99,988 more") as refused:
        columns_of({f"c{number}": "" for number in range(100_000)}, said)

    assert len(str(refused.value)) < 300
