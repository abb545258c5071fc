"""An edit or a deletion of a message, and whether an edit can change what its author wants."""

from collections.abc import Collection

from bot.messages.content import Content
from bot.values import Frozen
from storage.text.folding import words


class RevisedMessage(Frozen):
    """An edit of a message, with all that its reader sees now, or its deletion (None).

    `key` is the message's, `edited_ts` when it was done. `calls` says that the edit put a mention
    of the bot into it. As it reads now, `addressed` says that it is for the desk beyond doubt, and
    `left_alone` why it is none of its business by a rule.
    """

    key: str
    edited_ts: str
    content: Content | None
    calls: bool = False
    addressed: bool = True
    left_alone: str | None = None


def changes_matter(
    before: str, now: str, files_before: Collection[str], files_now: Collection[str]
) -> bool:
    """Whether an edit may have changed what is asked: other words or figures, or another file.

    `files_before` and `files_now` are ids. Case, punctuation and emphasis ask nothing new.
    """
    return words(before) != words(now) or bool(set(files_now) - set(files_before))
