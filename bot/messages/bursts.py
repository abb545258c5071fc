"""Several messages in a row by one author may be one request: which message belongs to which.

People write «Hi», then the question, then the order number, each a message of its own. Nothing
waits for more to come: the first is answered as ever. What comes in within the time is taken for
more of it, until triage of the later message says that it is another matter: then it is a ticket of
its own. Otherwise what comes before the answer joins it, and what comes shortly afterwards is a
follow-up of the same ticket, in the first one's thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.messages.inbound import File, IncomingMessage, moment_of
from bot.text.telling_words import FEWEST_WORDS_TO_COMPARE, telling_words
from bot.values import Frozen
from storage.tickets.bursts import BurstMessages as Stored
from storage.tickets.tables import Message, Ticket

# How many authors' latest words are remembered; the longest silent are forgotten first.
AUTHORS = 10_000


class Piece(Frozen):
    """One message of a burst."""

    key: str
    text: str


class Request(Frozen):
    """What a message says together with the others of its burst that wait for an answer.

    `parts` are the keys of the others, `files` those of all, `pieces` the messages one by one.
    """

    text: str
    parts: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    pieces: tuple[Piece, ...] = ()

    def same_as(self, other: "Request") -> bool:
        """Whether it holds the same messages with the same words."""
        return (self.text, self.parts) == (other.text, other.parts)


def request_of(stored: Stored) -> Request:
    """The same out of the store."""
    files = tuple(File.model_validate(each) for each in stored.files)
    pieces = tuple(Piece(key=each.key, text=each.text) for each in stored.pieces)
    return Request(text=stored.text, parts=stored.parts, files=files, pieces=pieces)


def joined_pieces(pieces: Sequence[Piece]) -> str:
    """What several messages say together, oldest first."""
    inorder = sorted(pieces, key=lambda piece: piece.key)
    return "\n".join(piece.text for piece in inorder if piece.text)


def leans_on(earlier: str, later: str) -> bool:
    """Whether a message is about the earlier one, because one of the two says nothing by itself.

    A greeting, an order number, «please hurry», a bare picture: no model need be asked.
    """
    fewest = FEWEST_WORDS_TO_COMPARE
    return any(len(telling_words(each)) < fewest for each in (earlier, later))


@dataclass(frozen=True)
class Burst:
    """An author's words in one place, from the first to the last, the desk's answer included.

    `root` is the `ts` of the message whose thread the ticket lives in; `addressed` says that it was
    for the desk beyond doubt.
    """

    root: str
    first: datetime
    last: datetime
    addressed: bool = True


def belongs_to_burst(burst: Burst, sent: datetime, seconds: float) -> bool:
    """Whether a message of the same author in the same place is more of the same.

    Events may come out of order, so one from shortly before the first word belongs as well.
    """
    near = timedelta(seconds=seconds)
    return seconds > 0 and burst.first - near <= sent <= burst.last + near


def extended_burst(burst: Burst, at: datetime) -> Burst:
    """The strand with another word at a moment."""
    return replace(burst, first=min(burst.first, at), last=max(burst.last, at))


class BurstTracker:
    """Remembers the latest words of each author in each place. Top-level messages only."""

    def __init__(self, seconds: float, authors: int = AUTHORS) -> None:
        self._authors = authors
        self._seconds = seconds
        self._bursts: dict[tuple[str, str, str], Burst] = {}

    def join_burst(self, inbound: IncomingMessage) -> str | None:
        """Take note of a message; answers the `ts` of the earlier one that it is more of.

        The same message again gives the same answer, and so does a message that starts a strand:
        None. What an app posts for somebody is always a request of its own, and so is what calls
        the desk by name after words that may have been for others.
        """
        if inbound.thread_ts is not None or inbound.machine or self._seconds <= 0:
            return None
        place, at = burst_place(inbound), inbound.sent_at
        burst = self._bursts.pop(place, None)
        if burst is not None and inbound.addressed and not burst.addressed:
            burst = None if burst.root != inbound.ts else burst
        if burst is None or not belongs_to_burst(burst, at, self._seconds):
            # One that comes late must not hide the words of now.
            if burst is None or at > burst.last:
                burst = Burst(inbound.ts, at, at, inbound.addressed)
            self._remember(place, burst)
            return None
        self._remember(place, extended_burst(burst, at))
        return burst.root if burst.root != inbound.ts else None

    def burst_before(self, inbound: IncomingMessage) -> str | None:
        """The `ts` of the earlier message that this one comes within the time of, if any.

        It takes no note of this one.
        """
        if inbound.thread_ts is not None or inbound.machine:
            return None
        burst = self._bursts.get(burst_place(inbound))
        near = burst is not None and belongs_to_burst(burst, inbound.sent_at, self._seconds)
        return burst.root if burst is not None and near and burst.root != inbound.ts else None

    def answered(self, inbound: IncomingMessage, ts: str) -> None:
        """The desk spoke in the thread: from there the time counts anew."""
        place = burst_place(inbound)
        burst = self._bursts.get(place)
        if burst is not None and burst.root == inbound.root:
            self._bursts[place] = extended_burst(burst, moment_of(ts))

    def withdrawn(self, inbound: IncomingMessage) -> None:
        """The message was deleted: nothing is added to a thread that is gone."""
        place = burst_place(inbound)
        burst = self._bursts.get(place)
        if burst is not None and burst.root == inbound.root:
            del self._bursts[place]

    def parted(self, inbound: IncomingMessage, ts: str) -> None:
        """The message at `ts` was another matter: what is said next may be more of that one."""
        place, at = burst_place(inbound), moment_of(ts)
        burst = self._bursts.get(place)
        if burst is not None and burst.root == inbound.root:
            self._bursts[place] = replace(burst, root=ts, first=at, last=max(at, burst.last))

    def burst_of(self, inbound: IncomingMessage) -> Burst | None:
        """What the author of a message said last in its place."""
        return self._bursts.get(burst_place(inbound))

    def hold(self, inbound: IncomingMessage, burst: Burst) -> None:
        """Take over what the author of a message said last in its place."""
        self._remember(burst_place(inbound), burst)

    def recall(self, said: Iterable[tuple[Ticket, Message]]) -> None:
        """Learn what was said shortly before a start, oldest first."""
        for ticket, message in said:
            inbound = IncomingMessage(
                team=ticket.team_id,
                channel=ticket.channel_id,
                ts=ticket.thread_ts if message.author == "bot" else message.ts,
                user=ticket.requester_id,
            )
            if message.author == "bot":
                self.answered(inbound, message.ts)
            elif message.part_of:
                self.join_burst(inbound)
            elif message.ts == ticket.thread_ts:
                self._bursts.pop(burst_place(inbound), None)
                self.join_burst(inbound)

    def _remember(self, place: tuple[str, str, str], burst: Burst) -> None:
        self._bursts[place] = burst
        if len(self._bursts) > self._authors:
            del self._bursts[next(iter(self._bursts))]


def burst_place(inbound: IncomingMessage) -> tuple[str, str, str]:
    """Where an author speaks: team, channel, author."""
    return inbound.team, inbound.channel, inbound.user
