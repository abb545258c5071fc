"""Figures, dates, codes and addresses of an answer: each stands in its ground, or follows from it.

So do promises: they too are claims of fact.
"""

import re
from collections.abc import Iterator, Sequence

from bot.gate.arithmetic import enumerates, few, follows
from bot.gate.comparisons import contradicts
from bot.gate.customer_figures import closed, is_theirs, of_papers, repeats
from bot.gate.derivations import derives
from bot.gate.differences import differs
from bot.gate.further_steps import takes_a_step
from bot.gate.grounding import Grounding
from bot.gate.judgement import Fault, fault
from bot.gate.prices_shown import works_out_twice
from bot.gate.promises import find_promises
from bot.gate.reckoning import KnownFigures, works_out
from bot.gate.time_shifts import named_day, shifted
from bot.knowledge.citations import passage_texts
from bot.text.facts.fact import Fact, FactKey, ScannedText
from bot.text.facts.find import find_facts
from bot.text.facts.units import DURATIONS
from bot.text.frames import frames
from storage.text.folding import fold

# Facts of a text that may be excused one by one; an answer has a few, and each is held to the rest.
WEIGHED = 40
STEPS = 3  # one after the other, until nothing more follows
# Politeness, not a date: «how can I help you today?», «merry Christmas!».
_POLITELY = frames("politely")
_WISHED, _CALL_AGAIN, _NOW = frames("wished"), frames("call_again"), frames("now")
_PRICED = re.compile(
    r"\b(?:prices?|costs?|fees?|only|just|pay|for|save|phi|gia|chi|giam|tang|tu)(?: la| of| is)? \Z"
)
_NAMED: dict[str, str] = {
    "number": "the figure",
    "date": "the date",
    "time": "the time",
    "day": "the day",
    "code": "the code",
    "link": "the link",
    "email": "the address",
    "phone": "the telephone number",
}


def ungrounded(text: str, grounding: Grounding, *, whole: bool) -> Iterator[Fault]:
    """Facts that stand neither in the sources nor in the thread, and promises that nobody made."""
    ground = grounding.firm if whole else grounding.hoped
    found, folded = find_facts(text), ScannedText(text).folded
    yield from _miscompared(found[:WEIGHED], folded, grounding, ground)
    doubted = [
        each
        for each in found
        if not (grounding.made_up and _poetic(each, folded)) and not each.rests_on(ground)
    ]
    weighed = [each for each in doubted if each in found[:WEIGHED]]
    known = _followed(weighed, folded, found[:WEIGHED], grounding, ground)
    for fact in doubted:
        if fact in known:
            continue
        told = f"{_NAMED[fact.kind]} «{fact.text}» is in none of its sources"
        yield fault(fact.kind, told, fact.text)
    passages = grounding.cited if whole else grounding.passages
    looked = {id(each) for each in grounding.looked_at(passages)}
    articles = (part for each in passages if id(each) not in looked for part in passage_texts(each))
    for claim in find_promises(text, articles, grounding.states if whole else ()):
        yield fault("promise", f"it says «{claim}», which the bot cannot do", claim)


def _miscompared(
    found: Sequence[Fact], folded: str, grounding: Grounding, ground: frozenset[FactKey]
) -> Iterator[Fault]:
    """What the answer says wrongly of a figure of the customer's beside one of the desk's."""
    ours = [each for each in found if each.rests_on(ground)]
    for fact in found:
        if fact.kind == "number" and fact.rests_on(grounding.theirs):
            other = contradicts(fact, folded, ours)
            if other is not None:
                told = f"it compares «{fact.text}» with «{other.text}» wrongly"
                yield fault(fact.kind, told, fact.text)


def _poetic(fact: Fact, folded: str) -> bool:
    """A poem may count the stars and wish a hundred years, but not name a price or a term."""
    if _PRICED.search(folded[max(0, fact.start - 20) : fact.start]):
        return False
    kinds = {key[1] if key[0] == "amount" else key[0] for key in fact.needs}
    return kinds <= {"any", "near", "few"} or (
        kinds <= {"any", "bare", "age", *DURATIONS} and not re.search(r"\d", fact.text)
    )


def _followed(
    doubted: Sequence[Fact],
    folded: str,
    found: Sequence[Fact],
    grounding: Grounding,
    ground: frozenset[FactKey],
) -> set[Fact]:
    """Those of some facts that follow from the sources, step by step, or repeat the customer's.

    What one step has made is ground for the next: «the rest is £250, and 80% of that £200».
    """
    excused = {each for each in doubted if _excused(each, folded, found, grounding, ground)}
    made = frozenset[FactKey]()
    for _ in range(STEPS):
        steps = {
            each
            for each in doubted
            if each not in excused and _works_out(each, folded, found, grounding, ground, made)
        }
        own = {each for each in doubted if _begins_one(each, found, grounding, ground)} - excused
        reckoned = {
            key
            for each in steps
            if each.kind in ("number", "date", "time") and not each.rests_on(grounding.theirs)
            for key in each.gives
        }
        excused |= steps | own
        if reckoned <= ground | made:
            break
        made |= reckoned
    return excused


def _begins_one(
    fact: Fact, found: Sequence[Fact], grounding: Grounding, ground: frozenset[FactKey]
) -> bool:
    """Whether the answer reckons from it, a date or time of the customer's, to one it names."""
    if fact.kind not in ("date", "time", "day") or not is_theirs(fact, grounding.theirs):
        return False
    beside = frozenset(key for each in found for key in each.gives)
    return any(
        each.kind == fact.kind
        and not each.rests_on(ground | grounding.theirs)
        and shifted(each, ground, beside, fact.needs)
        for each in found
    )


def _excused(
    fact: Fact, folded: str, found: Sequence[Fact], grounding: Grounding, ground: frozenset[FactKey]
) -> bool:
    """Whether a fact that no source holds only repeats the customer's, or is none."""
    said = [grounding.message, *grounding.asked]
    if repeats(fact, folded, grounding.theirs, said, ground) or closed(fact, folded, ground):
        return True
    if few(fact, ground) or enumerates(fact, folded):
        return True
    if grounding.attached and of_papers(fact, folded, grounding.papers):
        return True
    return _courteous(fact, folded) or _this_morning(fact, found, grounding)


def _works_out(
    fact: Fact,
    folded: str,
    found: Sequence[Fact],
    grounding: Grounding,
    ground: frozenset[FactKey],
    made: frozenset[FactKey],
) -> bool:
    """Whether a fact that no source holds follows from what they hold, and what is made of that."""
    sources, ground = ground, ground | made
    if differs(fact, folded, ground, grounding.theirs):
        return True
    beside = {key for each in found if each.start != fact.start for key in each.gives}
    figures = KnownFigures(ground, frozenset(beside), grounding.theirs, ground - sources)
    dated = frozenset(key for key in made if key[0] in ("date", "time"))
    if shifted(fact, ground, figures.beside, grounding.theirs | dated) or named_day(fact, ground):
        return True
    return (
        derives(fact, folded, figures)
        or works_out_twice(fact, folded, figures)
        or works_out(fact, figures)
        or takes_a_step(fact, folded, figures)
        or follows(fact, folded, ground, beside, grounding.theirs)
    )


def _courteous(fact: Fact, folded: str) -> bool:
    """Whether it stands in a wish or in a courtesy, or only says when the customer may ring."""
    kept = [_WISHED] if fact.kind == "number" else [_POLITELY, _WISHED, _CALL_AGAIN]
    return fact.kind in ("day", "number") and any(
        each.start() <= fact.start < each.end() for frame in kept for each in frame.finditer(folded)
    )


def _this_morning(fact: Fact, found: Sequence[Fact], grounding: Grounding) -> bool:
    """Whether «today» belongs to an hour that the customer says it is: «10h sáng nay»."""
    return ("near", "today") in fact.needs and any(
        any(key[0] == "time" for key in each.needs & grounding.theirs)
        and 0 <= fact.start - each.end <= 1
        and any(_NOW.search(fold(line)) for line in (grounding.message, *grounding.asked))
        for each in found
    )
