"""What becomes of a file: a document, or the reason why it cannot be read.

This is all that a child process knows of the rest; `bot.readers.unreadable` has the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.text.file_problems import UnreadableReason

REMARKS = "comment"
"""What a page says in its comments, one a line, among what it says of itself."""


class CannotRead(Exception):
    """Bytes that give no text; `why` says so in a word, `detail` what the library said, for logs.

    What a library says may hold words of the file, so it is shown to nobody else.
    """

    def __init__(self, why: UnreadableReason, detail: object = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why: UnreadableReason = why
        self.detail = str(detail)[:200]


@dataclass(frozen=True)
class Document:
    """The text of a file as Markdown, and what the file says of itself (title, language …).

    `left_out` counts by kind what a person sees in the file and the text does not have: pictures,
    pages without text, comments, …
    """

    text: str
    front: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)


def told_front(said: Mapping[str, Any]) -> Mapping[str, str]:
    """What a file says of itself at all. A language may come with its country: vi-VN."""
    front = {key: str(value).strip() for key, value in said.items() if value}
    if language := front.get("language"):
        front["language"] = language.replace("_", "-").split("-")[0].lower()
    return {key: value for key, value in front.items() if value}
