"""Forms that a model filled in."""

import pytest
from pydantic import BaseModel

from bot.llm.structured import Sentiment, Summary, read_form


class Small(BaseModel):
    """A form for the tests."""

    summary: Summary
    sentiment: Sentiment


@pytest.mark.parametrize(
    "reply",
    [
        '{"summary": "a", "sentiment": "neutral"}',
        'Sure:\n```json\n{"summary": "a", "sentiment": "Neutral"}\n```\nDone.',
        '{"note": 1} then {"summary": "a", "sentiment": " NEUTRAL "}',
        '{"form": {"summary": "a", "sentiment": "neutral"}}',
    ],
)
def test_a_form_is_found_in_fences_prose_and_any_case(reply: str) -> None:
    """The first object that has the shape is taken."""
    assert read_form(Small, reply) == Small(summary="a", sentiment="neutral")


@pytest.mark.parametrize("reply", ["", "{", '{"summary": "a"}', '{"summary": "a", "sentiment": 1}'])
def test_what_is_no_form_is_none(reply: str) -> None:
    """Nothing is guessed."""
    assert read_form(Small, reply) is None


def test_a_summary_is_cut_after_fifty_words() -> None:
    """Whatever the model was told."""
    form = read_form(Small, f'{{"summary": "{"word " * 80}", "sentiment": "neutral"}}')

    assert form is not None
    assert len(form.summary.split()) == 50
