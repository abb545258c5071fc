"""A fact as it stands in a text, and the text as the finders read it."""

import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from storage.text.folding import fold

FactKind = Literal["number", "date", "time", "day", "code", "link", "email", "phone"]
FactKey = tuple[Hashable, ...]
# Stands for what was read already; it is neither a word nor a space.
READ = "\ue000"


@dataclass(frozen=True)
class Fact:
    """What stands in a text. Without `needs` it is only ground, and asks for none."""

    kind: FactKind
    text: str
    needs: frozenset[FactKey]
    gives: frozenset[FactKey]

    def rests_on(self, ground: frozenset[FactKey]) -> bool:
        """Whether the ground holds it."""
        return not self.needs or not self.needs.isdisjoint(ground)


@dataclass
class ScannedText:
    """A text being read: as it is, and folded character by character so that places agree."""

    text: str
    accented: bool = False
    found: list[tuple[int, int, Fact]] = field(default_factory=list)
    _folded: str = ""
    _read: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = unicodedata.normalize("NFC", self.text)
        self._folded = "".join(map(_one, self.text))
        self.accented = any(ord(char) > 127 and char.isalpha() for char in self.text)

    @property
    def folded(self) -> str:
        """What has not been read yet, folded; made anew only when asked after something was."""
        if self._read:
            chars = list(self._folded)
            for start, end in self._read:
                chars[start:end] = READ * (end - start)
            self._folded = "".join(chars)
            self._read = []
        return self._folded

    def spelled(self, start: int, end: int, *spellings: str) -> bool:
        """Whether a place reads as one of the spellings, accents included where the text has any.

        Folded, «năm» and «nằm» are one; in a text without accents nothing tells them apart.
        """
        here = self.text[start:end].lower()
        return here in spellings or (
            not self.accented and here in {fold(each) for each in spellings}
        )

    def take(
        self,
        kind: FactKind,
        start: int,
        end: int,
        needs: set[FactKey] | frozenset[FactKey],
        gives: set[FactKey] | frozenset[FactKey] | None = None,
    ) -> None:
        """Write a fact down, and let nobody read its characters again."""
        fact = Fact(
            kind,
            self.text[start:end].strip(),
            frozenset(needs),
            frozenset(needs if gives is None else gives),
        )
        self.found.append((start, end, fact))
        self.blank(start, end)

    def blank(self, start: int, end: int) -> None:
        """Let nobody read these characters again."""
        self._read.append((start, end))


def _one(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char
