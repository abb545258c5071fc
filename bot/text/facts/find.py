"""Reading a text for its facts: addresses first, then dates and times, then codes, then numbers."""

from collections.abc import Iterable
from functools import lru_cache

from bot.text.facts.addresses import find_addresses, find_phones
from bot.text.facts.codes import find_codes, find_serials
from bot.text.facts.dates import find_dates
from bot.text.facts.fact import Fact, FactKey, ScannedText
from bot.text.facts.near import find_near
from bot.text.facts.numbers import find_numbers, skip_numbering
from bot.text.facts.shares import find_shares
from bot.text.facts.times import find_times
from bot.text.facts.weekdays import find_weekdays


@lru_cache(maxsize=512)
def find_facts(text: str) -> tuple[Fact, ...]:
    """The facts of a text in their order; the numbers of lists and steps are none."""
    page = ScannedText(text)
    find_addresses(page)
    skip_numbering(page)
    find_near(page)
    find_dates(page)
    find_weekdays(page)
    find_times(page)
    find_phones(page)
    find_serials(page)
    find_shares(page)
    find_numbers(page)
    find_codes(page)
    return tuple(fact for _, _, fact in sorted(page.found, key=lambda one: one[:2]))


def known_keys(texts: Iterable[str], without: frozenset[str] = frozenset()) -> frozenset[FactKey]:
    """What these texts are ground for, leaving out facts of the kinds in `without`."""
    return frozenset(
        key
        for text in texts
        for fact in find_facts(text)
        if fact.kind not in without
        for key in fact.gives
    )
