"""What is asked, as search terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class TellingWord:
    """A word that says what is asked about: its English stem with accents, and without them.

    `beside` names the pairs it makes with its neighbours, `synonyms` the stems and pairs that may
    stand for it.
    """

    word: str
    stem: str
    folded: str
    beside: frozenset[str]
    synonyms: frozenset[str] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether it is written without accents."""
        return self.word == self.folded


@dataclass(frozen=True, slots=True)
class Terms:
    """What is looked for in each index, each term once, and the words that must be covered.

    Vietnamese stop words are looked for: they are common, so they weigh little, and typed without
    accents they may be other words. English ones are not, and count only in pairs. Synonyms that
    nobody asked for are `other_stems` and `other_pairs`.
    """

    stems: tuple[str, ...]
    folded: tuple[str, ...]
    pairs: tuple[str, ...]
    telling: tuple[TellingWord, ...]
    question: bool = False
    other_stems: tuple[str, ...] = ()
    other_pairs: tuple[str, ...] = ()

    @property
    def lists(self) -> tuple[tuple[str, ...], ...]:
        """What is looked for, by kind; `KINDS` says where."""
        return self.stems, self.folded, self.pairs, self.other_stems, self.other_pairs

    @property
    def every(self) -> tuple[str, ...]:
        """All that is looked for anywhere."""
        return tuple(chain.from_iterable(self.lists))


def together(parts: Sequence[Terms]) -> Terms:
    """The terms of all parts as those of one question."""
    if len(parts) == 1:
        return parts[0]
    said = {each.folded: each for part in parts for each in part.telling}
    stems, folded, pairs, other_stems, other_pairs = (
        tuple(dict.fromkeys(chain.from_iterable(kind)))
        for kind in zip(*(part.lists for part in parts), strict=True)
    )
    return Terms(
        stems=stems,
        folded=folded,
        pairs=pairs,
        telling=tuple(said.values()),
        other_stems=other_stems,
        other_pairs=other_pairs,
    )
