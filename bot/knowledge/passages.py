"""Articles as their files say them, cut into passages a reply can quote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from bot.knowledge.description import (
    Description,
    describe,
    over,
    settle_audience,
    settle_language,
)
from bot.knowledge.front_matter import split_front_matter
from bot.knowledge.markup.plain_markdown import PlainMarkdown, plain_markdown
from storage.knowledge.values import Article, Passage

MARKDOWN_KINDS = frozenset((".md", ".markdown", ".mdx", ".ipynb"))
MOST_CHARS = 1200  # of a passage: a few paragraphs, so that five of them stay a cheap prompt
MOST_BLOCKS = 100  # of a passage: headings alone, such as a list of words, would never end one
# Part of every content hash: raise it when files are read, described or cut differently.
CUT_VERSION = "7"

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\n?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’)]*\s+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_END = re.compile(r"\n")
_SPACE = re.compile(r"\s+")
_UNDERLINE = re.compile(r" {0,3}(={2,}|-{3,})[ \t]*\n?")
# A line that no rule below it makes a heading: a list, a quote, a table, a fence, code.
_NO_TITLE = re.compile(r"\s*(?:[-*+>|<]\s|\d+[.)]\s|[>|]|`{3}|~{3}|-{3}|={3})|\s{4}|\t|\s*$")
# What a heading carries beside its words: `{#anchor}`, `{: #anchor }`, `{/* #anchor */}`, `<a …>`.
_ANCHOR = re.compile(r"\s*(?:\{(?:[:#.]|/\*)[^{}\n]*\}|<a\b[^<>\n]*>(?:</a>)?|</a>)\s*")


class ArticleError(ValueError):
    """A file that cannot be an article; the sentence names the file and what it needs."""


class LeftOut(Exception):
    """A file that says it is not on the shelf today; the sentence is the reason, in a word."""


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


def read_article(
    source: str,
    raw: str,
    said: Description | None = None,
    notes: Description | None = None,
    today: date | None = None,
) -> Article:
    """The article in a file's text; `source` is its name within the desk.

    `notes` is what somebody says of the file elsewhere and counts more than what the text says of
    itself; `said` is what its properties or its folder say, and counts less. `today` is in UTC.

    Raises:
        LeftOut: it says that it is not for readers today.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    front = split_front_matter(text)
    own = describe(front, today or datetime.now(UTC).date())
    about = over(notes or Description(), over(own, said or Description()))
    if about.left_out:
        raise LeftOut(about.left_out)
    body = _plain(source, front.body)
    cut = list(split_sections(body.text))
    title = about.title or _first_heading(cut) or Path(source).stem
    audience, doubts = settle_audience(about, own, front.body)
    spoken, strange = settle_language(about.language, body.text)
    passages = tuple(
        Passage(source, title, about.url, audience, spoken, _below(title, part), part.paragraphs)
        for part in cut
        if part.paragraphs
    )
    return Article(
        source=source,
        title=title,
        url=about.url,
        audience=audience,
        language=spoken,
        reviewed_on=about.reviewed_on,
        content_hash=sha256(f"{CUT_VERSION}\n{text}".encode()).hexdigest(),
        passages=passages,
        updated_on=about.updated_on,
        expires_on=about.expires_on,
        doubts=(*doubts, *strange),
        left_out=body.left_out,
    )


def _plain(source: str, body: str) -> PlainMarkdown:
    suffix = PurePosixPath(source).suffix.lower()
    if suffix not in MARKDOWN_KINDS:
        return PlainMarkdown(body, {})
    return plain_markdown(body, mdx=suffix == ".mdx")


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
    if len(gathered) >= MOST_BLOCKS:
        return True
    size = sum(len(other.text) for other in gathered if not other.level)
    return bool(size) and (bool(block.level) or size + len(block.text) > MOST_CHARS)


def _section(path: list[tuple[int, str]], gathered: list[MarkdownBlock]) -> MarkdownSection:
    return MarkdownSection(tuple(title for _, title in path if title), tuple(gathered))


def _begins(line: str, lines: list[str]) -> bool:
    after_break = not lines[-1].strip() or _heading(lines) is not None
    return bool(line.strip()) and (after_break or _HEADING.fullmatch(line) is not None)


def _heading(lines: list[str]) -> tuple[int, str] | None:
    """The level and the words of a heading that these lines are, underlined or after `#`."""
    if marked := _HEADING.fullmatch(lines[0]):
        return len(marked[1]), _without_anchor(marked[2] or "")
    if len(lines) < 2 or _NO_TITLE.match(lines[0]):
        return None
    underlined = _UNDERLINE.fullmatch(lines[1])
    return (1 if underlined[1][0] == "=" else 2, _without_anchor(lines[0])) if underlined else None


def _without_anchor(title: str) -> str:
    return _ANCHOR.sub(" ", title).strip()


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
    level, title = _heading(lines) or (0, "")
    return MarkdownBlock("".join(lines), level, title)


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
