"""Thanks and okay, recognised by rules: no model is asked what «cảm ơn bạn nhiều» means.

A message is a courtesy only when nothing else stands in it. What is doubtful is none: then the
model decides. The phrases of each language stand in `bot/locales/`.
"""

import re
from functools import cache
from typing import Literal

from bot.text.locale import locales
from bot.text.sentences import has_question_mark
from storage.text.folding import fold

# «call» is the desk's name and nothing else.
Courtesy = Literal["thanks", "okay", "call", "call_again"]

# Longer than this, somebody has more to say. Characters.
LONGEST = 60

_EMOJI = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u27bf\u2764\ufe0f\u200d\u263a]|:[a-z0-9_+'-]+:|[:;=]-?[)dp]|<3"
)
_GLAD = re.compile(
    "(?:[👍👌🙏❤😊🙂😀😍🥰✅💯🎉 \ufe0f\U0001f3fb-\U0001f3ff]"
    "|:(?:\\+1|pray|heart|ok_hand|smile|thumbsup):)+"
)
_MARKS = re.compile(r"[.!~,…\s]+")


def courtesy_in(text: str) -> tuple[Courtesy, str | None] | None:
    """What a message is that says thanks or okay and nothing else, and in which language if any.

    A language is known with its accents and without. A question, a number, a «but» or any other
    word makes it none.
    """
    if len(text) > LONGEST or has_question_mark(text):
        return None
    plain = _plain(text)
    if not plain:
        return ("okay", None) if _GLAD.fullmatch(text.strip()) else None
    for kind, language, rule in _rules():
        if rule.fullmatch(plain):
            return kind, language
    return None


def is_remark(text: str) -> bool:
    """Whether it is what people say to each other, such as «same here», or but emoji and marks."""
    if len(text) > LONGEST or has_question_mark(text):
        return False
    plain = _plain(text)
    return not plain or any(rule.fullmatch(plain) for rule in _remarks())


def _plain(text: str) -> str:
    """Folded, without emoji and marks."""
    return _MARKS.sub(" ", _EMOJI.sub(" ", fold(text).replace("’", "'"))).strip()


@cache
def _remarks() -> tuple[re.Pattern[str], ...]:
    said = [words.courtesies for words in locales().values()]
    return tuple(_whole(each.remarks, (*each.okay, *each.around)) for each in said if each.remarks)


@cache
def _rules() -> tuple[tuple[Courtesy, str, re.Pattern[str]], ...]:
    """A rule for each kind and language: thanks may stand with okay, and so comes first."""
    said = {language: words.courtesies for language, words in locales().items()}
    return (
        *(("thanks", code, _whole(c.thanks, (*c.okay, *c.around))) for code, c in said.items()),
        *(("okay", code, _whole(c.okay, c.around)) for code, c in said.items()),
    )


def _whole(core: tuple[str, ...], around: tuple[str, ...]) -> re.Pattern[str]:
    """Nothing but phrases of both lists, and one of the core at least."""
    every = _alternatives((*core, *around))
    return re.compile(rf"(?=.*\b(?:{_alternatives(core)})\b)(?:(?:{every})\b ?)+")


def _alternatives(phrases: tuple[str, ...]) -> str:
    """The longest first: their words may mean something else alone («all» in "that is all")."""
    return "|".join(re.escape(each) for each in sorted(set(phrases), key=len, reverse=True))
