"""Articles as their files say them, cut into passages a reply can quote.

A file may begin with front matter, lines of `key: value` between two `---`: title, url, audience
(public or agents), language, reviewed-on (a date). None is required.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import cast

from bot.text.language import language_of
from storage.knowledge.values import Article, Audience, Passage

MOST_CHARS = 1200  # of a passage: a few paragraphs, so that five of them stay a cheap prompt
CUT_VERSION = "2"  # part of every content hash; raise it when passages are cut differently

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\n?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’)]*\s+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_END = re.compile(r"\n")
_SPACE = re.compile(r"\s+")
_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(.*)")


class ArticleError(ValueError):
    """A file that cannot be an article; the sentence names the file, the key and what it needs."""


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """An exact slice of a body: a heading line, a paragraph or a code fence, with its blank lines.

    `level` is 1 to 6 for a heading and 0 otherwise; `title` is the heading's own text.
    """

    text: str
    level: int = 0
    title: str = ""

    def said(self, heading: tuple[str, ...]) -> str:
        """The block as a citable paragraph, empty for a heading that stands in the path."""
        if self.level:
            return "" if self.title in heading else self.title
        return self.text.strip("\n").rstrip()


@dataclass(frozen=True, slots=True)
class MarkdownSection:
    """The blocks of one passage and the headings they stand under."""

    heading: tuple[str, ...]
    blocks: tuple[MarkdownBlock, ...]

    @property
    def text(self) -> str:
        """The exact slice of the body; the sections of a body join to the body."""
        return "".join(block.text for block in self.blocks)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What a reply may cite: the paragraphs, and any heading that has nothing under it."""
        said = [text for block in self.blocks if (text := block.said(self.heading))]
        return tuple(filter(None, said or [block.title for block in self.blocks]))


def read_article(source: str, raw: str, said: Mapping[str, str] | None = None) -> Article:
    """The article in a file's text; `source` is its name within the desk.

    `said` is front matter from elsewhere, such as a document's properties; the text's own counts
    more.

    Raises:
        ArticleError: the audience or the review date is not one.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    own, body = front_matter(text)
    front = {**(said or {}), **own}
    cut = list(split_sections(body))
    title = front.get("title") or _first_heading(cut) or Path(source).stem
    audience = _audience(source, front.get("audience", "public"))
    spoken = front.get("language") or language_of(body[:MOST_CHARS]) or "en"
    url = front.get("url", "")
    passages = tuple(
        Passage(source, title, url, audience, spoken, _below(title, part), part.paragraphs)
        for part in cut
        if part.paragraphs
    )
    reviewed_on = _date(source, front.get("reviewed-on") or front.get("reviewed", ""))
    content_hash = sha256(f"{CUT_VERSION}\n{text}".encode()).hexdigest()
    return Article(source, title, url, audience, spoken, reviewed_on, content_hash, passages)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The keys and the rest. A file that merely begins with a rule has no front matter."""
    found = _FRONT.match(text)
    lines = [line for line in found[1].split("\n") if line.strip()] if found else []
    pairs = [_KEY.fullmatch(line) for line in lines]
    if found is None or None in pairs:
        return {}, text
    values = {pair[1].lower(): pair[2].strip().strip("\"'") for pair in pairs if pair}
    return {key: value for key, value in values.items() if value}, text[found.end() :]


def split_sections(body: str) -> Iterator[MarkdownSection]:
    """A body cut at headings, then between paragraphs at `MOST_CHARS`; joined, it is the body."""
    path: list[tuple[int, str]] = []
    gathered: list[MarkdownBlock] = []
    for block in (piece for whole in split_blocks(body) for piece in _bounded(whole)):
        if _full(gathered, block):
            yield _section(path, gathered)
            gathered = []
        if block.level:
            path = [
                *(above for above in path if above[0] < block.level),
                (block.level, block.title),
            ]
        gathered.append(block)
    if gathered:
        yield _section(path, gathered)


def split_blocks(body: str) -> Iterator[MarkdownBlock]:
    """Headings, paragraphs and code fences, each with the blank lines that follow it."""
    lines: list[str] = []
    fence = ""
    for line in _LINE.findall(body):
        if lines and not fence and _begins(line, lines):
            yield _block(lines)
            lines = []
        lines.append(line)
        fence = _fence_after(line, fence)
    if lines:
        yield _block(lines)


def _full(gathered: list[MarkdownBlock], block: MarkdownBlock) -> bool:
    """Whether a passage must end before this block. A heading stays with what it is about."""
    size = sum(len(other.text) for other in gathered if not other.level)
    return bool(size) and (bool(block.level) or size + len(block.text) > MOST_CHARS)


def _section(path: list[tuple[int, str]], gathered: list[MarkdownBlock]) -> MarkdownSection:
    return MarkdownSection(tuple(title for _, title in path if title), tuple(gathered))


def _begins(line: str, lines: list[str]) -> bool:
    above = lines[-1]
    after_break = not above.strip() or _HEADING.fullmatch(lines[0]) is not None
    return bool(line.strip()) and (after_break or _HEADING.fullmatch(line) is not None)


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after this line; empty when none is."""
    mark = _FENCE.match(line)
    if mark is None:
        return fence
    if not fence:
        return mark[1]
    closes = mark[1].startswith(fence) and line.strip() == mark[1]
    return "" if closes else fence


def _block(lines: list[str]) -> MarkdownBlock:
    heading = _HEADING.fullmatch(lines[0])
    if heading is None:
        return MarkdownBlock("".join(lines))
    return MarkdownBlock("".join(lines), len(heading[1]), (heading[2] or "").strip())


def _bounded(block: MarkdownBlock) -> Iterator[MarkdownBlock]:
    """A block as pieces of at most `MOST_CHARS`, cut after a sentence, else a line, else a word."""
    if block.level:
        yield block
        return
    text = block.text
    while len(text) > MOST_CHARS:
        cut = _cut(text[:MOST_CHARS])
        yield MarkdownBlock(text[:cut])
        text = text[cut:]
    yield MarkdownBlock(text)


def _cut(text: str) -> int:
    for end in (_SENTENCE_END, _LINE_END, _SPACE):
        places = [match.end() for match in end.finditer(text) if match.end() > len(text) // 2]
        if places:
            return places[-1]
    return len(text)


def _first_heading(cut: list[MarkdownSection]) -> str:
    return next((part.heading[0] for part in cut if part.heading), "")


def _below(title: str, part: MarkdownSection) -> tuple[str, ...]:
    return part.heading[1:] if part.heading[:1] == (title,) else part.heading


def _audience(source: str, value: str) -> Audience:
    if value not in {"public", "agents"}:
        # Taking it for public could show customers what was meant for agents.
        raise ArticleError(f"{source}: audience: expected public or agents, found {value!r}")
    return cast("Audience", value)


def _date(source: str, value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ArticleError(
            f"{source}: reviewed-on: expected a date like 2026-10-01, found {value!r}"
        ) from None
