"""What the articles are asked besides the message itself."""

import pytest

from bot.answers.further_queries import further_queries
from bot.attachments.contents import NOTHING
from bot.triage.verdict import Triage

ASKED = "How long does  delivery\ntake?"


def triage(*questions: str, intent: str = "track_shipping", reply: str | None = None) -> Triage:
    return Triage.model_validate(
        {
            "summary": "Asks about delivery",
            "intent": intent,
            "confidence": 0.9,
            "complexity": "simple",
            "sentiment": "neutral",
            "urgency": "normal",
            "language": "en",
            "wants_human": False,
            "entities": {},
            "product": None,
            "issue_type": "delivery",
            "action_needed": True,
            "reply": reply,
            "questions": questions,
        }
    )


@pytest.mark.parametrize(
    ("questions", "asked"),
    [
        # The message is its one question, however it is spaced: it has been looked for.
        (("How long does delivery take?",), []),
        (("How long does delivery to Hanoi take?",), ["How long does delivery to Hanoi take?"]),
        (
            ("How long does delivery take?", "What does it cost?"),
            ["How long does delivery take?", "What does it cost?"],
        ),
        ((), ["Asks about delivery"]),
    ],
)
def test_what_is_asked_besides_the_message(questions: tuple[str, ...], asked: list[str]) -> None:
    assert [each.text for each in further_queries(ASKED, triage(*questions), NOTHING)] == asked
