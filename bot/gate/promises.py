"""Words by which an answer claims to have done something, or promises that somebody will.

The bot can do nothing but write, so such words are true only where an article says them, or where
they say what happens in general: «we will refund the fee if the item was faulty». The words stand
in `bot/locales/`, as frames `done` (it was done, or is being done), `sure` (an assurance) and
`coming` (somebody will).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.text.frames import LazyPattern, any_of, frames, terms
from storage.text.folding import fold

_MARKS = " .,!?;:\n"
_NEXT = re.compile(r"(?: [a-z']+){0,2}")
_STEM = 4
_CLAUSE_END = re.compile(r"[^.!?,;\n]{0,120}[.!?,;\n]?")
_SYLLABLE = re.compile(r"\w+")
_WORD = re.compile(r"[a-z]{3,}")
# What the bot itself would do, whatever the condition: «if you like, I will cancel it».
_MYSELF = re.compile(r"\W*i(?:'ll| will| shall|'m going| am going)\b")

# Words for the bot, the desk and its people: they say who has done it.
_OURSELVES = re.compile(
    r"\b(?:i|i'm|i've|i'll|we|we're|we've|we'll|our|minh|toi|shop|em|ben|chung|nhan vien)\b"
)

_DONE, _SURE, _COMING = frames("done"), frames("sure"), frames("coming")
# «Shall I cancel it?» promises as much, and is a question.
_OFFERED = frames("offered")
# In a rule the condition may follow: «we will refund it if …».
_ON_CONDITION = LazyPattern(lambda: rf"[^.!?\n]{{0,160}}?\b{any_of('condition')}\b")
# What tells, besides «đã», that something was done or will be.
_ASPECT = LazyPattern(lambda: rf"\b{any_of('aspect')}\b")
_WHETHER = LazyPattern(lambda: rf"\b{any_of('whether')}\b")
# What a customer gets within a time is a rule of the articles too, if they speak of it.
_IN_TIME = re.compile(r"[^.!?\n]{0,60}?\b(?:within|in|by|trong)\b")
# What tells when, and «be» in all its forms.
_TENSE = LazyPattern(lambda: rf"\b{any_of('tense')} ")
_QUESTION = LazyPattern(lambda: rf"^\W*{any_of('asks')}\b|\b{any_of('asked')}\b")


def _clause(marks: str) -> LazyPattern:
    """What says when: «once your order has been sent, …» does not say that it was.

    The clause reaches as far as the place where the text that is searched ends, without `marks`.
    """
    return LazyPattern(
        lambda: rf"\b{any_of('when')}\b[^.!?;\n{marks}]{{0,120}}\Z|\b{any_of('never')}\s+\Z"
    )


_WHEN, _IN_CASE = _clause(","), _clause("")


def find_promises(text: str, articles: Iterable[str], states: Iterable[str] = ()) -> Iterator[str]:
    """The claims in a text that stand in none of the articles, as written.

    `states` are what systems of the desk say of how things stand; an answer may say so too, but not
    that the bot has done it.
    """
    folded = _plain(text)
    ground = " ".join(_plain(each) for each in articles)
    stems = {word[:_STEM] for each in states for word in _WORD.findall(_plain(each))}
    claims = {match.start(): match for match in _COMING.finditer(folded)}
    coming = set(claims)
    for pattern in (_SURE, _DONE, _OFFERED):
        for match in pattern.finditer(folded):
            claims[match.start()] = match
            coming.discard(match.start())
    for start in sorted(claims):
        match = claims[start]
        begin = start + len(match[0]) - len(match[0].lstrip(_MARKS))
        if start in coming:
            excused = _foretold(match, folded, ground, begin)
        else:
            excused = bool(_WHEN.search(folded, max(0, begin - 160), begin))
            offered = _OFFERED.match(folded, start) is not None
            excused = excused or _stands(match, stems)
            excused = excused or (not offered and _asked(folded, begin, match.end()))
        if not (excused or _polite(text, match) or _written(match, folded, ground)):
            yield text[begin : match.end()] if len(text) == len(folded) else match[0].strip()


def _asked(folded: str, begin: int, end: int) -> bool:
    """Whether the claim is a question: «has your order been sent?», «đơn đã giao chưa?»."""
    start = max(folded.rfind(mark, 0, begin) for mark in ".!?,;:\n") + 1
    rest = _CLAUSE_END.match(folded, end)
    clause = folded[start : rest.end() if rest else end]
    ended = clause.endswith(("?", ","))
    return bool(_WHETHER.search(clause) or (ended and _QUESTION.search(clause)))


def _foretold(match: re.Match[str], folded: str, ground: str, begin: int) -> bool:
    """Whether what somebody will do is said of a condition, or is a rule of the articles."""
    if _general(match, folded, ground):
        return True
    conditional = _IN_CASE.search(folded, max(0, begin - 160), begin)
    return conditional is not None and not _MYSELF.match(match[0])


def _general(match: re.Match[str], folded: str, ground: str) -> bool:
    """Whether a promise is a rule of the articles: what they speak of, on a condition."""
    timed = match[0].lstrip(_MARKS).startswith("you") and _IN_TIME.match(folded, match.end())
    if not (timed or _ON_CONDITION.match(folded, match.end())):
        return False
    telling = [word for word in _WORD.findall(match[0]) if word not in terms("helpers")]
    told = [word for word in telling if word[:_STEM] in ground]
    rest = {word for word in telling if word[:_STEM] not in ground}
    return bool(told) and rest <= terms("processed")


def _written(match: re.Match[str], folded: str, ground: str) -> bool:
    """Whether an article says it in these words, with the two that follow: of the same thing."""
    after = _NEXT.match(folded, match.end())
    said = f"{match[0]}{after[0] if after else ''}".strip(_MARKS)
    # «It will be returned within …» is the rule «it is returned within …».
    return said in ground or _TENSE.sub(_present, said) in _TENSE.sub(_present, ground)


def _present(_: re.Match[str]) -> str:
    return ""


def _stands(match: re.Match[str], stems: set[str]) -> bool:
    """Whether it says of a thing how a system says that it stands: «is cancelled», «đã hủy»."""
    said = match[0].lstrip(_MARKS)
    if not stems or _OURSELVES.search(said):
        return False
    telling = {word[:_STEM] for word in _WORD.findall(said) if word not in terms("helpers")}
    return not telling.isdisjoint(stems)


def _polite(text: str, match: re.Match[str]) -> bool:
    """Folded, «dạ» and «tối đa» are «đã»; only the latter says that something was done."""
    if _ASPECT.search(match[0]):
        return False
    written = set(_SYLLABLE.findall(text[match.start() : match.end()].lower()))
    if "đợi" in written and "đổi" not in written:
        return True  # to wait, which changes nothing
    return not written.isdisjoint(("dạ", "đa")) and "đã" not in written


def _plain(text: str) -> str:
    return "".join(map(_letter, text))


@lru_cache(maxsize=4_096)
def _letter(char: str) -> str:
    return "'" if char == "’" else fold(char) or char
