"""A Word document as a whole: its body, then notes, headers and footers."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bot.readers.document import CannotRead, Document, told_front
from bot.readers.reader_limits import ReaderLimits
from bot.readers.registry import OLE
from bot.readers.word.body import Body
from bot.readers.word.drawing import drawing_text
from bot.readers.word.numbering import Numbering
from bot.readers.word.package import PARSING, Package, damage
from bot.readers.word.styles import Styles
from bot.readers.word.word_xml import XmlElement, attribute, name_of

# What may stand in a body. The XML is given back in these pieces, so that a long text is never
# held whole.
BLOCKS = (
    *("{*}p", "{*}tbl", "{*}sdt", "{*}customXml", "{*}ins", "{*}moveTo", "{*}AlternateContent"),
    *("{*}oMathPara", "{*}altChunk"),
)
# The marks between text and notes are footnotes too, by their type.
NO_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})
PROPERTIES = "docProps/core.xml"


def read_word(data: bytes, limits: ReaderLimits) -> Document:
    """The text of a Word document.

    Raises:
        CannotRead: locked with a password, damaged, or with more text than the limits say.
    """
    if data.startswith(OLE):
        raise CannotRead("locked")
    package = Package(data)
    left_out: Counter[str] = Counter()
    text: list[str] = []
    size = 0
    with damage():
        for block in _Story(package, left_out).blocks():
            text.append(block)
            size += len(block)
            if size > limits.characters:
                raise CannotRead("large", "more text than is read")
    return Document("\n\n".join(text), told_front(_about(package)), dict(left_out))


class _Story:
    """The parts of a document in the order in which they are read."""

    def __init__(self, package: Package, left_out: Counter[str]) -> None:
        self._package = package
        self._part = package.body
        self._relations = package.relations(self._part)
        self._body = Body(
            Styles(self._only("styles")),
            Numbering(self._only("numbering")),
            left_out,
            self._drawn,
        )

    def blocks(self) -> Iterator[str]:
        """Every block; empty ones are left out."""
        with self._package.stream(self._part) as stream:
            for element in _top_blocks(stream):
                yield from filter(None, self._body.block(element))
        for kind in ("footnote", "endnote"):
            yield from self._notes(kind)
        yield from dict.fromkeys(self._margins())

    def _notes(self, kind: str) -> Iterator[str]:
        part = self._only(f"{kind}s")
        for each in () if part is None else part:
            if name_of(each) != kind or attribute(each, "type") in NO_NOTES:
                continue
            text = "\n".join(filter(None, self._body.blocks(each)))
            mark = self._body.inlines.notes.get((kind, attribute(each, "id")), "")
            if text:
                yield f"[^{mark}]: {text}" if mark else text

    def _margins(self) -> Iterator[str]:
        """What headers and footers say; a page number alone says nothing."""
        for kind in ("header", "footer"):
            for name in self._package.related(self._part, kind):
                part = self._package.tree(name)
                for block in self._body.blocks(() if part is None else part):
                    if any(letter.isalpha() for letter in block):
                        yield block

    def _drawn(self, reference: XmlElement) -> str:
        """The words of a chart or a diagram."""
        own = attribute(reference, "dm") or attribute(reference, "id")
        relation = self._relations.get(own)
        part = self._package.tree(relation.target) if relation else None
        return "" if part is None else drawing_text(part)

    def _only(self, kind: str) -> XmlElement | None:
        name = next(self._package.related(self._part, kind), "")
        return self._package.tree(name) if name else None


def _top_blocks(stream: object) -> Iterator[XmlElement]:
    """The blocks right in the body, each as it ends; then it is forgotten."""
    for _event, element in etree.iterparse(stream, events=("end",), tag=BLOCKS, **PARSING):
        parent = element.getparent()
        if (
            parent is None
            or parent.getparent() is None
            or parent.getparent().getparent() is not None
        ):
            continue
        if name_of(parent) != "body":
            continue
        yield element
        element.clear()
        while element.getprevious() is not None:
            del parent[0]


def _about(package: Package) -> dict[str, str]:
    try:
        part = package.tree(PROPERTIES)
    except CannotRead:
        return {}
    said = {name_of(each): each.text or "" for each in (() if part is None else part)}
    return {"title": said.get("title", ""), "language": said.get("language", "")}
