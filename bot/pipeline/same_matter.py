"""Which of the messages that an author wrote in a row are one matter; each is asked about once.

What one of two messages says nothing without is joined by a rule. Of anything else triage of the
later message says whether it is the same matter, and its verdict is then the one on both.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.llm.calls import Call
from bot.messages.bursts import Piece, Request, joined_pieces, leans_on
from bot.pipeline.context import Read
from bot.triage.classifier import Before
from bot.triage.verdict import Triage, Triaged

# Verdicts on messages whose own stories have not begun; a restart costs a second call.
MOST_KNOWN = 1_000
Judge = Callable[[Read, str, Before | None], Awaitable[Triaged]]


@dataclass
class Matter:
    """What a story is about: the pieces that belong together, and those that are `apart`.

    `triage` is the verdict on all pieces together, where triage of a later one gave it, or an
    earlier round; `calls` are what was paid to tell the pieces apart.
    """

    own: str
    pieces: list[Piece]
    triage: Triage | None = None
    apart: tuple[str, ...] = ()
    calls: list[Call] = field(default_factory=list)

    @property
    def text(self) -> str:
        return joined_pieces(self.pieces)

    @property
    def request(self) -> Request:
        """The pieces as the request that is answered."""
        keys = sorted(each.key for each in self.pieces if each.key != self.own)
        return Request(text=self.text, parts=tuple(keys), pieces=tuple(self.pieces))


class Matters:
    """Tells matters apart. `judge` asks triage."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: OrderedDict[str, Triage] = OrderedDict()

    async def split(self, read: Read) -> Matter:
        """The matter of a message, with what else its author wrote meanwhile."""
        matter, later = self._begun(read)
        matter.triage = self._known.pop(matter.own, None) or _still_valid(read, matter.text)
        if await self._follows_other(read, matter):
            return matter
        for number, piece in enumerate(later):
            if await self._belongs(read, matter, piece):
                matter.pieces.append(piece)
            else:
                matter.apart = tuple(each.key for each in later[number:])
                break
        return matter

    def _begun(self, read: Read) -> tuple[Matter, Sequence[Piece]]:
        """The message with what an earlier round joined to it, and what came in since."""
        own, pieces = read.inbound.key, read.heard.pieces
        joined = {own, *(read.judged.parts if read.judged else ())}
        first = [each for each in pieces if each.key in joined]
        return Matter(own, first), [each for each in pieces if each.key not in joined]

    async def _follows_other(self, read: Read, matter: Matter) -> bool:
        """Whether it was taken for more of an answered message, and is another matter."""
        if read.inbound.burst_ts is None or matter.triage is not None:
            return False
        earlier = "\n".join(read.thread.said_by("customer"))
        if not earlier or leans_on(earlier, matter.text):
            return False
        triaged = await self._judge(read, matter.text, Before(earlier, answered=True))
        matter.calls += triaged.calls
        matter.triage = triaged.triage
        if triaged.triage is None or triaged.triage.same_matter:
            return False
        matter.apart = (
            matter.own,
            *(each.key for each in read.heard.pieces if each.key != matter.own),
        )
        return True

    async def _belongs(self, read: Read, matter: Matter, piece: Piece) -> bool:
        if leans_on(matter.text, piece.text):
            matter.triage = None
            return True
        triaged = await self._judge(read, piece.text, Before(matter.text, answered=False))
        matter.calls += triaged.calls
        if triaged.triage is None or triaged.triage.same_matter:
            matter.triage = triaged.triage
            return True
        self._remember(piece.key, triaged.triage)
        return False

    def _remember(self, key: str, triage: Triage) -> None:
        self._known[key] = triage
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


def _still_valid(read: Read, text: str) -> Triage | None:
    """What an earlier round judged of the same words."""
    judged = read.judged
    return judged.triage if judged is not None and judged.text == text else None
