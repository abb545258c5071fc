"""Whom a message is for, as far as rules can tell; what they cannot, triage says.

People talk to each other in support channels too. A rule leaves a message alone only where its form
or its place in a talk shows that somebody else is meant; what a name merely stands in is no reason.
The words of each language stand in `bot/locales/`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.text.locale import locales
from bot.text.sentences import has_question_mark
from bot.triage.courtesies import courtesy_in, is_remark
from storage.text.folding import fold

# Whom a mention names: the bot or the agents' user group, one of the agents, anybody else, a user
# group, or everybody who is there.
Named = Literal["desk", "agent", "person", "group", "crowd"]
# What a message is left alone for, as it is counted and as agents read it.
SOMEBODY_ELSE = "addressed to somebody else"
THANKS = "thanks among people"
TALK = "part of a talk between people"
COLLEAGUE = "a reply to a colleague"
UNCLEAR = "unclear whom it is for, and nothing the articles know"
# Whoever replies to one of these goes on with that talk.
TALKS = (SOMEBODY_ELSE, THANKS, TALK, COLLEAGUE)
# What holds only as long as the thread is a talk, and no ticket.
GOING_ON = (TALK, COLLEAGUE)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUOTED = re.compile(r"^(?:&gt;|>).*$", re.MULTILINE)
_EMOJI = re.compile(r":[\w+'-]+:")
# A pause right after a name: it was called, whatever comes then.
_PAUSE = re.compile(r"\s*(?:[,:;!?–—…-]|\.(?:\s|$)|$)")


@dataclass(frozen=True)
class Mention:
    """Somebody whom a message names with an @."""

    named: Named


Part = str | Mention
"""A piece of a message: words, or a mention."""


@dataclass(frozen=True)
class Talk:
    """What a rule needs to know of the thread before a message.

    `ticket` says that the thread is one, `own` that it is the author's, be it ticket or not.
    `last` is who spoke last there, `left_alone` that this was no word to the desk either.
    `answered` says that the desk's last word was for the author. `reason` is why the thread's first
    message was left alone, where it was; `passing` that something asked there is still judged, so
    that nobody knows yet whether it will be a ticket.
    """

    ticket: bool = False
    own: bool = False
    last: Literal["desk", "agent", "author", "other"] | None = None
    left_alone: bool = False
    answered: bool = False
    reason: str | None = None
    passing: bool = False

    @property
    def overheard(self) -> bool:
        """Whether its first message was left alone, and nobody has called the desk since."""
        return not self.ticket and self.reason in (*TALKS, UNCLEAR)


def left_alone_by_rule(
    said: Sequence[Part], talk: Talk | None, *, brings: bool = False
) -> str | None:
    """Why the desk leaves a message alone; None where no rule says so.

    `talk` is None for a message outside any thread: thanks, an okay or a remark there answer
    somebody, unless it `brings` something: a file, or what somebody else said.
    """
    called = _called(said)
    if _names_desk(said) or (called and talk is not None and talk.own and "agent" in called):
        return None
    if called and set(called) <= {"agent", "person", "group"}:
        return SOMEBODY_ELSE
    text = " ".join(part for part in said if isinstance(part, str))
    polite = _polite(text) and not brings
    if polite and (talk is None or any(isinstance(part, Mention) for part in said)):
        return THANKS
    remark = bool(text.strip()) and not brings and is_remark(_nameless(text))
    if talk is None:
        return TALK if remark else None
    return _in_talk(talk, text, polite=polite, remark=remark)


def surely_for_desk(said: Sequence[Part], talk: Talk | None) -> bool:
    """Whether no doubt is left that the desk is meant: it is named, or was spoken with."""
    if _names_desk(said):
        return True
    if talk is None or talk.last == "other" or talk.left_alone:
        return False
    return talk.answered or (talk.ticket and talk.own)


def goes_on(text: str, reason: str | None) -> bool:
    """Whether words below a message that was left alone for a reason only go on with that talk.

    They were no word of its author's, or asked nothing.
    """
    return reason in TALKS or (reason == UNCLEAR and not _may_ask(text, polite=_polite(text)))


def points_at_thread(text: str) -> bool:
    """Whether a call asks nothing itself: `@desk`, `@desk can you answer this?`."""
    return all(word in _known("pointing") for word in _words(text))


def _may_ask(text: str, *, polite: bool) -> bool:
    """Whether a text may ask or want something: by a mark, or by a word that does so anywhere."""
    marked = has_question_mark(_QUOTED.sub(" ", text))
    asking = marked or any(word in _known("asking") for word in _words(text))
    return asking and not polite


def _in_talk(talk: Talk, text: str, *, polite: bool, remark: bool) -> str | None:
    if talk.ticket:
        if talk.last == "other" and (remark or (talk.left_alone and not talk.own)):
            return TALK
        return THANKS if polite and not talk.answered and _among_people(talk) else None
    if talk.reason == UNCLEAR:
        return None if talk.own or _may_ask(text, polite=polite) else COLLEAGUE
    if talk.overheard:
        return None if _may_ask(text, polite=polite) else TALK
    return _said_back(polite=polite, remark=remark) if not talk.answered else None


def _said_back(*, polite: bool, remark: bool) -> str | None:
    """What answers somebody where nobody has spoken with the desk, such as under a notice."""
    return THANKS if polite else TALK if remark else None


def _among_people(talk: Talk) -> bool:
    """Whether thanks can only be for a colleague: the desk did nothing for the author.

    Where the author's own word is the last that is known, what came since is still on its way.
    """
    return talk.last in ("other", "author") or not talk.own


def _names_desk(said: Sequence[Part]) -> bool:
    return any(isinstance(part, Mention) and part.named == "desk" for part in said)


def _called(said: Sequence[Part]) -> list[Named]:
    """Whom a message begins by calling: `@tom, …`, `Hi @tom and @ann …`.

    Nobody, where the names only stand in what is told: `@tom said that I can ask here …`.
    """
    called: list[Named] = []
    for part in said:
        if isinstance(part, Mention):
            called.append(part.named)
            continue
        words = _words(part)
        if called and words and not _joins(words):
            return called if _speaks_to(part, words) else []
        if not called and not all(word in _known("before") for word in words):
            return []
    return called


def _speaks_to(rest: str, words: Sequence[str]) -> bool:
    """Whether the words after a name are said to that person rather than about them."""
    if _PAUSE.match(rest):
        return True
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in _known("told_or_asked"):
        return second in _known("inverted")
    return first not in _known("told")


def _joins(words: Sequence[str]) -> bool:
    return all(word in _known("between") for word in words)


def _words(part: str) -> list[str]:
    plain = _EMOJI.sub(" ", _QUOTED.sub(" ", part)).replace("’", "'")
    return [fold(word) for word in _WORD.findall(plain)]


def _polite(text: str) -> bool:
    """Whether it is thanks or an okay and nothing else but a name: `Thanks Tom!`."""
    return courtesy_in(text) is not None or courtesy_in(_nameless(text)) is not None


def _nameless(text: str) -> str:
    """A text without the capitalised words after its first one."""
    head, *rest = text.split() or [""]
    return " ".join([head, *(word for word in rest if not word[:1].isupper())])


@cache
def _known(
    kind: Literal["before", "between", "told", "told_or_asked", "inverted", "pointing", "asking"],
) -> frozenset[str]:
    """The words of one kind in all languages."""
    return frozenset().union(*(getattr(each.addressing, kind) for each in locales().values()))
