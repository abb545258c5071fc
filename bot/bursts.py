"""Several messages in a row by one author are one request: which message belongs to which.

People write «Hi», then the question, then the order number, each a message of its own. Nothing
waits for more to come: the first is answered as ever. What comes in before that answer joins it,
and what comes shortly afterwards is a follow-up of the same ticket, in the first one's thread.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.inbound import Inbound, moment

# How many authors' latest words are remembered; the longest silent are forgotten first.
AUTHORS = 10_000


@dataclass(frozen=True)
class Strand:
    """An author's words in one place, from the first to the last, the desk's answer included.

    `root` is the `ts` of the message whose thread the ticket lives in.
    """

    root: str
    first: datetime
    last: datetime


def belongs(strand: Strand, sent: datetime, seconds: float) -> bool:
    """Whether a message of the same author in the same place is more of the same.

    Events may come out of order, so one from shortly before the first word belongs as well.
    """
    near = timedelta(seconds=seconds)
    return seconds > 0 and strand.first - near <= sent <= strand.last + near


def stretched(strand: Strand, at: datetime) -> Strand:
    """The strand with another word at a moment."""
    return Strand(strand.root, min(strand.first, at), max(strand.last, at))


class Bursts:
    """Remembers the latest words of each author in each place. Top-level messages only."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._strands: dict[tuple[str, str, str], Strand] = {}

    def heard(self, inbound: Inbound) -> str | None:
        """Take note of a message; answers the `ts` of the earlier one that it is more of.

        The same message again gives the same answer, and so does a message that starts a strand:
        None.
        """
        if inbound.thread_ts is not None or self._seconds <= 0:
            return None
        place, at = _place(inbound), inbound.sent_at
        strand = self._strands.pop(place, None)
        if strand is None or not belongs(strand, at, self._seconds):
            # One that comes late must not hide the words of now.
            if strand is None or at > strand.last:
                strand = Strand(inbound.ts, at, at)
            self._remember(place, strand)
            return None
        self._remember(place, stretched(strand, at))
        return strand.root if strand.root != inbound.ts else None

    def answered(self, inbound: Inbound, ts: str) -> None:
        """The desk spoke in the thread: from there the time counts anew."""
        place = _place(inbound)
        strand = self._strands.get(place)
        if strand is not None and strand.root == inbound.root:
            self._strands[place] = stretched(strand, moment(ts))

    def withdrawn(self, inbound: Inbound) -> None:
        """The message was deleted: nothing is added to a thread that is gone."""
        place = _place(inbound)
        strand = self._strands.get(place)
        if strand is not None and strand.root == inbound.root:
            del self._strands[place]

    def _remember(self, place: tuple[str, str, str], strand: Strand) -> None:
        self._strands[place] = strand
        if len(self._strands) > AUTHORS:
            del self._strands[next(iter(self._strands))]


def _place(inbound: Inbound) -> tuple[str, str, str]:
    return inbound.team, inbound.channel, inbound.user
