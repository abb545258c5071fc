"""reStructuredText, by docutils: its tree as Markdown. No file is included.

What docutils does not know is read by `bot.readers.restructured_directives`.
"""

import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from bot.readers.decoding import decode_text
from bot.readers.document import CannotRead, Document
from bot.readers.reader_limits import ReaderLimits
from bot.readers.remarks import restructured_remarks, with_remarks
from bot.readers.restructured_directives import know_directives

SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "doctitle_xform": False,
    "docinfo_xform": True,
    "_disable_config": True,
    "smart_quotes": False,
    "syntax_highlight": "none",
    "line_length_limit": 100_000,
}
_META = re.compile(r"^\.\. meta::[ \t]*\n((?:[ \t]+.*\n|[ \t]*\n)*)", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]+:([\w][^:\n]*):[ \t]*(.*)$", re.MULTILINE)
_COMMENT = re.compile(r"^([\w-]+):[ \t]+(.*)$", re.MULTILINE)
_FRONT = re.compile(r"\A\s*---[ \t]*\n.*?^---[ \t]*\n", re.DOTALL | re.MULTILINE)


def prepare_restructured() -> None:
    """Import what docutils imports when it meets it: in a child no file can be opened later."""
    for each in pkgutil.iter_modules(import_module("docutils.parsers.rst.directives").__path__):
        import_module(f"docutils.parsers.rst.directives.{each.name}")
    publish_doctree("Title\n=====\n\n:a: b\n\n* *c* :math:`d`\n", settings_overrides=SETTINGS)


def read_restructured(data: bytes, limits: ReaderLimits) -> Document:
    """The text as Markdown; its field list is what it says of itself."""
    text = decode_text(data).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limits.characters:
        raise CannotRead("large")
    front = found[0] if (found := _FRONT.match(text)) else ""
    left_out: Counter[str] = Counter()
    know_directives(text, left_out)
    try:
        tree = publish_doctree(text[len(front) :], settings_overrides=SETTINGS)
    except (SystemMessage, RecursionError) as error:
        raise CannotRead("damaged", error) from None
    writer = _Writer(left_out)
    writer.said.update(_meta(text))
    body = "\n\n".join(filter(None, writer.blocks(tree, 1)))
    said = with_remarks(dict(writer.said), restructured_remarks(text))
    return Document(front + body, said, left_out)


def _meta(text: str) -> Mapping[str, str]:
    """What `.. meta::` says, which is for heads of pages; a name said twice has both values."""
    said: dict[str, str] = {}
    for block in _META.findall(text):
        for name, value in _FIELD.findall(block):
            key = name.split()[0].lower()
            said[key] = f"{said[key]}\n{value}" if said.get(key, value) != value else value
    return said


class _Writer:
    """A tree of docutils as blocks of Markdown; `said` is its field list."""

    def __init__(self, left_out: Counter[str]) -> None:
        self.said: dict[str, str] = {}
        self._left_out = left_out
        self._kinds: Mapping[str, Callable[[Any, int], Iterator[str]]] = {
            "section": lambda node, level: self.blocks(node, level + 1),
            "title": self._title,
            "docinfo": self._fields,
            "field_list": self._fields,
            "comment": self._silent,
            "substitution_definition": self._silent,
            "target": self._silent,
            "system_message": self._silent,
            "pending": self._silent,
            "image": self._picture,
            "raw": lambda node, _level: iter([node.astext()]),
            "literal_block": self._code,
            "doctest_block": self._code,
            "bullet_list": self._items,
            "enumerated_list": self._items,
            "table": self._table,
            "line_block": self._lines,
            "definition_list_item": self._described,
            "option_list_item": self._described,
            "field": self._field,
        }

    def blocks(self, node: Any, level: int) -> Iterator[str]:
        """Every block below a node; sections are headings one level deeper each."""
        for child in node.children:
            yield from self._block(child, level)

    def _block(self, node: Any, level: int) -> Iterator[str]:
        if write := self._kinds.get(type(node).__name__):
            yield from write(node, level)
        elif isinstance(node, nodes.TextElement) or not any(map(_is_block, node.children)):
            yield self._line(node)
        else:
            yield from self.blocks(node, level)

    def _title(self, node: Any, level: int) -> Iterator[str]:
        is_heading = isinstance(node.parent, nodes.section)
        yield f"{'#' * min(level - 1, 6)} {self._line(node)}" if is_heading else self._line(node)

    def _silent(self, node: Any, _level: int) -> Iterator[str]:
        if isinstance(node, nodes.comment):
            self._left_out["comment"] += 1
            for found in _COMMENT.finditer(node.astext()):
                self._say(found[1], found[2])
        yield ""

    def _picture(self, node: Any, _level: int) -> Iterator[str]:
        self._left_out["picture"] += 1
        yield str(node.get("alt", ""))

    def _code(self, node: Any, _level: int) -> Iterator[str]:
        classes = [each for each in node.get("classes", []) if each != "code"]
        yield f"```{classes[0] if classes else ''}\n{node.astext()}\n```"

    def _lines(self, node: Any, _level: int) -> Iterator[str]:
        yield "\n".join(self._line(each) for each in node.findall(nodes.line))

    def _described(self, node: Any, level: int) -> Iterator[str]:
        head, *rest = node.children
        said = [text for each in rest for text in self._block(each, level) if text]
        yield "\n".join((f"**{self._line(head)}**", *said))

    def _field(self, node: Any, _level: int) -> Iterator[str]:
        name, value = node.children
        yield f"{self._line(name)}: {' '.join(value.astext().split())}"

    def _items(self, node: Any, level: int) -> Iterator[str]:
        items = []
        for number, item in enumerate(node.children, start=1):
            mark = "-" if isinstance(node, nodes.bullet_list) else f"{number}."
            said = "\n\n".join(filter(None, self.blocks(item, level)))
            items.append(f"{mark} " + said.replace("\n", "\n  "))
        yield "\n".join(items)

    def _table(self, table: Any, _level: int) -> Iterator[str]:
        yield from (self._line(title) for title in table.children if isinstance(title, nodes.title))
        rows = [
            "| " + " | ".join(" ".join(cell.astext().split()) for cell in row.children) + " |"
            for row in table.findall(nodes.row)
        ]
        if rows:
            width = rows[0].count("|") - 1
            yield "\n".join((rows[0], "|" + " --- |" * width, *rows[1:]))

    def _fields(self, node: Any, level: int) -> Iterator[str]:
        """A field list at the top is what a text says of itself; further below it is text.

        The top is before anything else, or right below the first heading.
        """
        if level > 2 or node.parent.index(node) > 1:
            yield from self.blocks(node, level)
            return
        for field in node.children:
            if isinstance(field, nodes.field):
                name, value = (each.astext() for each in field.children)
            else:
                name, value = type(field).__name__, field.astext()
            self._say(name, value)

    def _say(self, name: str, value: str) -> None:
        """Of an audience that is said twice both are kept."""
        key, value = name.strip().lower(), value.strip()
        before = self.said.get(key, value)
        self.said[key] = f"{before}\n{value}" if key == "audience" and before != value else before

    def _line(self, node: Any) -> str:
        return " ".join("".join(self._inline(node)).split())

    def _inline(self, node: Any) -> Iterator[str]:
        for child in node.children:
            match type(child).__name__:
                case "Text" | "problematic":
                    yield child.astext()
                case "literal":
                    yield f"`{child.astext()}`"
                case "strong":
                    yield f"**{child.astext()}**"
                case "reference" if str(child.get("refuri", "")).startswith("http"):
                    yield f"[{child.astext()}]({child['refuri']})"
                case "image":
                    yield from self._picture(child, 0)
                case "system_message" | "target":
                    yield ""
                case _:
                    yield from self._inline(child)


def _is_block(node: Any) -> bool:
    blocks = nodes.Body | nodes.Structural | nodes.Part | nodes.Titular
    return isinstance(node, blocks) and not isinstance(node, nodes.Inline)
