"""Words that stand for each other, as the indexes have them: stems, and pairs folded.

People and articles name the same thing by different words: «text message» and «SMS». The groups
are those of `[search]` in `bot/locales/`, all languages together.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from bot.text.locale import locales
from storage.text.folding import fold, stem


@cache
def synonyms() -> Mapping[str, frozenset[str]]:
    """What each word or pair may stand for beside itself."""
    found: dict[str, set[str]] = defaultdict(set)
    for locale in locales().values():
        for group in locale.search.synonyms:
            members = {_indexed(each) for each in group}
            for member in members:
                found[member] |= members - {member}
    return {word: frozenset(others) for word, others in found.items()}


def _indexed(spelled: str) -> str:
    return fold(spelled) if "_" in spelled else stem(spelled)
