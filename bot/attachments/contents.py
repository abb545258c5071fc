"""What came with a message, as far as it could be read: values, and how a model is shown them."""

from collections.abc import Sequence
from html import escape
from typing import Any, Literal

from bot.llm.calls import Call
from bot.llm.tokens import estimate_tokens, paragraphs
from bot.messages.inbound import File
from bot.text.file_problems import Problem
from bot.values import Frozen
from storage.knowledge.values import Passage

ContentBlock = dict[str, Any]

# Estimated tokens of a part of a document.
PART = 8_000
MESSAGE = ""  # the id of the file that is a very long message itself
# How the sources of passages from files begin; no article is called so.
FILE = "file:"
# Characters of a document that triage is shown: it needs the gist.
GIST = 3_000
# Tokens of a picture, at most: a model sees it scaled down (platform.claude.com: vision).
IMAGE = 1_600


class Inspection(Frozen):
    """What a file turned out to be. A document has `parts` of at most `limit` estimated tokens.

    `left_out` is how many things a person sees in it that are no text.
    """

    file: File
    kind: Literal["picture", "document", "nothing"] = "nothing"
    parts: int = 0
    limit: int = PART
    left_out: int = 0
    problem: Problem | None = None


class Inspections(Frozen):
    """Every file of a message, looked at."""

    files: tuple[Inspection, ...]


class DocumentContents(Frozen):
    """What a document says: its words, or notes on its `parts`."""

    file: File
    text: str
    parts: int = 1

    @property
    def title(self) -> str:
        return self.file.name or "the long message"

    @property
    def source(self) -> str:
        return f"{FILE}{self.file.id or 'message'}"

    @property
    def passage(self) -> Passage:
        """The document as an answer may cite it."""
        return Passage(
            source=self.source,
            title=self.title,
            url="",
            audience="public",
            language="",
            heading=(),
            paragraphs=tuple(paragraphs(self.text)),
        )


class UnreadFile(Frozen):
    """A file that could not be read, and why; `count` when it stands for several.

    Without an `id` it is the message itself; without a name it is one that Slack tells none of.
    """

    name: str
    problem: Problem
    count: int = 1
    id: str = MESSAGE


class AttachmentContents(Frozen):
    """All that came with a message. `seen` are the ids of the files that were looked at.

    `described` are those of which the message told no more than an id, as Slack told of them when
    it was asked.
    """

    pictures: tuple[File, ...] = ()
    papers: tuple[DocumentContents, ...] = ()
    unread: tuple[UnreadFile, ...] = ()
    seen: tuple[str, ...] = ()
    described: tuple[File, ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether there is anything a model can look at."""
        return bool(self.pictures or self.papers)

    @property
    def tokens(self) -> int:
        """What a question gets longer by, at most; estimated."""
        return IMAGE * len(self.pictures) + sum(
            estimate_tokens(document.text) for document in self.papers
        )

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What an answer may rest on besides the articles."""
        return tuple(document.passage for document in self.papers)

    def plus(self, more: "AttachmentContents") -> "AttachmentContents":
        """This and what came later; a long message that was edited counts as it reads now."""
        newer = {document.source for document in more.papers}
        kept = tuple(document for document in self.papers if document.source not in newer)
        return AttachmentContents(
            pictures=self.pictures + more.pictures,
            papers=kept + more.papers,
            unread=self.unread + more.unread,
            seen=self.seen + more.seen,
            described=self.described + more.described,
            calls=self.calls + more.calls,
        )


NOTHING = AttachmentContents()


def file_list(attached: AttachmentContents) -> str:
    """The files as triage is shown them, fenced as data; empty when there are none.

    Their names and words are text from people: every character that could end an element is
    escaped.
    """
    if not attached.readable:
        return ""
    papers = [
        _element(document.title, "document", document.text[:GIST]) for document in attached.papers
    ]
    pictures = [_element(file.name, "picture", "") for file in attached.pictures]
    return "\n".join(["<files>", *papers, *pictures, "</files>"])


def content_with_images(pictures: Sequence[ContentBlock], text: str) -> str | list[ContentBlock]:
    """The content of a question: pictures stand before the words about them."""
    return [*pictures, {"type": "text", "text": text}] if pictures else text


def _element(title: str, kind: str, text: str) -> str:
    words = f"\n{escape(text, quote=False)}\n" if text else ""
    return f'<file title="{escape(title)}" kind="{kind}">{words}</file>'
