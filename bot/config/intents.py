"""The intents of the desk: what customers want, as triage tells it apart."""

import html
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from bot.config.section import Section

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Intent(Section):
    """A category of request, described and exemplified for the classifier."""

    name: Slug
    description: Annotated[str, Field(min_length=1)]
    examples: tuple[str, ...] = ()


class ReuseConfig(Section):
    """The intents whose approved answers may be given again, and for how many days."""

    intents: frozenset[Slug] = frozenset()
    days: Annotated[int, Field(ge=1, le=3_650)] = 90


def intents_text(intents: Sequence[Intent]) -> str:
    """The desk's intents as the prompt lists them."""
    return "\n".join(_intent_text(intent) for intent in intents)


def _intent_text(intent: Intent) -> str:
    examples = [f"<example>{html.escape(each, quote=False)}</example>" for each in intent.examples]
    described = html.escape(intent.description, quote=False)
    return "\n".join([f'<intent name="{intent.name}">', described, *examples, "</intent>"])
