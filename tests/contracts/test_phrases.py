"""What the desk itself says to customers."""

import pytest

from bot.text.phrases import LOADING, PHRASES, UNREAD, Phrase, phrase, unread


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "person"),
        ("vi", "Nhân viên"),
        ("vi-VN", "Nhân viên"),
        ("VI", "Nhân viên"),
        ("de", "person"),
        ("", "person"),
        (None, "person"),
    ],
)
def test_a_phrase_is_in_the_customers_language_or_in_english(
    language: str | None, word: str
) -> None:
    """Regions and capitals do not matter."""
    assert word in phrase("handed_over", language, ticket="T-1")


def test_every_language_has_every_phrase_with_the_same_blanks() -> None:
    """A translation that lacks a phrase or a blank would fail in front of a customer."""
    values = {"ticket": "T-1", "reference": "ab12", "file": "a.pdf", "done": "1", "parts": "8"}
    for phrases in PHRASES.values():
        assert set(phrases) == set(PHRASES["en"])
        for name, text in phrases.items():
            blanks = {each for each in values if f"{{{each}}}" in text}
            assert blanks == {each for each in values if f"{{{each}}}" in PHRASES["en"][name]}
            assert "{" not in text.format(**values)


def test_the_loading_lines_are_what_slack_takes() -> None:
    """Every language has some, at most ten of at most 50 characters."""
    assert set(LOADING) == set(PHRASES)
    for lines in LOADING.values():
        assert 1 <= len(lines) <= 10
        assert all(0 < len(each) <= 50 for each in lines)


def test_what_stands_on_a_button_fits_it() -> None:
    """75 characters."""
    buttons: tuple[Phrase, ...] = ("solved_button", "person_button", "good_answer", "bad_answer")
    for phrases in PHRASES.values():
        for name in buttons:
            assert 0 < len(phrases[name]) <= 75


def test_every_language_says_why_a_file_was_not_read() -> None:
    """Each reason in one sentence that names the file, or how many pictures."""
    for language, reasons in UNREAD.items():
        assert set(reasons) == set(UNREAD["en"])
        for problem in reasons:
            said = unread(problem, language, name="a.pdf", count=6)
            assert ("6" if problem == "many" else "a.pdf") in said
            assert "{" not in said
