"""A file that could not be read, named, in the words that everybody reads."""

from bot.text.file_problems import UnreadableReason
from bot.text.phrases import why_unread


class Unreadable(ValueError):
    """A file that gives no text; the sentence names it and says why, `why` in a word.

    `detail` is for logs: what the library said, which may hold words of the file.
    """

    def __init__(self, name: str, why: UnreadableReason, detail: str = "") -> None:
        super().__init__(f"{name}: {why_unread(why)}")
        self.name = name
        self.why: UnreadableReason = why
        self.detail = detail
