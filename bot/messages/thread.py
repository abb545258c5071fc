"""What was said before in a thread, as plain text of a bounded length."""

from collections.abc import Sequence

from bot.llm.prompts import one_line
from bot.values import Frozen
from storage.tickets.tables import Message

LEFT_OUT = "[… {count} earlier messages left out]"
CUT = "[… the beginning of this message left out] "


class ThreadLine(Frozen):
    """What somebody said; `author` is customer, other, agent or bot."""

    author: str
    text: str

    @property
    def written(self) -> str:
        """One line each, so that no text can pass for somebody else's line."""
        return f"[{self.author}] {one_line(self.text)}"


class Thread(Frozen):
    """The lines of a thread before a message, oldest first.

    `asked` says that the last thing the bot had for this customer was a question of its own.
    """

    lines: tuple[ThreadLine, ...] = ()
    asked: bool = False

    def text(self, limit: int) -> str:
        """The latest lines that go into `limit` characters, and a word on what was left out.

        Only when not even the last line goes in is it cut, at its beginning, and says so.
        """
        kept: list[str] = []
        room = limit - len(LEFT_OUT) - len(str(len(self.lines)))
        for line in reversed(self.lines):
            if len(line.written) + 1 > room:
                break
            kept.insert(0, line.written)
            room -= len(line.written) + 1
        if not kept and self.lines:
            kept = [_shortened(self.lines[-1], limit)]
        left_out = len(self.lines) - len(kept)
        if left_out:
            kept.insert(0, LEFT_OUT.format(count=left_out))
        return "\n".join(kept)

    def said_by(self, *authors: str) -> Sequence[str]:
        """What these have said, oldest first."""
        return [line.text for line in self.lines if line.author in authors]


def thread_of(said: Sequence[Message], author: str) -> Thread:
    """The thread of the messages before one by `author`, as the store keeps them.

    What other people said there is not the customer's own word.
    """
    outcomes = [each.outcome for each in said if _own(each, author)]
    return Thread(
        lines=tuple(ThreadLine(author=_line_author(each, author), text=each.text) for each in said),
        asked=outcomes[-1:] == ["asked"],
    )


def _own(message: Message, author: str) -> bool:
    return message.author == "customer" and message.author_id == author


def _line_author(message: Message, author: str) -> str:
    return message.author if message.author != "customer" or _own(message, author) else "other"


def _shortened(line: ThreadLine, limit: int) -> str:
    head = f"[{line.author}] {CUT}"
    return head + line.written[-max(limit - len(head), 1) :]
