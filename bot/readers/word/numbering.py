"""The numbers and marks that Word puts before paragraphs: «3.2», «a)», bullets."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.readers.word.word_xml import XmlElement, child, name_of, number, value

LEVELS = 9
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
BULLET = "-"


@dataclass(frozen=True)
class ListLevel:
    """How a level of a list is numbered; `text` has %1 to %9 where numbers go."""

    form: str
    text: str
    start: int


class Numbering:
    """Counts as Word does while its paragraphs are read in their order."""

    def __init__(self, part: XmlElement | None) -> None:
        self._lists: dict[str, dict[int, ListLevel]] = {}
        self._of: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        for each in () if part is None else part:
            if name_of(each) == "abstractNum":
                self._lists[_id(each, "abstractNumId")] = dict(_levels(each))
            elif name_of(each) == "num":
                self._of[_id(each, "numId")] = value(each, "abstractNumId")
                self._restarts[_id(each, "numId")] = dict(_overrides(each))

    def label(self, list_id: str, level: int) -> str:
        """What stands before the next paragraph of a list; empty where nothing does."""
        kind = self._of.get(list_id, "")
        found = self._lists.get(kind, {}).get(level)
        if found is None:
            return BULLET if list_id in self._of else ""
        if found.form == "bullet":
            return BULLET
        counts = self._counts.setdefault(kind, [None] * LEVELS)
        self._restart(list_id, counts)
        before = counts[level]
        counts[level] = found.start if before is None else before + 1
        counts[level + 1 :] = [None] * (LEVELS - level - 1)
        return self._written(kind, found, counts)

    def _restart(self, list_id: str, counts: list[int | None]) -> None:
        """A list that begins anew in the middle of a document does so once."""
        for level, start in self._restarts.pop(list_id, {}).items():
            counts[level] = start - 1

    def _written(self, kind: str, level: ListLevel, counts: list[int | None]) -> str:
        text = level.text
        for place, count in enumerate(counts):
            known = self._lists[kind].get(place)
            if f"%{place + 1}" in text and known:
                shown = known.start if count is None else count
                text = text.replace(f"%{place + 1}", _in_form(known.form, shown))
        return text.strip()


def _id(element: XmlElement, name: str) -> str:
    return str(number(element, name, -1))


def _levels(abstract: XmlElement) -> Iterator[tuple[int, ListLevel]]:
    for each in abstract:
        place = number(each, "ilvl", -1) if name_of(each) == "lvl" else -1
        if 0 <= place < LEVELS:
            start = child(each, "start")
            yield (
                place,
                ListLevel(
                    form=value(each, "numFmt") or "decimal",
                    text=value(each, "lvlText")[:80],
                    start=1 if start is None else number(start, "val", 1),
                ),
            )


def _overrides(of: XmlElement) -> Iterator[tuple[int, int]]:
    for each in of:
        place = number(each, "ilvl", -1)
        start = child(each, "startOverride")
        if start is not None and 0 <= place < LEVELS:
            yield place, number(start, "val", 1)


def _in_form(form: str, count: int) -> str:
    match form:
        case "none":
            return ""
        case "lowerLetter" | "upperLetter" if count > 0:
            letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 10)
            return letters if form == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman" if 0 < count < 4000:
            return _roman(count) if form == "lowerRoman" else _roman(count).upper()
        case "decimalZero":
            return f"{count:02}"
        case _:
            return str(count)


def _roman(count: int) -> str:
    written = ""
    for worth, letters in ROMAN:
        written += letters * (count // worth)
        count %= worth
    return written
