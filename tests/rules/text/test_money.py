"""Amounts as people write them."""

import pytest

from bot.text.money import dollars, parse_dollars, parse_parts, parts_text


@pytest.mark.parametrize(
    ("nano", "expected"),
    [
        (0, "$0.00"),
        (1, "$0.000000001"),
        (50_000, "$0.000050"),
        (92_500, "$0.0000925"),
        (10_100_000, "$0.0101"),
        (250_000_000, "$0.25"),
        (999_900_000, "$1.00"),
        (12_340_000_000, "$12.34"),
        (2_800_000_000_000, "$2,800.00"),
        (-250_000_000, "-$0.25"),
    ],
)
def test_an_amount_shows_as_many_digits_as_it_needs(nano: int, expected: str) -> None:
    """Cents from a dollar up; below, three significant digits without a trailing zero."""
    assert expected == dollars(nano)


@pytest.mark.parametrize(
    ("places", "expected"), [(0, "$1,235"), (2, "$1,234.57"), (6, "$1,234.567890")]
)
def test_places_fix_the_number_of_decimals(places: int, expected: str) -> None:
    """A column of amounts lines up."""
    assert expected == dollars(1_234_567_890_000, places)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$12.34", 12_340_000_000),
        ("0.00005", 50_000),
        (" $2,800 ", 2_800_000_000_000),
        ("-$0.25", -250_000_000),
        ("7", 7_000_000_000),
    ],
)
def test_a_written_amount_is_read_exactly(text: str, expected: int) -> None:
    """With or without sign, dollar sign, separators and decimals."""
    assert expected == parse_dollars(text)


@pytest.mark.parametrize(
    "text", ["", "$", "12,34", "1e3", "0.0000000001", "12 dollars", "$1.", "٣"]
)
def test_anything_else_is_refused_rather_than_rounded(text: str) -> None:
    """Ten decimals are not an amount in nano-dollars."""
    with pytest.raises(ValueError, match="is not an amount in dollars"):
        parse_dollars(text)


@pytest.mark.parametrize(
    ("written", "parts", "read"),
    [
        (320_000, 3_200_000_000, "320,000"),
        (49.9, 499_000, "49.90"),
        ("49.90", 499_000, "49.90"),
        (0.0125, 125, "0.0125"),
        (0, 0, "0"),
    ],
)
def test_an_amount_of_a_system_is_a_whole_number(written: object, parts: int, read: str) -> None:
    """As JSON has it, or as a text; nothing passes through a sum of floats."""
    assert parse_parts(written) == parts
    assert parts_text(parts) == read


@pytest.mark.parametrize(
    "written",
    [True, None, -1, "-1", "1,000", "₫5", "", "٣", 0.00001, 1e21, float("nan"), 10**20, [5]],
)
def test_what_is_no_amount_is_none(written: object) -> None:
    """A negative one would pass under every limit."""
    with pytest.raises(ValueError, match="expected an amount"):
        parse_parts(written)
