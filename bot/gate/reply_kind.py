"""What a reply proposes: an answer, or by its first line a question, a refusal, not knowing.

Replies with citations cannot be JSON, so the prompt asks for a first line such as `[ask]`. What
follows from it is for the gate to say.
"""

import re

from bot.gate.judgement import Proposed
from bot.values import Frozen

_NAMES: dict[str, Proposed] = {
    "answer": "answer",
    "ask": "ask",
    "question": "ask",
    "clarify": "ask",
    "out of scope": "decline",
    "decline": "decline",
    "unknown": "unknown",
    "not known": "unknown",
}
_OPEN, _CLOSE = r"[\[(<{*_`#\s]*", r"[\])>}*_`:.\s]*"
_NAME = re.compile(rf"{_OPEN}([a-z][a-z _-]{{1,14}}?){_CLOSE}", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*[*_`]*[\[<({]([a-z][a-z _-]{1,14})[\])>}][*_`:.]*\s*", re.IGNORECASE)
# The longest first line that may still turn out to be one of ours. Characters.
LONGEST = 24


class Proposal(Frozen):
    """What the model proposes, and the words for it."""

    kind: Proposed
    text: str


def read_proposal(reply: str) -> Proposal:
    """The proposal in a whole reply; without a first line of ours it is an answer."""
    bracketed = _BRACKETED.match(reply)
    if bracketed and (kind := _kind(bracketed[1])):
        return Proposal(kind=kind, text=reply[bracketed.end() :].strip())
    first, _, rest = reply.strip().partition("\n")
    named = _NAME.fullmatch(first)
    if named and rest.strip() and (kind := _kind(named[1])):
        return Proposal(kind=kind, text=rest.strip())
    return Proposal(kind="answer", text=reply.strip())


def begun_proposal(reply: str) -> Proposal | None:
    """The proposal in the beginning of a reply; None while its first line may still be ours."""
    waiting = reply.lstrip()
    if "\n" not in waiting and len(waiting) < LONGEST:
        return None
    return read_proposal(reply)


def _kind(name: str) -> Proposed | None:
    return _NAMES.get(re.sub(r"[\s_-]+", " ", name).strip().lower())
