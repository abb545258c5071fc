"""The text of Slack's blocks as people read it, whatever the kind of block.

What is unknown is read for its texts, since Slack adds kinds every month; buttons and inputs are
not read, since nobody says them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.text.invisible import visible
from handlers.views.mrkdwn import readable_text, wordless_date

# Slack cuts a message's text at 40,000 characters; a table or a forward may hold more.
MOST_TEXT = 40_000
# Blocks in blocks: Slack's own nest to four.
DEEPEST = 12
MOST_PARTS = 2_000
# Where blocks of kinds that are not read by name keep what people read.
SPOKEN = (
    "title", "rich_title", "subtitle", "header", "text", "description", "body", "caption",
    "fields", "elements", "blocks", "child_blocks", "cards", "rows", "details", "output",
    "alt_text", "footer",
)  # fmt: skip
SILENT = frozenset({"actions", "input", "divider", "context_actions"})
TABLES = frozenset({"table", "data_table"})
LINES = frozenset({"rich_text_section", "rich_text_quote"})

Raw = Mapping[str, Any]


class BlockText:
    """Reads the blocks of one message, and counts, so that no message is read for ever.

    `cut` says that something was left out because the message is too long.
    """

    def __init__(self, without: str | None, names: Mapping[str, str]) -> None:
        self._without = without
        self._names = names
        self._parts = 0
        self._length = 0
        self.cut = False

    def mrkdwn(self, text: str) -> str:
        """Slack's text as people read it."""
        return self.within(readable_text(text, without=self._without, names=self._names))

    def blocks(self, blocks: object) -> str:
        """The texts of blocks, a line for each line that people see."""
        return self.within("\n".join(self._texts(blocks, 0)))

    def more(self) -> bool:
        """Whether another part may be read."""
        self._parts += 1
        self.cut = self.cut or self._parts > MOST_PARTS
        return self._parts <= MOST_PARTS

    def within(self, text: str) -> str:
        """The text, within what one message may say in all."""
        left = max(0, MOST_TEXT - self._length)
        self.cut = self.cut or len(text) > left
        self._length += min(len(text), left)
        return text[:left]

    def _texts(self, node: object, depth: int) -> Iterator[str]:
        """Lines of text in blocks of any kind."""
        if not self.more() or depth > DEEPEST:
            return
        if isinstance(node, Mapping):
            yield from self._of_block(node, depth)
        else:
            for each in listed(node):
                yield from self._texts(each, depth + 1)

    def _of_block(self, block: Raw, depth: int) -> Iterator[str]:
        kind = block.get("type")
        if kind in LINES:
            mark = "> " if kind == "rich_text_quote" else ""
            yield from (f"{mark}{line}" for line in lines(self._runs(block)))
        elif kind == "rich_text_preformatted":
            # Of code and logs the indentation says something.
            yield from (line.rstrip() for line in self._runs(block).splitlines() if line.strip())
        elif kind == "rich_text_list":
            yield from self._items(block, depth)
        elif kind in TABLES:
            yield from self._rows(block, depth)
        elif kind in _LEAVES:
            yield from lines(_LEAVES[str(kind)](self, block))
        elif kind not in SILENT:
            for name in SPOKEN:
                yield from self._spoken(block.get(name), depth + 1)

    def _runs(self, block: Raw) -> str:
        return "".join(self._run(each) for each in listed(block.get("elements")))

    def _items(self, block: Raw, depth: int) -> Iterator[str]:
        """Slack cuts a list into one for each indentation; `offset` says where one goes on."""
        offset = block.get("offset")
        first = 1 + (offset if isinstance(offset, int) else 0)
        for number, each in enumerate(listed(block.get("elements")), first):
            mark = f"{number}." if block.get("style") == "ordered" else "-"
            yield from (f"{mark} {line}" for line in self._texts(each, depth + 1))

    def _rows(self, block: Raw, depth: int) -> Iterator[str]:
        for row in listed(block.get("rows")):
            yield " | ".join(" ".join(self._texts(cell, depth + 2)) for cell in listed(row))

    def _spoken(self, value: object, depth: int) -> Iterator[str]:
        if isinstance(value, str):
            yield from lines(readable_text(value, without=self._without, names=self._names))
        else:
            yield from self._texts(value, depth)

    def _run(self, element: object) -> str:
        """One run of a line of rich text."""
        if not isinstance(element, Mapping) or not self.more():
            return ""
        read = _RUNS.get(str(element.get("type")), _plain)
        return read(self, element)

    def _named(self, sigil: str, element: Raw, field: str) -> str:
        known = text_of(element.get(field))
        return "" if known == self._without else f"{sigil}{self._names.get(known, known)}"

    def _leaf(self, block: Raw) -> str:
        return readable_text(text_of(block.get("text")), without=self._without, names=self._names)


def _plain(_reader: BlockText, element: Raw) -> str:
    return visible(text_of(element.get("text")) or text_of(element.get("fallback")))


def _link(_reader: BlockText, element: Raw) -> str:
    label, url = visible(text_of(element.get("text"))), text_of(element.get("url"))
    return url if not label or label == url else f"{label} ({url})"


def _number(_reader: BlockText, block: Raw) -> str:
    return text_of(block.get("text")) or str(block.get("value", ""))


def _image(_reader: BlockText, block: Raw) -> str:
    return visible(text_of(block.get("alt_text")))


def _date(_reader: BlockText, element: Raw) -> str:
    return visible(text_of(element.get("fallback"))) or wordless_date(str(element.get("timestamp")))


def _called(sigil: str, field: str) -> Callable[[BlockText, Raw], str]:
    return lambda reader, element: reader._named(sigil, element, field)  # noqa: SLF001 - its own


_RUNS: Mapping[str, Callable[[BlockText, Raw], str]] = {
    "link": _link,
    "user": _called("@", "user_id"),
    "usergroup": _called("@", "usergroup_id"),
    "channel": _called("#", "channel_id"),
    "broadcast": lambda _reader, element: f"@{text_of(element.get('range'))}",
    "emoji": lambda _reader, element: f":{text_of(element.get('name'))}:",
    "date": _date,
    "color": lambda _reader, element: visible(text_of(element.get("value"))),
}
_LEAVES: Mapping[str, Callable[[BlockText, Raw], str]] = {
    "mrkdwn": BlockText._leaf,  # noqa: SLF001 - its own
    "markdown": BlockText._leaf,  # noqa: SLF001 - its own
    "plain_text": _plain,
    "raw_text": _plain,
    "text": _plain,
    "raw_number": _number,
    "image": _image,
}


def lines(text: str) -> Iterator[str]:
    """The lines of a text that say something."""
    yield from (line.strip() for line in text.splitlines() if line.strip())


def listed(value: object) -> Sequence[Any]:
    """A list, or nothing where something else stands."""
    return value if isinstance(value, (list, tuple)) else ()


def text_of(value: object) -> str:
    """A text, or nothing where something else stands."""
    return value if isinstance(value, str) else ""
