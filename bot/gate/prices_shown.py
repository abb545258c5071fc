"""Prices that are worked out in two steps from what a reader sees.

A share of a price is taken, or put on, and that counts as often as somebody says, or is shared out:
«10 million and 3 %, in six months». Price and share are named by the answer, and one of them is the
desk's; counts may be the customer's. Sums of several prices are none of them: nearly any round
figure can be made of two prices and two counts.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from bot.gate.arithmetic import LEAST_PRICE, large_numbers, number_of, values_of
from bot.gate.reckoning import MOST, KnownFigures
from bot.text.facts.fact import Fact
from bot.text.facts.units import MONEY
from bot.text.frames import frames

_CENT = Fraction(1, 200)
# To which a price is rounded that is only about right.
_ABOUT_RIGHT = Fraction(1, 200)
_MOST_PRICES, _MOST_COUNTS, _LARGEST_COUNT = 5, 5, 400
_ABOUT = frames("about")


def works_out_twice(fact: Fact, folded: str, figures: KnownFigures) -> bool:
    """Whether a price is made, in two steps, of prices, counts and shares that are all seen.

    `folded` is the text.
    """
    if fact.kind != "number":
        return False
    rounded = _ABOUT.search(folded[max(0, fact.start - 20) : fact.start]) is not None
    return any(
        abs(value - made) <= max(_CENT, made * _ABOUT_RIGHT if rounded else _CENT)
        for kind, value in _prices(fact, figures)
        for made in _made(kind, value, figures)
    )


def _prices(fact: Fact, figures: KnownFigures) -> Iterator[tuple[str, Fraction]]:
    """The prices that a fact may name; one without a currency is in that of the sources."""
    for key in fact.needs:
        if key[0] == "amount" and key[1] in MONEY:
            yield str(key[1]), number_of(key[2])
        elif key[0] == "any" and number_of(key[1]) >= LEAST_PRICE:
            for kind in MONEY:
                if values_of(kind, figures.ground):
                    yield kind, number_of(key[1])


def _made(kind: str, value: Fraction, figures: KnownFigures) -> Iterator[Fraction]:
    counts, shares = _counts(figures), _shares(figures)
    ours = values_of(kind, figures.named) - {value}
    said = figures.beside
    theirs = (values_of(kind, figures.theirs) | large_numbers(figures.theirs)) - {value} - ours
    theirs &= values_of(kind, said) | large_numbers(said)
    for price in (*sorted(ours)[:_MOST_PRICES], *sorted(theirs)[:_MOST_PRICES]):
        terms = _once(price, counts, shares)
        for made, by_share in terms:
            if by_share:
                yield from (made * count for count in counts)
            if price in ours or by_share:
                yield from (made / count for count in counts)
        for share in (made for made, by_share in terms if by_share):
            yield from ((price + share) / count for count in (Fraction(1), *counts))


def _once(
    price: Fraction, counts: list[Fraction], shares: list[Fraction]
) -> list[tuple[Fraction, bool]]:
    """A price, so many times, and its shares; with whether a share of the desk's was taken."""
    parts = [price * abs(part - share) / 100 for share, part in product(shares, (0, 100))]
    whole = [price, *(price * count for count in counts)]
    return [*((each, False) for each in whole), *((each, True) for each in parts)]


def _counts(figures: KnownFigures) -> list[Fraction]:
    seen = figures.beside | figures.theirs
    found = {number_of(key[1]) for key in seen if key[0] in _COUNTING}
    found -= values_of("percent", seen)
    # «Two years at £83.76 are £3.49 a month.»
    found |= values_of("month", seen)
    return sorted(each for each in found if 1 < each <= _LARGEST_COUNT)[:_MOST_COUNTS]


_COUNTING: frozenset[object] = frozenset({"bare", "measured"})


def _shares(figures: KnownFigures) -> list[Fraction]:
    return sorted(values_of("percent", figures.named))[:MOST]
