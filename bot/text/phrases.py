"""What the desk itself says to customers, in their language.

The sentences stand in `bot/locales/`, a file a language; here are their names.
"""

from typing import Literal

from bot.text.file_problems import Problem
from bot.text.locale import FALLBACK, locale_of

Phrase = Literal[
    "handed_over",
    "handed_over_late",
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
    "call_again",
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
    "a_file",
    "not_found",
    "not_reached",
    "partly_found",
    "proposed",
    "doing",
    "not_done",
    "yes",
    "no",
    "connect",
    "connect_link",
    "connected",
    "connect_ask",
    "connect_warning",
    "connect_yes",
    "connect_code",
    "connect_code_warning",
    "connect_type",
    "connect_wrong",
    "connect_bad",
    "connect_over",
    "connect_later",
]


def unread(problem: Problem, language: str | None, *, name: str, count: int = 1) -> str:
    """Why a file could not be read, in the customer's language or in English."""
    words = locale_of(language)
    if why := words.why.get(problem):
        return words.unread["file"].format(name=name, why=why)
    return words.unread[problem].format(name=name, count=count)


def why_unread(problem: Problem) -> str:
    """Why a file was not read, as agents and operators read it.

    A reader's reasons are in the words that customers read too, others go by their name.
    """
    return locale_of(FALLBACK).why.get(problem, problem)


def phrase(name: Phrase, language: str | None, **values: str) -> str:
    """The phrase in the customer's language (`vi`, `vi-VN`), or in English when there is none."""
    return locale_of(language).phrases[name].format(**values)
