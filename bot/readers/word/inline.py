"""The words within a paragraph, and what stands in its frame: text boxes, drawings, notes."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.readers.word.equation import equation_text
from bot.readers.word.styles import Styles
from bot.readers.word.word_xml import (
    SILENT,
    XmlElement,
    attribute,
    child,
    chosen,
    name_of,
    number,
    switched_on,
    value,
    within,
)

# Symbol fonts put their signs here in Unicode's private area.
PRIVATE = range(0xF000, 0xF100)
TICKED, OPEN = "☒", "☐"


@dataclass
class Words:
    """What a paragraph says, and the boxes and drawings that hang on it, for whoever reads them."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[XmlElement] = field(default_factory=list)
    drawings: list[XmlElement] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words in their order."""
        return "".join(self.pieces)


class Inlines:
    """Reads paragraphs; counts what it leaves out, and numbers notes as they are referred to."""

    def __init__(self, styles: Styles, left_out: Counter[str]) -> None:
        self._styles = styles
        self._left_out = left_out
        self.notes: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        self._special: Mapping[str, Callable[[XmlElement, Words], None]] = {
            "t": lambda each, words: words.pieces.append(each.text or ""),
            "tab": lambda _each, words: words.pieces.append("\t"),
            "ptab": lambda _each, words: words.pieces.append("\t"),
            "br": lambda _each, words: words.pieces.append("\n"),
            "cr": lambda _each, words: words.pieces.append("\n"),
            "noBreakHyphen": lambda _each, words: words.pieces.append("-"),
            "sym": self._sign,
            "oMath": self._equation,
            "r": self._run,
            "p": self._line,
            "ruby": self._ruby,
            "fldChar": self._box_to_tick,
            "footnoteReference": self._note,
            "endnoteReference": self._note,
            "commentReference": lambda _each, _words: self._left_out.update(["comments"]),
            "AlternateContent": self._alternatives,
            "txbxContent": lambda each, words: words.boxes.append(each),
            "textpath": lambda each, words: words.pieces.append(attribute(each, "string")),
            "pic": lambda _each, _words: self._left_out.update(["pictures"]),
            "imagedata": lambda _each, _words: self._left_out.update(["pictures"]),
            "object": self._object,
            "chart": lambda each, words: words.drawings.append(each),
            "relIds": lambda each, words: words.drawings.append(each),
        }

    def words(self, paragraph: XmlElement) -> Words:
        """What a paragraph says."""
        words = Words()
        self._read(paragraph, words)
        return words

    def _read(self, parent: XmlElement, words: Words) -> None:
        for each in parent:
            name = name_of(each)
            if special := self._special.get(name):
                special(each, words)
            elif name not in SILENT:
                self._read(each, words)

    def _line(self, paragraph: XmlElement, words: Words) -> None:
        """A paragraph of a drawing within a paragraph: a line of its own."""
        if words.pieces and not words.pieces[-1].endswith("\n"):
            words.pieces.append("\n")
        self._read(paragraph, words)
        if words.pieces and not words.pieces[-1].endswith("\n"):
            words.pieces.append("\n")

    def _run(self, run: XmlElement, words: Words) -> None:
        if self._hidden(run):
            if any(each.text for each in within(run, "t")):
                self._left_out["hidden words"] += 1
            return
        self._read(run, words)

    def _hidden(self, run: XmlElement) -> bool:
        properties = child(run, "rPr")
        if properties is None:
            return False
        if child(properties, "vanish") is not None:
            return switched_on(properties, "vanish")
        style = value(properties, "rStyle")
        return bool(style) and self._styles.of(style).hidden

    def _equation(self, equation: XmlElement, words: Words) -> None:
        """A line of text, apart from a word or another equation that it is set against."""
        text = equation_text(equation)
        before = words.pieces[-1] if words.pieces else ""
        apart = text[:1].isalnum() and before[-1:].isalnum()
        words.pieces.append(f" {text}" if apart else text)

    def _sign(self, sign: XmlElement, words: Words) -> None:
        try:
            code = int(attribute(sign, "char"), 16)
            words.pieces.append("•" if code in PRIVATE else chr(code))
        except (ValueError, OverflowError):
            words.pieces.append("•")

    def _ruby(self, ruby: XmlElement, words: Words) -> None:
        """A word with its reading above it: 東京(とうきょう)."""
        for each in within(ruby, "rubyBase"):
            self._read(each, words)
        reading = Words()
        for each in within(ruby, "rt"):
            self._read(each, reading)
        words.pieces.append(f"({reading.text})" if reading.text else "")

    def _box_to_tick(self, character: XmlElement, words: Words) -> None:
        form = child(character, "ffData")
        if (box := child(form, "checkBox")) is not None:
            ticked = "checked" if child(box, "checked") is not None else "default"
            words.pieces.append(TICKED if switched_on(box, ticked) else OPEN)
        if (choice := child(form, "ddList")) is not None:
            entries = [attribute(each, "val") for each in choice if name_of(each) == "listEntry"]
            result = child(choice, "result")
            place = 0 if result is None else number(result, "val")
            words.pieces += entries[place : place + 1]

    def _note(self, reference: XmlElement, words: Words) -> None:
        kind, own = name_of(reference).removesuffix("Reference"), attribute(reference, "id")
        if (kind, own) not in self.notes:
            self._numbers[kind] += 1
            initial = "e" if kind == "endnote" else ""
            self.notes[kind, own] = f"{initial}{self._numbers[kind]}"
        words.pieces.append(f"[^{self.notes[kind, own]}]")

    def _alternatives(self, alternatives: XmlElement, words: Words) -> None:
        found = chosen(alternatives)
        if found is not None:
            self._read(found, words)

    def _object(self, each: XmlElement, words: Words) -> None:
        """Another program's document; the picture of it is not counted again."""
        self._left_out["embedded documents"] += 1
        words.boxes += within(each, "txbxContent")
