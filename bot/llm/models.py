"""What each model takes: thinking, effort, and the short names of today's families."""

from collections.abc import Mapping
from typing import Any

from bot.config.modes import Effort
from bot.llm.calls import Question

# What each family takes and what suits a desk: no thinking where a label or a fact is looked up,
# a little where it has to be weighed. Sonnet 5.5 cannot switch thinking off, only to between tools;
# Opus 5.5 always thinks. A model that is not listed is sent neither option.
STYLES: Mapping[str, dict[str, Any]] = {
    "claude-haiku-5-5": {"thinking": {"type": "disabled"}},
    "claude-haiku-4-5": {"thinking": {"type": "disabled"}},
    "claude-sonnet-5-5": {
        "thinking": {"type": "between_tools"},
        "output_config": {"effort": "medium"},
    },
    "claude-opus-5-5": {"thinking": {"type": "adaptive"}, "output_config": {"effort": "medium"}},
}
WITHOUT_EFFORT = frozenset({"claude-haiku-4-5"})
# From these on the 5.5 models want to think: with thinking off or between tools they answer 400.
ADAPTIVE: frozenset[Effort] = frozenset({"xhigh", "max"})


def style_of(question: Question) -> dict[str, Any]:
    """How the model is to think: as its family does best, at the effort that was asked for."""
    style = STYLES.get(question.model)
    if style is None or question.effort is None or question.model in WITHOUT_EFFORT:
        return style or {}
    thinking = {"type": "adaptive"} if question.effort in ADAPTIVE else style["thinking"]
    return {"thinking": thinking, "output_config": {"effort": question.effort}}


FAMILIES = {
    "haiku": "claude-haiku-5-5",
    "sonnet": "claude-sonnet-5-5",
    "opus": "claude-opus-5-5",
}
"""Short names and the model each means today."""
