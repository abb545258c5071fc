"""What the desk says in a workspace: replies, notes, placeholders, where they stand."""

from typing import Literal

from bot.knowledge.citations import CitedArticle
from bot.text.file_problems import Problem
from bot.values import Frozen

PostKind = Literal["answer", "line", "card", "note", "relay"]
# What a ticket shows of itself on a customer's message; on an agent's, that it is on its way.
CardSign = Literal["eyes", "white_check_mark"]
MessageSign = CardSign | Literal["outbox_tray"]


class Placeholder(Frozen):
    """A message of ours that was begun in a customer's thread, and is not finished.

    `shown` is what it says so far; None when nobody knows, after a crash say.
    """

    ts: str
    shown: str | None = None


class FeedbackPrompt(Frozen):
    """Under an answer: did it help? `about` is the key of the message that it answers."""

    ticket: int
    about: str
    language: str | None = None


class Reply(Frozen):
    """Something to say in a customer's thread. `text` may come from a model.

    `markup` are the same words as Slack shows them, of a person who wrote them there: made safe.
    `speaker` is the person for whom the bot says it. Without a `thread_ts` it begins a thread; then
    `after` is a ts before which it cannot stand. `rates` is the number of a ticket whose customer
    is asked how it went. `over` is a message of ours that these words finish or take the place of;
    `remark` is a small line of the desk's under them.
    """

    key: str
    kind: PostKind
    channel: str
    thread_ts: str | None
    text: str
    markup: str | None = None
    sources: tuple[CitedArticle, ...] = ()
    sources_label: str = ""
    rates: int | None = None
    remark: str = ""
    asks: FeedbackPrompt | None = None
    over: Placeholder | None = None
    speaker: str = ""
    after: str = "0"


class ReplyPlace(Frozen):
    """A customer's thread, and for whom a message is written there piece by piece.

    `team` is that person's own workspace.
    """

    team: str
    channel: str
    thread_ts: str
    user: str


class Note(Frozen):
    """Something under a ticket's card: words of `author`, or without one the desk's own.

    A `loud` one also shows in the channel itself; `to` is who should be pinged. `edited` says that
    the author has put these words in the place of others. `files` are the names of what came with
    them, `place` (channel, ts, its thread) is where all of
    it stands.
    """

    key: str
    card_ts: str
    text: str
    author: str | None = None
    to: str | None = None
    loud: bool = False
    edited: bool = False
    files: tuple[str, ...] = ()
    place: tuple[str, str, str | None] | None = None


class Posted(Frozen):
    """A post that stands in the workspace, under the key that keeps it from being doubled.

    `picture` is a digest of what a card looks like.
    """

    key: str
    kind: PostKind
    channel: str
    ts: str
    text: str
    picture: str = ""


class FileCopy(Frozen):
    """A file that the bot has uploaded under an id of its own; without one `problem` says why."""

    id: str | None = None
    problem: Problem | None = None


class FilePlace(Frozen):
    """The thread where a file is to be shared; without a `channel`, one of the agents' channel."""

    channel: str | None
    thread_ts: str


class HelpOffer(Frozen):
    """A question for one person's eyes: shall the desk help with the message at `ts`?"""

    channel: str
    thread_ts: str | None
    ts: str
    user: str
    language: str | None = None
