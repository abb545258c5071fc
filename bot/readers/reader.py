"""What a reader of a kind of file is, and what it makes of a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

UnreadableReason = Literal["kind", "damaged", "locked", "empty"]


class Unreadable(ValueError):
    """A file that gives no text; the sentence names it and says why, `why` in a word."""

    def __init__(self, sentence: str, why: UnreadableReason = "damaged") -> None:
        super().__init__(sentence)
        self.why: UnreadableReason = why


@dataclass(frozen=True)
class Document:
    """The text of a file as Markdown, and what the file says of itself (title, language …)."""

    text: str
    front: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """How files of one kind become text.

    A file is of this kind when `signature` knows its bytes, whatever it is called, or else when its
    name ends in one of `suffixes` or its media type is one of `media_types` (`text/*` is the rest
    of them). A kind that cannot be told from its bytes has no signature.

    `read` takes a name for its sentences and the bytes. It blocks: a large PDF takes seconds. It
    raises Unreadable.
    """

    kind: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Callable[[str, bytes], Document]
    signature: Callable[[bytes], bool] | None = None


def told_front(said: Mapping[str, Any]) -> Mapping[str, str]:
    """What a file says of itself at all. A language may come with its country: vi-VN."""
    front = {key: str(value).strip() for key, value in said.items() if value}
    if language := front.get("language"):
        front["language"] = language.replace("_", "-").split("-")[0].lower()
    return {key: value for key, value in front.items() if value}
