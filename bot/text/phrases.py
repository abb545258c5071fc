"""What the desk itself says to customers, in their language.

The sentences stand in `bot/locales/`, a file a language; here are their names.
"""

from typing import Literal

from bot.text.locale import locale_of
from bot.text.problems import Problem

Phrase = Literal[
    "handed_over",
    "added",
    "merged",
    "failed",
    "resumed",
    "sources",
    "reminder",
    "closing",
    "rating",
    "thanks",
    "okay",
    "call",
    "nudge",
    "nudge_button",
    "working",
    "suggest",
    "stopped",
    "person_came",
    "solved_button",
    "person_button",
    "good_answer",
    "bad_answer",
    "solved_chosen",
    "person_chosen",
    "rated",
    "good",
    "bad",
    "tell_more",
    "send",
    "cancel",
    "declined",
    "reading",
    "read",
    "long_message",
]


def unread(problem: Problem, language: str | None, *, name: str, count: int = 1) -> str:
    """Why a file could not be read, in the customer's language or in English."""
    return locale_of(language).unread[problem].format(name=name, count=count)


def phrase(name: Phrase, language: str | None, **values: str) -> str:
    """The phrase in the customer's language (`vi`, `vi-VN`), or in English when there is none."""
    return locale_of(language).phrases[name].format(**values)
