"""What a message says to whoever reads it in Slack: the author's words and all that they quote."""

import re
from datetime import datetime
from typing import Literal

from bot.messages.inbound import File
from bot.values import Frozen

LEFT_OUT = "[… the rest of this message was left out: it is too long]"
QuoteKind = Literal[
    "forward", "email", "form", "table", "snippet", "canvas", "list", "transcript", "thread"
]

_HEADINGS: dict[QuoteKind, str] = {
    "forward": "Forwarded",
    "email": "E-mail",
    "form": "Form",
    "table": "Table",
    "snippet": "Snippet",
    "canvas": "Canvas",
    "list": "List",
    "transcript": "Transcript of a recording",
    "thread": "In the thread",
}


_HEADING = re.compile(rf"^\[(?:{'|'.join(_HEADINGS.values())})\b[^\n]*\]$", re.MULTILINE)


def without_headings(text: str) -> str:
    """A message's text without the lines that we put over its quotes: what is searched with."""
    return _HEADING.sub("", text).strip()


class Quote(Frozen):
    """Something that stands in a message and is not its author's own words.

    `author` is who said it, as people call them; `title` what it is called; `url` where it stands;
    `place` the name of the channel where it was said, and `said_at` when (UTC).
    """

    kind: QuoteKind
    text: str
    author: str | None = None
    title: str | None = None
    url: str | None = None
    place: str | None = None
    said_at: datetime | None = None

    @property
    def heading(self) -> str:
        """What it is, by whom, where and when: `Forwarded from Tom in #sales, 2026-11-27 13:00`."""
        by = f" from {self.author}" if self.author else ""
        where = f" in #{self.place}" if self.place else ""
        when = f", {self.said_at:%Y-%m-%d %H:%M} UTC" if self.said_at else ""
        called = f": {self.title}" if self.title else ""
        return f"{_HEADINGS[self.kind]}{by}{where}{when}{called}"

    @property
    def shown(self) -> str:
        """The quote as lines of text, its heading first."""
        return f"[{self.heading}]\n{self.text}" if self.text else f"[{self.heading}]"


class Content(Frozen):
    """All that the reader of a message sees.

    `words` are the author's own. `cut` says that a part was left out because it was too long.
    """

    words: str = ""
    quotes: tuple[Quote, ...] = ()
    files: tuple[File, ...] = ()
    cut: bool = False

    @property
    def text(self) -> str:
        """The words and then the quotes, each under its heading; what was cut says so."""
        parts = [self.words, *(quote.shown for quote in self.quotes), LEFT_OUT if self.cut else ""]
        return "\n\n".join(part for part in parts if part)

    @property
    def asked(self) -> str:
        """The words and the quoted texts without headings: what a search is made of."""
        parts = [self.words, *(quote.text for quote in self.quotes)]
        return "\n".join(part for part in parts if part)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read and nothing to look at."""
        return not self.text and not self.files


class Quotes(Frozen):
    """What a message quotes by links, read when its story begins."""

    quotes: tuple[Quote, ...] = ()
