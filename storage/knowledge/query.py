"""What is asked, as search terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class TellingWord:
    """A word that says what is asked about: its English stem with accents, and without them.

    `beside` names the pairs it makes with its neighbours.
    """

    word: str
    stem: str
    folded: str
    beside: frozenset[str]

    @property
    def plain(self) -> bool:
        """Whether it is written without accents."""
        return self.word == self.folded


@dataclass(frozen=True, slots=True)
class Terms:
    """What is looked for in each index, each term once, and the words that must be covered.

    Vietnamese stop words are looked for: they are common, so they weigh little, and typed without
    accents they may be other words. English ones are not, and count only in pairs.
    """

    stems: tuple[str, ...]
    folded: tuple[str, ...]
    pairs: tuple[str, ...]
    telling: tuple[TellingWord, ...]
    question: bool = False

    @property
    def every(self) -> tuple[str, ...]:
        """All that is looked for anywhere."""
        return (*self.stems, *self.folded, *self.pairs)


def together(parts: Sequence[Terms]) -> Terms:
    """The terms of all parts as those of one question."""
    if len(parts) == 1:
        return parts[0]
    said = {each.folded: each for part in parts for each in part.telling}
    return Terms(
        stems=tuple(dict.fromkeys(chain.from_iterable(part.stems for part in parts))),
        folded=tuple(dict.fromkeys(chain.from_iterable(part.folded for part in parts))),
        pairs=tuple(dict.fromkeys(chain.from_iterable(part.pairs for part in parts))),
        telling=tuple(said.values()),
    )
