"""A set of what people say in support channels: talk among them, and questions to the desk."""

import pytest

from tests.support.talk import Said, addressee_of, read_set

SET = read_set()


@pytest.mark.parametrize("said", [each for each in SET if each.meant == "people"], ids=str)
def test_talk_between_people_is_never_taken_for_a_question_to_the_desk(said: Said) -> None:
    """By rules, and by the stand-in where these cannot tell."""
    assert addressee_of(said) == "someone_else"


@pytest.mark.parametrize("said", [each for each in SET if each.meant == "desk"], ids=str)
def test_no_question_to_the_desk_is_taken_for_talk(said: Said) -> None:
    """Whatever names stand in it; what is unclear is still answered from the articles."""
    assert addressee_of(said) in ("desk", "unclear")


def test_the_set_is_large_and_little_of_it_is_unclear() -> None:
    """Both kinds, both languages, and threads."""
    assert len(SET) >= 150
    assert sum(bool(each.thread) for each in SET) >= 25
    assert sum(addressee_of(each) == "unclear" for each in SET) <= len(SET) // 50
