"""Markdown of any tool as Markdown that says what a reader of the built page sees."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from bot.knowledge.markup.markup_lines import CODE, MarkedLine, read_lines
from bot.knowledge.markup.navigation import without_navigation
from bot.knowledge.markup.scanner import MarkupScanner


@dataclass(frozen=True)
class PlainMarkdown:
    """The text, and by kind how much of its markup was passed over."""

    text: str
    left_out: Mapping[str, int]


def plain_markdown(text: str, *, mdx: bool = False) -> PlainMarkdown:
    """A body without its tools' markup; code stays as it is. In MDX braces are expressions too."""
    left_out: Counter[str] = Counter()
    read = read_lines(text, left_out)
    scanner = MarkupScanner(left_out, read.references, mdx=mdx)
    pieces = _pieces(read.lines, scanner)
    lines = without_navigation("".join(pieces).split("\n"), left_out)
    return PlainMarkdown("\n".join(lines), dict(left_out))


def _pieces(lines: Iterable[MarkedLine], scanner: MarkupScanner) -> Iterator[str]:
    for kind, run in groupby(lines, key=lambda line: line.kind):
        joined = "".join(f"{line.text}\n" for line in run)
        yield joined if kind == CODE else scanner.plain(joined)
