"""What a paragraph's style says: whether it is a heading, and which list it belongs to."""

from dataclasses import dataclass
from typing import Self

from bot.readers.word.word_xml import XmlElement, attribute, child, name_of, switched_on, value

# How often one style may be based on another.
DEEPEST = 20
DEEPEST_HEADING = 6


@dataclass(frozen=True)
class Style:
    """`heading` is 1 to 6, or 0; `numbered` the id of a list and the level in it, as written."""

    heading: int = 0
    list_id: str = ""
    level: str = ""
    bullet: bool = False
    hidden: bool = False

    def over(self, base: Self) -> Self:
        """This style where it says something, else the one it is based on."""
        return type(self)(
            heading=self.heading or base.heading,
            list_id=self.list_id or base.list_id,
            level=self.level or base.level,
            bullet=self.bullet or base.bullet,
            hidden=self.hidden or base.hidden,
        )


PLAIN = Style()


class Styles:
    """The styles of a document, by id."""

    def __init__(self, part: XmlElement | None) -> None:
        self._said = {
            attribute(each, "styleId"): each
            for each in (() if part is None else part)
            if name_of(each) == "style"
        }
        self._known: dict[str, Style] = {}

    def of(self, style_id: str) -> Style:
        """A style with all that it is based on."""
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def _resolved(self, style_id: str) -> Style:
        style, depth = PLAIN, 0
        said = self._said.get(style_id)
        while said is not None and depth < DEEPEST:
            style = style.over(_style(said))
            said, depth = self._said.get(value(said, "basedOn")), depth + 1
        return style


def said_by(properties: XmlElement | None) -> Style:
    """What a paragraph says itself, in its properties."""
    if properties is None:
        return PLAIN
    outline = value(properties, "outlineLvl")
    numbering = child(properties, "numPr")
    return Style(
        heading=int(outline) + 1 if outline.isdigit() and int(outline) < DEEPEST_HEADING else 0,
        list_id=value(numbering, "numId"),
        level=value(numbering, "ilvl"),
    )


def _style(said: XmlElement) -> Style:
    name = value(said, "name").lower()
    own = said_by(child(said, "pPr"))
    word, _, level = name.rpartition(" ")
    heading = int(level) if word == "heading" and level.isdigit() else int(name == "title")
    return Style(
        heading=min(heading, DEEPEST_HEADING) or own.heading,
        list_id=own.list_id,
        level=own.level,
        bullet=name.startswith("list bullet"),
        hidden=switched_on(said, "rPr", "vanish"),
    )
