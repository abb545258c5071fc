"""Passages and where their words are, as the word indexes take and give them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.text.folding import fold, pairs, stem, words

# Longer ones are no words but codes and encoded files; PostgreSQL refuses them from 2 kB on.
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class PreparedWords:
    """A passage's words in order, joined by spaces: as English stems with accents, and folded.

    The first `names` of them are its article's title and the headings above it.
    """

    stemmed: str
    folded: str
    names: int = 0

    @property
    def stems(self) -> list[str]:
        """The words of the stemmed index."""
        return self.stemmed.split(" ")

    @property
    def tokens(self) -> list[str]:
        """The words of the folded index, and after them every pair of neighbours."""
        plain = self.folded.split(" ")
        return [*plain, *pairs(plain)]


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages (by id) in which words occur; a word that is nowhere is left out."""

    stemmed: Mapping[str, Sequence[int]]
    folded: Mapping[str, Sequence[int]]


def prepare_words(text: str) -> PreparedWords:
    """A text as the indexes hold it."""
    spelled = [word[:LONGEST_WORD] for word in words(text)]
    return PreparedWords(" ".join(map(stem, spelled)), " ".join(map(fold, spelled)))
