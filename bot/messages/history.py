"""What was said in a thread before the desk was called into it."""

from collections.abc import Sequence
from typing import Literal

from bot.messages.content import Content, Quote
from bot.messages.inbound import File, IncomingMessage, moment_of
from bot.text.sentences import has_question_mark
from bot.values import Frozen

# Characters of what is quoted from the thread as the request.
MOST_QUOTED = 6_000


class EarlierMessage(Frozen):
    """A message of the thread; `name` is what its author is called."""

    ts: str
    user: str
    author: Literal["customer", "agent", "bot"]
    name: str = ""
    text: str = ""
    files: tuple[File, ...] = ()


class ThreadHistory(Frozen):
    """The messages of a thread but the one that calls, oldest first.

    `cut` says that some were left out: it was too long.
    """

    messages: tuple[EarlierMessage, ...] = ()
    cut: bool = False


NO_HISTORY = ThreadHistory()


def with_request(
    inbound: IncomingMessage, history: ThreadHistory, *, points: bool
) -> IncomingMessage:
    """The call with what it is about: the words of the thread that ask, quoted under its own.

    `points` says that the call asks nothing itself («@desk, can you answer this?»): then whoever
    asked above is the requester. A message that was made a ticket takes along what its author said
    after it.
    """
    if inbound.pulled == "adopted":
        said = [each for each in history.messages if _adds(each, inbound)]
        return _quoting(inbound, said, None)
    if not points:
        return inbound
    open_words = _since_our_last(history.messages)
    asker = _asker(open_words, inbound.user)
    return _quoting(inbound, [each for each in open_words if each.user == asker], asker)


def _adds(earlier: EarlierMessage, inbound: IncomingMessage) -> bool:
    return earlier.user == inbound.user and earlier.ts > inbound.ts


def _since_our_last(said: Sequence[EarlierMessage]) -> Sequence[EarlierMessage]:
    """What is not answered yet."""
    ours = [number for number, each in enumerate(said) if each.author == "bot"]
    return said[ours[-1] + 1 :] if ours else said


def _asker(said: Sequence[EarlierMessage], caller: str) -> str | None:
    """Who asks: the caller, if it was them; else the last who asked, else who spoke first."""
    people = [each for each in said if each.author == "customer"] or list(said)
    asking = [each.user for each in people if has_question_mark(each.text)]
    first = [each.user for each in people[:1]]
    return next(iter([caller] if caller in (*asking, *first) else (*asking[-1:], *first)), None)


def _quoting(
    inbound: IncomingMessage, said: Sequence[EarlierMessage], asker: str | None
) -> IncomingMessage:
    quotes, room = [], MOST_QUOTED
    for each in said:
        quotes.append(
            Quote(
                kind="thread",
                text=each.text[:room],
                author=each.name or None,
                said_at=moment_of(each.ts),
            )
        )
        room -= len(each.text)
        if room <= 0:
            break
    content = Content(words=inbound.text, quotes=tuple(quotes), cut=room < 0)
    files = {file.id: file for each in said for file in each.files}
    return inbound.model_copy(
        update={
            "text": content.text,
            "files": (*inbound.files, *files.values()),
            "requester": inbound.requester or (asker if asker != inbound.user else None),
        }
    )
