"""Markup that takes whole lines: comments, imports, admonitions, tabs, includes, contents."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

LineKind = Literal["code", "prose"]
CODE: LineKind = "code"
PROSE: LineKind = "prose"

LONGEST = 2_000  # characters of a line of markup

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}|~{3,})")
_IMPORT = re.compile(r"""import\s(?:.*\sfrom\s+)?["'][^"']+["'];?\s*$|import\s+[\w{*][^"';]*$""")
_EXPORT = re.compile(r"export\s+(?:default|const|let|var|function|async|class)\b")
# `:::note[Title]`, `::: tip Title`, `/// note | Title`, and their ends.
_CONTAINER = re.compile(
    r"\s*(?::{3,}|/{3,4})\s*([\w-]*)\s*(?:\{[^}]*\})?\s*(?:\[(.*)\]|\|?\s*(.*?))\s*$"
)
# `!!! note "Title"`, `??? tip`, `=== "Tab"`: what is indented below belongs to it.
_INDENTED = re.compile(
    r"""([ \t]*)(?:!!!|\?\?\?\+?|===[+!]?)(?:[ \t]+[\w -]+?)?(?:[ \t]+["'](.*)["'])?[ \t]*$"""
)
_ALERT = re.compile(r"([ \t]*>[ \t]*)\[![\w-]+\][-+]?[ \t]*(.*)$")
_INCLUDE = re.compile(
    r"\s*(?:;?\s*-{1,2}8<-{1,2}.*|\{!.*!\}|\[!INCLUDE.*|!INCLUDE\b.*|\[\[!\w+ .*\]\])\s*$",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"\s*(?:[-*]\s+)?(?:\[\[?_?TOC_?\]?\]|\[\^TOC\]|TOC|\{:\s*toc\b.*\})\s*$", re.I
)
_ATTRIBUTES = re.compile(r"\s*\{:[^{}]*\}\s*$|\s*\{\s*[.#][\w-][^{}]*\}\s*$")
_REFERENCE = re.compile(
    r""" {0,3}\[(?!\^)([^\]]+)\]:[ \t]*<?([^\s>]+)>?(?:[ \t]+["'(].*["')])?[ \t]*$"""
)


@dataclass(frozen=True)
class MarkedLine:
    """A line without its end, and whether it is code or prose."""

    kind: LineKind
    text: str


@dataclass
class MarkdownLines:
    """Lines that are left, and the addresses of link definitions by their name in lower case."""

    lines: list[MarkedLine] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)


def read_lines(text: str, left_out: Counter[str]) -> MarkdownLines:
    """Take out the lines that are markup; `left_out` counts them by kind."""
    read = MarkdownLines()
    read.lines = list(_Reading(text, left_out, read.references).lines())
    return read


class _Reading:
    def __init__(self, text: str, left_out: Counter[str], references: dict[str, str]) -> None:
        self._source = text.split("\n")
        self._left_out = left_out
        self._references = references
        self._fence = ""
        self._depth = 0  # of brackets in an export that is not over
        self._indents: list[int] = []

    def lines(self) -> Iterator[MarkedLine]:
        for written in _without_comments(self._source, self._left_out):
            if self._depth > 0:
                self._depth += _opened(written)
                continue
            line = self._dedented(written)
            if self._fence or _FENCE.match(line):
                yield MarkedLine(CODE, line)
                self._fence = _fence_after(line, self._fence)
                continue
            yield from (MarkedLine(PROSE, each) for each in self._prose(line))

    def _dedented(self, line: str) -> str:
        """A line of an admonition or a tab without what it is indented by."""
        indent = len(line) - len(line.lstrip(" \t"))
        if line.strip() and not self._fence:
            while self._indents and indent < self._indents[-1]:
                self._indents.pop()
        width = self._indents[-1] if self._indents else 0
        return line[min(width, indent) :]

    def _prose(self, line: str) -> Iterator[str]:
        if len(line) > LONGEST or line.isspace() or _is_plain(line.lstrip()):
            yield line
            return
        indented = _INDENTED.match(line)
        if indented and (line.lstrip()[:3] != "===" or indented[2] is not None):
            outer = self._indents[-1] if self._indents else 0
            self._indents.append(outer + len(indented[1].expandtabs(4)) + 4)
            yield from _titled(indented[2])
        elif line[:3] in {":::", "///"} or line.lstrip()[:3] in {":::", "///"}:
            container = _CONTAINER.match(line)
            yield from _titled((container[2] or container[3]) if container else "")
        elif alert := _ALERT.match(line):
            yield f"{alert[1]}{f'**{alert[2]}**' if alert[2] else ''}".rstrip()
        elif kind := self._passed_over(line):
            self._left_out[kind] += 1
            yield ""
        elif reference := _REFERENCE.match(line):
            self._references.setdefault(" ".join(reference[1].lower().split()), reference[2])
        elif not _ATTRIBUTES.match(line):
            yield line

    def _passed_over(self, line: str) -> str:
        if line.startswith("import ") and _IMPORT.match(line):
            self._depth = _opened(line)
            return "import"
        if line.startswith("export ") and _EXPORT.match(line):
            self._depth = _opened(line)
            return "import"
        begun = line.lstrip()  # a pattern that begins with spaces would try each of many
        if _INCLUDE.match(begun):
            return "include"
        return "table of contents" if _CONTENTS.match(begun) else ""


def _is_plain(line: str) -> bool:
    """Whether a line begins with a word, as most do: only a few words begin markup."""
    return line[:1].isalnum() and not line.startswith(("import ", "export ", "TOC", "toc"))


def _titled(title: str | None) -> Iterator[str]:
    """A title as a paragraph of its own; the word for a kind of admonition is none."""
    yield ""
    if title and title.strip():
        yield f"**{title.strip()}**"
        yield ""


def _without_comments(lines: list[str], left_out: Counter[str]) -> Iterator[str]:
    """Lines without HTML's comments, which may go over many; a fence is code and has none."""
    fence, inside = "", False
    last = max((place for place, line in enumerate(lines) if "-->" in line), default=-1)
    for number, written in enumerate(lines):
        line = written.partition("-->")[2] if inside else written
        inside = inside and "-->" not in written
        if not inside and not fence and "<!--" in line and not _FENCE.match(line):
            line, inside = _uncommented(line, left_out, ends=number < last)
        if line.strip() or not (written.strip() or inside):
            fence = _fence_after(line, fence)
            yield line


def _uncommented(line: str, left_out: Counter[str], *, ends: bool) -> tuple[str, bool]:
    """A line without its comments, and whether one goes on below; one without an end is text."""
    kept, place, ticks, counted = [], 0, 0, 0
    while (start := line.find("<!--", place)) >= 0:
        ticks, counted = ticks + line.count("`", counted, start), start
        if ticks % 2:
            break  # it stands in code
        end = line.find("-->", start)
        if end < 0 and not ends:
            break
        left_out["comment"] += 1
        kept.append(line[place:start])
        if end < 0:
            return "".join(kept), True
        place = end + 3
    return "".join((*kept, line[place:])), False


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after a line; empty when none is."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        # Backticks after backticks are code within a line.
        return "" if found[1][0] == "`" and "`" in line[found.end() :] else found[1]
    closes = found[1].startswith(fence) and not line[found.end() :].strip()
    return "" if closes else fence


def _opened(line: str) -> int:
    """How many more brackets a line opens than it closes."""
    return sum(line.count(mark) for mark in "{[(") - sum(line.count(mark) for mark in ")]}")
