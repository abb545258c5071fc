"""A fact as it stands in a text, and the text as the finders read it."""

import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from bot.text.hidden import without_hidden
from storage.text.folding import fold

FactKind = Literal["number", "date", "time", "day", "code", "link", "email", "phone"]
FactKey = tuple[Hashable, ...]
# Stands for what was read already; it is neither a word nor a space.
READ = "\ue000"


@dataclass(frozen=True)
class Fact:
    """What stands in a text, and where. Without `needs` it is only ground, and asks for none.

    `span` says that it ends a range: its class, where the range begins and where it ends.
    """

    kind: FactKind
    text: str
    needs: frozenset[FactKey]
    gives: frozenset[FactKey]
    start: int = 0
    end: int = 0
    span: FactKey | None = None

    def rests_on(self, ground: frozenset[FactKey]) -> bool:
        """Whether the ground holds it; a range may not be made of the ends of two others."""
        if not self.needs:
            return True
        held = self.needs & ground
        if all(key[0] == "bare" and _counts_else(key[1], ground) for key in held):
            # «1.8 gallons» does not rest on a «Nep 1.8» that holds 1.8 litres, nor «two weeks» on
            # two devices.
            return False
        return not self._mixed(ground)

    def _mixed(self, ground: frozenset[FactKey]) -> bool:
        if self.span is None or ("range", *self.span) in ground:
            return False
        kind, low, high = self.span
        ends = {(end, kind, value) for end in ("low", "high") for value in (low, high)}
        return not ends.isdisjoint(ground)


def _counts_else(value: Hashable, ground: frozenset[FactKey]) -> bool:
    return ("measured", value) in ground or ("counted", value) in ground


def span_keys(span: FactKey) -> set[FactKey]:
    """What a range is ground for: itself, and where it begins and ends."""
    kind, low, high = span
    return {("range", kind, low, high), ("low", kind, low), ("high", kind, high)}


@dataclass
class ScannedText:
    """A text being read: as it is, and folded character by character so that places agree."""

    text: str
    accented: bool = False
    found: list[tuple[int, int, Fact]] = field(default_factory=list)
    _folded: str = ""
    _read: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = legible(self.text)
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
        span: FactKey | None = None,
    ) -> None:
        """Write a fact down, and let nobody read its characters again."""
        given = frozenset(needs if gives is None else gives)
        fact = Fact(
            kind,
            self.text[start:end].strip(),
            frozenset(needs),
            given | span_keys(span) if span else given,
            start,
            end,
            span,
        )
        self.found.append((start, end, fact))
        self.blank(start, end)

    def blank(self, start: int, end: int) -> None:
        """Let nobody read these characters again."""
        self._read.append((start, end))


def legible(text: str) -> str:
    """The text in which the places of its facts are counted: composed, without what is unseen."""
    return unicodedata.normalize("NFC", without_hidden(text))


@lru_cache(maxsize=8_192)
def _one(char: str) -> str:
    """A character as the finders read it: digits of any script as ours, wide letters narrow."""
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    if char in "’ʼ`":
        return "'"
    if char in "。｡．":
        return "."
    plain = char if ord(char) < 0x2000 else unicodedata.normalize("NFKC", char)
    folded = fold(plain if unicodedata.category(char) != "No" else char)
    return folded if len(folded) == 1 else char
