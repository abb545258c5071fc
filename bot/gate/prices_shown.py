"""Prices that are worked out in two steps from what a reader sees.

Each price counts as often as somebody says, or in part; two such are added up or taken off one
another, or the one is shared out: «6 % off two at $20, plus $5», «10 million and 3 %, in six
months». Every figure of it is named by the answer or the customer, and one price or share is the
desk's.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product

from bot.gate.arithmetic import LEAST_PRICE, large_numbers, number_of, values_of
from bot.gate.reckoning import MOST, KnownFigures
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import MONEY
from bot.text.frames import frames

_CENT = Fraction(1, 200)
# To which a price is rounded that is only about right.
_ABOUT_RIGHT = Fraction(1, 200)
_MOST_PRICES, _MOST_COUNTS, _LARGEST_COUNT = 5, 5, 400
_ABOUT = frames("about")


def shown(fact: Fact, folded: str, figures: KnownFigures) -> bool:
    """Whether a price is made, in two steps, of prices, counts and shares that are all seen.

    `folded` is the text.
    """
    if fact.kind != "number":
        return False
    rounded = _ABOUT.search(folded[max(0, fact.start - 20) : fact.start]) is not None
    return any(
        abs(value - made) <= max(_CENT, made * _ABOUT_RIGHT if rounded else _CENT)
        for kind, value in prices_of(fact, figures)
        for made in _made(kind, value, figures)
    )


def prices_of(fact: Fact, figures: KnownFigures) -> Iterator[tuple[str, Fraction]]:
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
    theirs = (values_of(kind, figures.theirs) | large_numbers(figures.theirs)) - {value} - ours
    terms = [
        (made, price in ours or by_share, price)
        for price in (*sorted(ours)[:_MOST_PRICES], *sorted(theirs)[:_MOST_PRICES])
        for made, by_share in _once(price, counts, shares)
    ]
    for made, grounded, _ in terms:
        if grounded:
            for count in counts:
                yield made * count
                yield made / count
    for (one, first, price), (other, second, beside) in combinations(terms, 2):
        if (first or second) and (price != beside or one != other):
            yield one + other
            yield abs(one - other)
            if price == beside:
                # A price and a share of it, shared out.
                yield from ((one + other) / count for count in counts)


def _once(
    price: Fraction, counts: list[Fraction], shares: list[Fraction]
) -> Iterator[tuple[Fraction, bool]]:
    """A price, so many times, and its shares; with whether a share of the desk's was taken."""
    yield price, False
    yield from ((price * count, False) for count in counts)
    for share, part in product(shares, (0, 100)):
        yield price * abs(part - share) / 100, True


def _counts(figures: KnownFigures) -> list[Fraction]:
    seen = figures.beside | figures.theirs
    found = {number_of(key[1]) for key in seen if key[0] in _COUNTING}
    return sorted(each for each in found if 1 < each <= _LARGEST_COUNT)[:_MOST_COUNTS]


_COUNTING: frozenset[object] = frozenset({"bare", "measured"})


def _shares(figures: KnownFigures) -> list[Fraction]:
    ours = values_of("percent", figures.ground)
    named: set[FactKey] = {key for key in figures.beside if key[:2] == ("amount", "percent")}
    return sorted(ours & values_of("percent", named) if named else ours)[:MOST]
