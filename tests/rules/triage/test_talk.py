"""A set of what people say in support channels: talk among them, and questions to the desk."""

from collections.abc import Sequence

import pytest

from tests.support.talk import FRESH_SET, LATER_SET, Said, addressee_of, read_set

SET = read_set()
LATER = read_set(LATER_SET)
FRESH = read_set(FRESH_SET)
# It calls an agent by name, who hears it from Slack.
TO_AN_AGENT = "@mai are you there? my refund still isn't on my card"
# It follows from what the desk has told somebody else; the stand-in takes it for a word to them.
JUMPING_IN = "sorry to jump in, is that with or without VAT?"


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


@pytest.mark.parametrize("later", [LATER, FRESH], ids=["later", "fresh"])
def test_of_what_was_written_later_most_talk_is_left_alone_and_no_question_lost(
    later: Sequence[Said],
) -> None:
    """Where nothing is sure, a question is not lost for the sake of silence."""
    people, desk = (
        {said.text: addressee_of(said) for said in later if said.meant == who}
        for who in ("people", "desk")
    )

    lost = {text for text, addressee in desk.items() if addressee == "someone_else"}
    assert lost <= {TO_AN_AGENT, JUMPING_IN}
    assert list(people.values()).count("someone_else") > 0.8 * len(people)
