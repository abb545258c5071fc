"""What each model takes, and the short names of today's families: the one place to add a model.

Its prices stand in `prices.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.config.modes import Effort

FAMILIES = {
    "haiku": "claude-haiku-5-5",
    "sonnet": "claude-sonnet-5-5",
    "opus": "claude-opus-5-5",
}
"""Short names and the model each means today."""

SHORTEST_CACHED_PREFIX = 512
"""Tokens. The 5.5 models silently leave a shorter prefix uncached; most older ones need more."""

# From these on the 5.5 models want to think: with thinking off or between tools they answer 400.
ADAPTIVE: frozenset[Effort] = frozenset({"xhigh", "max"})


@dataclass(frozen=True)
class ModelStyle:
    """How a model thinks at a desk, and the effort it is sent when none is asked for.

    `takes_effort` is off for a model that refuses a request which names an effort.
    """

    thinking: str
    effort: Effort | None = None
    takes_effort: bool = True


# No thinking where a label or a fact is looked up, a little where it has to be weighed. Sonnet 5.5
# cannot switch thinking off, only to between tools; Opus 5.5 always thinks.
STYLES: Mapping[str, ModelStyle] = {
    "claude-haiku-5-5": ModelStyle("disabled"),
    "claude-haiku-4-5": ModelStyle("disabled", takes_effort=False),
    "claude-sonnet-5-5": ModelStyle("between_tools", "medium"),
    "claude-opus-5-5": ModelStyle("adaptive", "medium"),
}


def model_options(model: str, wanted: Effort | None) -> dict[str, Any]:
    """The API's `thinking` and `output_config` for a model, at the effort that is wanted.

    A model that is not listed is sent neither.
    """
    style = STYLES.get(model)
    if style is None:
        return {}
    asked = wanted if style.takes_effort else None
    thinking = "adaptive" if asked in ADAPTIVE else style.thinking
    effort = asked or style.effort
    return {
        "thinking": {"type": thinking},
        **({"output_config": {"effort": effort}} if effort else {}),
    }
