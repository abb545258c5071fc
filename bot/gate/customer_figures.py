"""A customer's own figures: an answer may repeat them as theirs, but they ground nothing.

«You paid 35,000 VND» and «not 60 days» repeat what the customer wrote; «yes, you have 60 days»
makes a rule of the desk's of it.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from bot.gate.arithmetic import large_numbers, number_of, values_of
from bot.gate.comparisons import compares
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.find import find_facts
from bot.text.facts.units import DURATIONS, MEASURES, MONEY
from bot.text.frames import frames
from storage.text.folding import fold

# Digits from which a number without a unit names something rather than counts.
LONG_NUMBER = 5
# Characters of a sentence on either side of a figure that say whose it is.
LONGEST = 300
# Lines of the customer's, and characters of each, that say what belongs together.
LINES, SAID = 8, 1_500
# Characters of an answer in which a reckoning is looked for.
READ = 1_500
# Pieces of one thing that somebody orders.
MOST_OF_ONE = 100
_END = re.compile(r"[.!?;。！？](?=\s|\Z)|\n")
_COMMA = re.compile(r",(?=\s)|\s[—–-]\s|[:(]\s?|\b(?:but|so|although|nhung|nen)\b")
_NOT, _EXCEPT, _MEASURED = frames("denied"), frames("except"), frames("measured")
_REFUSED, _TOO_MUCH = frames("refused"), frames("too_much")
_THEIRS, _THEIRS_AFTER = frames("theirs_before"), frames("theirs_after")
_YOUR, _WHEN_THEIRS = frames("theirs_named"), frames("theirs_when")
# What the customer believes of the desk's rules, unlike what they tell of their own matter.
_BELIEVED, _OF_THE_DESK, _YES = frames("believed"), frames("of_the_desk"), frames("agreed")
# What the amount stands for is the customer's: «rút 2 triệu thì», «for an order of 450,000».
_IN_CASE, _IN_THAT_CASE = frames("in_case"), frames("in_that_case")
_PAPER, _NAMES, _VOUCHER = frames("paper"), frames("names"), frames("voucher")


def repeats(
    fact: Fact, text: str, theirs: frozenset[FactKey], said: Sequence[str], ours: frozenset[FactKey]
) -> bool:
    """Whether a fact only says again what the customer wrote, as theirs.

    `theirs` are the facts of their words, `said` the words; `ours` is the desk's ground. `text` is
    folded, and the place of the fact in it is as in the answer.
    """
    own = is_theirs(fact, theirs) or _priced(fact, theirs) or _on_the_clock(fact, theirs)
    if own and _named(fact, text):
        return True
    if not own and not _multiplied(fact, theirs):
        return False
    start, end = _sentence(text, fact)
    sentence = text[start:end]
    grounded = [
        each
        for each in _facts_in(sentence)
        if each.start != fact.start - start and each.gives & ours
    ]
    if compares(fact, sentence, grounded) or _shared(fact, _facts_in(text[:READ]), ours):
        return True
    return own and (
        _as_theirs(sentence, fact.start - start, fact.end - start)
        or _beside_ours(fact, sentence, grounded, ours)
        or _circumstance(fact, sentence, start, said)
        or _together(fact, sentence, said)
    )


def _shared(fact: Fact, facts: Sequence[Fact], ours: frozenset[FactKey]) -> bool:
    """Whether the answer takes the desk's percentage of it: «15% off 600k is 510k»."""
    own = _amounts([fact]) | {
        one * often for one in _amounts([fact]) for often in _amounts(facts) if often < MOST_OF_ONE
    }
    shares = {value for each in facts for value in values_of("percent", each.gives & ours)}
    shares = {each for each in shares if 0 < each < 100}
    left = {
        value * part / 100 for value in own for share in shares for part in (share, 100 - share)
    }
    return not left.isdisjoint(_amounts(facts))


def _amounts(facts: Iterable[Fact]) -> set[Fraction]:
    return {
        number_of(key[-1])
        for each in facts
        for key in each.gives
        if key[0] in ("any", "bare") or (key[0] == "amount" and key[1] in MONEY)
    }


def _beside_ours(
    fact: Fact, sentence: str, grounded: Iterable[Fact], ours: frozenset[FactKey]
) -> bool:
    """Whether a sentence measures by a figure of the desk's, and does not just agree."""
    measured = any(
        each.kind == fact.kind and each.needs and each.rests_on(ours) for each in grounded
    )
    agreed = _YES.match(sentence.lstrip(" \n"))
    return measured and not agreed and _MEASURED.search(sentence) is not None


def is_theirs(fact: Fact, theirs: frozenset[FactKey]) -> bool:
    """Whether the customer wrote it, if perhaps in other words: «on the 10th» of the same month."""
    months = {key[2] for key in theirs if key[0] == "date"}
    days = {key[1] for key in theirs if key[0] == "bare"}
    return fact.rests_on(theirs) or any(
        key[0] == "date" and key[2] in months and key[3] in days for key in fact.needs
    )


def _priced(fact: Fact, theirs: frozenset[FactKey]) -> bool:
    """Whether it is a large number of the customer's with its currency: «a fan for 500k»."""
    prices = large_numbers(theirs)
    return any(
        key[0] == "amount" and key[1] in MONEY and number_of(key[2]) in prices for key in fact.needs
    )


def _on_the_clock(fact: Fact, theirs: frozenset[FactKey]) -> bool:
    """Whether it is an hour that the customer says without morning or evening: «home at 7»."""
    hours = {number_of(key[1]) for key in theirs if key[0] == "bare"}
    return any(
        key[0] == "time"
        and (number_of(key[1]) / 60 in hours or number_of(key[1]) / 60 - 12 in hours)
        for key in fact.needs
    )


def _multiplied(fact: Fact, theirs: frozenset[FactKey]) -> bool:
    """Whether it is an amount of the customer's as often as they say: three things at 200k."""
    amounts = {value for kind in MONEY for value in values_of(kind, theirs)} | large_numbers(theirs)
    counts = {number_of(key[1]) for key in theirs if key[0] == "bare"}
    whole = {number_of(key[-1]) for key in fact.needs if key[0] == "any" or key[1] in MONEY}
    return any(
        value * count in whole
        for value in sorted(amounts)[:LINES]
        for count in sorted(counts)[:LINES]
        if 1 < count < MOST_OF_ONE
    )


def _as_theirs(sentence: str, start: int, end: int) -> bool:
    """Whether a sentence says whose the figure at this place is, denies it, or asks about it."""
    from_, to = _bounds(_COMMA, sentence, start, end)
    clause = sentence[from_:to]
    if _NOT.search(clause) or _TOO_MUCH.search(clause) or _THEIRS.search(sentence[:end]):
        return True
    if "your" in sentence and _YOUR.search(sentence[max(0, start - 60) : start]):
        return True
    return bool(_THEIRS_AFTER.match(sentence, end)) or sentence.rstrip().endswith("?")


def _circumstance(fact: Fact, sentence: str, begin: int, said: Sequence[str]) -> bool:
    """Whether the answer reckons with what the customer told of their own matter.

    «Breakfast for two adults is 360,000 VND» to «breakfast for 2 adults?». What the customer
    believes of the desk's rules is none of it, nor what the answer begins by agreeing to.
    """
    before = sentence[: fact.start - begin]
    # What else the sentence names is judged by itself.
    others = any(each.needs and each.start != fact.start - begin for each in _facts_in(sentence))
    told = others or _IN_THAT_CASE.search(before) or _WHEN_THEIRS.search(before[-60:])
    if all(key[0] == "month" for key in fact.needs):
        # «In June a repair takes three days», to «it is June».
        told = True
    if not told or _YES.match(sentence.lstrip(" \n")):
        return False
    kinds = {key[1] if key[0] == "amount" else key[0] for key in fact.needs}
    if "age" in kinds:
        kinds = {"any"}
    if fact.kind in ("date", "time", "day") and _WHEN_THEIRS.search(before[-60:]):
        kinds = {"any"}
    money = bool(kinds & MONEY)
    if kinds & DURATIONS and not _IN_THAT_CASE.search(before):
        return False
    if money and not _IN_CASE.search(before):
        return False
    if not (kinds <= {"any", "bare", "person", "month", *DURATIONS, *MEASURES} or money):
        return False
    stated = [each for line in said[-LINES:] for each in _END.split(fold(line[:SAID]))]
    return any(
        not fact.needs.isdisjoint({key for one in _facts_in(each) for key in one.gives})
        and not _BELIEVED.search(each)
        for each in stated
    )


def of_papers(fact: Fact, text: str, papers: frozenset[FactKey]) -> bool:
    """Whether a fact stands in what the customer attached, and the answer speaks of that."""
    return fact.rests_on(papers) and bool(_PAPER.search(text))


def closed(fact: Fact, text: str, ours: frozenset[FactKey]) -> bool:
    """Whether it says that a weekday is none of the days that the desk names."""
    if fact.kind != "day" or not any(key[0] == "weekday" for key in ours):
        return False
    start, end = _sentence(text, fact)
    if ("every", "day") in fact.needs:
        # «On Sundays until five»: open on all of them, if for fewer hours.
        some = {key[1] for key in ours if key[0] == "weekday"}
        hours = {key[1] for key in ours if key[0] == "hours on"}
        return bool(_EXCEPT.match(text, fact.end)) or some == hours
    said = text[start:end]
    named = any(key[0] == "weekday" for key in fact.needs)
    return named and bool(_NOT.search(said) or _EXCEPT.search(said) or _REFUSED.search(said))


def _named(fact: Fact, text: str) -> bool:
    """An order number or a serial number is the customer's own, unlike a voucher or a version."""
    before = text[max(0, fact.start - 40) : fact.start]
    if fact.kind == "code":
        version = re.fullmatch(r"v?\d+(?:\.\d+)+", fact.text.lower())
        return not version and not _VOUCHER.search(text[max(0, fact.start - 25) : fact.end + 25])
    if fact.kind != "number" or not all(key[0] == "any" for key in fact.needs):
        return False
    digits = re.sub(r"\D", "", fact.text)
    return len(digits) >= LONG_NUMBER or bool(len(digits) > 2 and _NAMES.search(before))


def _together(fact: Fact, sentence: str, said: Sequence[str]) -> bool:
    """Whether the customer stated it of something that this sentence names, such as an order."""
    names = {key for each in _facts_in(sentence) if each.kind == "code" for key in each.needs}
    names |= {
        key
        for each in _facts_in(sentence)
        for key in each.needs
        if key[0] == "any"
        and each.kind == "number"
        and len(re.sub(r"\D", "", each.text)) >= LONG_NUMBER
    }
    for line in (each[:SAID] for each in said[-LINES:]):
        for stated in _END.split(fold(line)):
            keys = {key for each in _facts_in(stated) for key in each.gives}
            own = fact.needs & keys and names & keys
            if own and not _OF_THE_DESK.search(stated) and f"{stated}?" not in fold(line):
                return True
    return False


def _sentence(text: str, fact: Fact) -> tuple[int, int]:
    """Where the sentence of a fact begins and ends, as far as anybody reads one."""
    return _bounds(_END, text, fact.start, fact.end)


@lru_cache(maxsize=512)
def _facts_in(sentence: str) -> tuple[Fact, ...]:
    return find_facts(sentence)


def _bounds(ends: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    begin = first = max(0, start - LONGEST)
    for match in ends.finditer(text, first, start):
        begin = match.end()
    after = ends.search(text, end, end + LONGEST)
    return begin, after.end() if after else min(len(text), end + LONGEST)
