"""What stands under an automatic answer, and what becomes of it: pure builders."""

from collections.abc import Sequence
from typing import Any

from bot.text.phrases import Phrase, phrase
from bot.workspace.posts import FeedbackPrompt
from handlers.views.blocks import Block, context
from handlers.views.elements import LABEL, button, plain_text_object
from handlers.views.ids import ActionId
from handlers.views.mrkdwn import clipped

# The blocks by which we know them again.
CHOICE = "after_answer"
OPINION = "answer_feedback"


def feedback_buttons(asks: FeedbackPrompt, *, feedback: bool) -> list[Block]:
    """Two buttons, and Slack's own thumbs where the workspace takes them."""
    value = f"{asks.ticket} {asks.about}"
    choice = {
        "type": "actions",
        "block_id": CHOICE,
        "elements": [
            button(ActionId.SOLVED_IT, phrase("solved_button", asks.language), value),
            button(ActionId.NEED_HUMAN, phrase("person_button", asks.language), value),
        ],
    }
    return [choice, _thumbs(asks)] if feedback else [choice]


def _thumbs(asks: FeedbackPrompt) -> Block:
    def side(name: Phrase, opinion: str) -> dict[str, Any]:
        label = phrase(name, asks.language)
        value = f"{asks.ticket} {asks.about} {opinion}"
        return {
            "text": plain_text_object(clipped(label, LABEL)),
            "accessibility_label": label,
            "value": value,
        }

    buttons = {
        "type": "feedback_buttons",
        "action_id": ActionId.FEEDBACK,
        "positive_button": side("good_answer", "good"),
        "negative_button": side("bad_answer", "bad"),
    }
    return {"type": "context_actions", "block_id": OPINION, "elements": [buttons]}


def answer_after_choice(blocks: Sequence[Block], told: str) -> list[Block]:
    """An answer after the choice: one line says what was chosen, and nothing is left to press."""
    kept = [each for each in blocks if each.get("block_id") not in (CHOICE, OPINION)]
    return [*kept, context(told)]
