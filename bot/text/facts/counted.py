"""Whether a number in words counts something: «eight people», «under ten», «four or more».

«Two ways» and «three steps» only say how an answer is built. The words stand in `bot/locales/`.
"""

import re
from collections.abc import Iterable

from bot.text.facts.fact import FactKey
from bot.text.frames import LazyPattern, any_of, frames

# «A family of ten» counts without a noun behind the number.
_GROUP = re.compile(r"\b(?:family|families|group|party|parties|team|set|pack|box|table) of \Z")
_NOUN = LazyPattern(lambda: rf" (?:\w+ )?{any_of('counted')}\b| {any_of('measures')}\b")
_BOUND = LazyPattern(lambda: rf"\b{any_of('bounds')} \Z")
_OR_MORE = LazyPattern(lambda: rf" {any_of('or_more')}\b")


def counts_a_noun(folded: str, end: int) -> bool:
    """Whether the number that ends here counts the noun behind it."""
    return _NOUN.match(folded, end) is not None


def counts_something(folded: str, start: int, end: int) -> bool:
    """Whether the number at this place counts, or sets a bound."""
    before = folded[max(0, start - 16) : start]
    if _GROUP.search(before) or _BOUND.search(before):
        return True
    return counts_a_noun(folded, end) or _OR_MORE.match(folded, end) is not None


def moves(folded: str, start: int, end: int, measures: Iterable[FactKey]) -> set[FactKey]:
    """The durations that say how long before or after something else: «two hours before»."""
    lasting: set[FactKey] = {("moves", key[2]) for key in measures if key[1] == "minute"}
    if lasting and (
        frames("moving after").match(folded, end)
        or frames("moving before").search(folded[max(0, start - 30) : start])
    ):
        return lasting
    return set()
