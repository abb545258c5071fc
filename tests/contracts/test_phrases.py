"""What the desk itself says to customers, and the words it recognises, in every language."""

import re
from typing import get_args

import pytest

from bot.text.file_problems import Problem, UnreadableReason
from bot.text.frames import frames
from bot.text.locale import locales
from bot.text.phrases import Phrase, phrase, unread
from storage.text.folding import fold

BLANK = re.compile(r"\{(\w*)\}")


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "person"),
        ("vi", "Nhân viên"),
        ("vi-VN", "Nhân viên"),
        ("VI", "Nhân viên"),
        ("tlh", "person"),
        ("", "person"),
        (None, "person"),
    ],
)
def test_a_phrase_is_in_the_customers_language_or_in_english(
    language: str | None, word: str
) -> None:
    """Regions and capitals do not matter."""
    assert word in phrase("handed_over", language, ticket="T-1")


def test_every_language_has_every_key_with_the_same_blanks() -> None:
    """A translation that lacks a phrase or a blank would fail in front of a customer."""
    english = locales()["en"]
    for words in locales().values():
        assert set(words.phrases) == set(get_args(Phrase))
        assert set(words.why) == set(get_args(UnreadableReason))
        assert {*words.why, *words.unread} == {*get_args(Problem), "file"}
        for name, text in (*words.phrases.items(), *words.unread.items(), *words.why.items()):
            original = english.phrases.get(name) or english.unread.get(name) or english.why[name]
            assert set(BLANK.findall(text)) == set(BLANK.findall(original)), name


def test_what_is_compared_is_written_as_it_is_compared() -> None:
    """A phrase with an accent or a capital would never be found in a folded message."""
    for words in locales().values():
        said = words.courtesies
        for each in (*said.thanks, *said.okay, *said.around):
            assert each == fold(each)
        for each in (*words.words.frequent, *words.words.filler):
            assert each == fold(each)


def test_english_comes_first() -> None:
    """What two languages share is taken for English: «ok» is answered in it."""
    assert next(iter(locales())) == "en"


def test_the_loading_lines_are_what_slack_takes() -> None:
    """Every language has some, at most ten of at most 50 characters."""
    for words in locales().values():
        assert 1 <= len(words.status.loading) <= 10
        assert all(0 < len(each) <= 50 for each in words.status.loading)


def test_what_stands_on_a_button_fits_it() -> None:
    """75 characters."""
    buttons: tuple[Phrase, ...] = ("solved_button", "person_button", "good_answer", "bad_answer")
    for words in locales().values():
        for name in buttons:
            assert 0 < len(words.phrases[name]) <= 75


def test_every_language_says_why_a_file_was_not_read() -> None:
    """Each reason in one sentence that names the file, or how many pictures."""
    for language in locales():
        for problem in get_args(Problem):
            said = unread(problem, language, name="a.pdf", count=6)
            assert ("6" if problem == "many" else "a.pdf") in said


def test_frames_of_speech_are_made_of_terms_that_some_language_has() -> None:
    """A frame over a name that is nowhere would be found in no text, or stop the start."""
    english = locales()["en"]
    for words in locales().values():
        assert set(words.frames) <= set(english.frames)
        for each in words.frames:
            assert frames(each).compiled.pattern
        for name, listed in words.terms.items():
            assert listed == tuple(map(fold, listed)), name


def test_every_insult_that_counts_only_with_accents_is_written_with_its_own() -> None:
    """What is not folded by writing it down could not be told from the word it is mistaken for."""
    for words in locales().values():
        assert set(words.insults.only_accented).isdisjoint(words.insults.spelled)


def test_an_unknown_frame_is_a_mistake() -> None:
    """A name that is misspelled in a rule shows at once, instead of matching nothing."""
    with pytest.raises(KeyError):
        frames("nobody says this").search("nobody says this")
