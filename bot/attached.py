"""What came with a message, as far as it could be read: values, and how a model is shown them."""

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.claude import Call
from bot.fetching import Problem
from bot.inbound import File, Frozen
from bot.reading import paragraphs
from bot.splitting import tokens
from storage.documents import Passage

Block = dict[str, Any]

MESSAGE = ""  # the id of the file that is a very long message itself
# How the sources of passages from files begin; no article is called so.
FILE = "file:"
# Characters of a document that triage is shown: it needs the gist.
GIST = 3_000
# Tokens of a picture, at most: a model sees it scaled down (platform.claude.com: vision).
PICTURE = 1_600


class Paper(Frozen):
    """What a document says: its words, or notes on its `parts`."""

    file: File
    text: str
    parts: int = 1

    @property
    def title(self) -> str:
        return self.file.name or "the long message"

    @property
    def passage(self) -> Passage:
        """The document as an answer may cite it."""
        return Passage(
            source=f"{FILE}{self.file.id or 'message'}",
            title=self.title,
            url="",
            audience="public",
            language="",
            heading=(),
            paragraphs=tuple(paragraphs(self.text)),
        )


class Unread(Frozen):
    """A file that could not be read, and why; `count` when it stands for several."""

    name: str
    problem: Problem
    count: int = 1


class Attached(Frozen):
    """All that came with a message. `seen` are the ids of the files that were looked at."""

    pictures: tuple[File, ...] = ()
    papers: tuple[Paper, ...] = ()
    unread: tuple[Unread, ...] = ()
    seen: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether there is anything a model can look at."""
        return bool(self.pictures or self.papers)

    @property
    def tokens(self) -> int:
        """What a question gets longer by, at most; estimated."""
        return PICTURE * len(self.pictures) + sum(tokens(paper.text) for paper in self.papers)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What an answer may rest on besides the articles."""
        return tuple(paper.passage for paper in self.papers)

    def plus(self, more: "Attached") -> "Attached":
        """This and what came later."""
        return Attached(
            pictures=self.pictures + more.pictures,
            papers=self.papers + more.papers,
            unread=self.unread + more.unread,
            seen=self.seen + more.seen,
            calls=self.calls + more.calls,
        )


NOTHING = Attached()


def listed(attached: Attached) -> str:
    """The files as triage is shown them, fenced as data; empty when there are none.

    Their names and words are text from people: every character that could end an element is
    escaped.
    """
    if not attached.readable:
        return ""
    papers = [_element(paper.title, "document", paper.text[:GIST]) for paper in attached.papers]
    pictures = [_element(file.name, "picture", "") for file in attached.pictures]
    return "\n".join(["<files>", *papers, *pictures, "</files>"])


def illustrated(pictures: Sequence[Block], text: str) -> str | list[Block]:
    """The content of a question: pictures stand before the words about them."""
    return [*pictures, {"type": "text", "text": text}] if pictures else text


def _element(title: str, kind: str, text: str) -> str:
    words = f"\n{escape(text, quote=False)}\n" if text else ""
    return f'<file title="{escape(title)}" kind="{kind}">{words}</file>'
