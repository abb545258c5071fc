"""What the desk can do in the workspace, as the story sees it. `handlers.desk` does it in Slack."""

from datetime import datetime
from typing import Literal, Protocol

from bot.grounds import Source
from bot.inbound import Frozen

Kind = Literal["answer", "line", "card", "note", "relay"]
Sign = Literal["eyes", "white_check_mark"]
Status = Literal["open", "pending", "on_hold", "solved", "closed"]


class CannotPost(Exception):
    """The workspace refused a post, or could not be reached for longer than we wait. Says why."""


class Refused(CannotPost):
    """The workspace will never take it; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused: {code}")
        self.code = code


class Halted(CannotPost):
    """Somebody in the workspace has stopped the message while it was being written."""


class Standing(Frozen):
    """A message of ours that was begun in a customer's thread, and is not finished.

    `shown` is what it says so far; None when nobody can tell, after a crash say.
    """

    ts: str
    shown: str | None = None


class Asks(Frozen):
    """Under an answer: did it help? `about` is the key of the message that it answers."""

    ticket: int
    about: str
    language: str | None = None


class Say(Frozen):
    """Something to say in a customer's thread. `text` may come from a model.

    `speaker` is the person for whom the bot says it. Without a `thread_ts` it begins a thread; then
    `after` is a ts before which it cannot stand. `rates` is the number of a ticket whose customer
    is asked how it went. `over` is a message of ours that these words finish or take the place of;
    `remark` is a small line of the desk's under them.
    """

    key: str
    kind: Kind
    channel: str
    thread_ts: str | None
    text: str
    sources: tuple[Source, ...] = ()
    sources_label: str = ""
    rates: int | None = None
    remark: str = ""
    asks: Asks | None = None
    over: Standing | None = None
    speaker: str = ""
    after: str = "0"


class Place(Frozen):
    """A customer's thread, and for whom a message is written there piece by piece."""

    team: str
    channel: str
    thread_ts: str
    user: str


class Proposal(Frozen):
    """An answer that waits for an agent, under the key of the message it is for."""

    key: str
    text: str
    sources: tuple[Source, ...] = ()
    model: str | None = None


class Thought(Frozen):
    """What the bot made of a ticket's latest message, and what the ticket has cost so far.

    `faults` are what the gate found in the words it held back, in sentences; `unknown` is what the
    model said it does not know, `found` the articles that came near.
    """

    intent: str | None = None
    confidence: float | None = None
    model: str | None = None
    reason: str = ""
    outcome: str = ""
    nano_dollars: int = 0
    faults: tuple[str, ...] = ()
    unknown: str = ""
    found: tuple[Source, ...] = ()


class Card(Frozen):
    """A ticket as the agents see it: who, where, what, whose, until when, and a draft if any.

    `version` is the ticket's, so that a card can be told from a newer one. `ended` is who ended
    the ticket and when, `silenced` says
    that a person has the word and the bot keeps quiet. `incident` is the ticket that stands for the
    incident which this one is a part of, `affected` how many others are parts of its own.
    """

    ticket_id: int
    version: int
    title: str
    requester: str
    earlier: int = 0
    channel: str
    ts: str
    quote: str = ""
    files: int = 0
    status: Status
    priority: str
    owner: str | None = None
    due: datetime | None = None
    late: bool = False
    wake_at: datetime | None = None
    opened_at: datetime
    category: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    link: str | None = None
    merged_into: int | None = None
    incident: int | None = None
    affected: int = 0
    thought: Thought = Thought()
    draft: Proposal | None = None
    handed_over: bool = False
    silenced: bool = False
    ended_by: str | None = None
    ended_at: datetime | None = None
    dismissed: bool = False

    @property
    def number(self) -> str:
        """The short number people use."""
        return f"T-{self.ticket_id}"

    @property
    def ended(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self.status in ("solved", "closed")

    @property
    def signs(self) -> frozenset[Sign]:
        """What the customer's message shows of it: a person has it, or it is solved."""
        return signs_of(self.status, silenced=self.silenced)


def signs_of(status: str, *, silenced: bool) -> frozenset[Sign]:
    """What a ticket's first message shows of it: a person has it, or it is solved."""
    if status in ("solved", "closed"):
        return frozenset({"white_check_mark"}) if status == "solved" else frozenset()
    return frozenset({"eyes"}) if silenced else frozenset()


class Note(Frozen):
    """Something under a ticket's card: words of `author`, or without one the desk's own.

    A `loud` one also shows in the channel itself; `to` is who should be pinged.
    """

    key: str
    card_ts: str
    text: str
    author: str | None = None
    to: str | None = None
    loud: bool = False


class Posted(Frozen):
    """A post that stands in the workspace, under the key that keeps it from being doubled."""

    key: str
    kind: Kind
    channel: str
    ts: str
    text: str


class FrontDesk(Protocol):
    """Where the story's words go. Each call raises CannotPost when it cannot be done.

    `recovered` says that an earlier process may have posted already; then the workspace is asked
    before anything is posted again.
    """

    bot_user: str

    async def say(self, say: Say, *, recovered: bool) -> Posted:
        """Say something in the customer's thread."""

    async def begin(self, place: Place, text: str) -> str:
        """Show the beginning of a message that is still being written; its ts."""

    async def go_on(self, place: Place, ts: str, text: str) -> None:
        """Add to it; raises Halted when somebody stopped it."""

    async def unfinished(self, place: Place, after: str) -> str | None:
        """A message of ours, later than `after`, that was begun there and never finished."""

    async def withdraw(self, channel: str, ts: str) -> None:
        """Take a message of ours away; one that is gone already is no error."""

    async def status(self, place: Place, language: str | None, *, busy: bool) -> None:
        """Show under the thread that the bot is at work, or that it is no longer. Never raises."""

    async def title(self, place: Place, title: str) -> None:
        """Name a direct conversation. Never raises."""

    async def reword(self, say: Say, ts: str) -> None:
        """Change the bot's own words that stand at `ts`. Never raises: it is for progress only."""

    async def card(self, card: Card, *, edition: int, recovered: bool) -> Posted:
        """Put a ticket before the agents; another `edition` when the last was deleted."""

    async def redraw(self, card: Card, ts: str) -> bool:
        """Bring the card that stands at `ts` up to date; False when it was deleted."""

    async def sign(self, channel: str, ts: str, name: Sign, *, on: bool) -> None:
        """Put a sign on a customer's message or take it off. Never raises."""

    async def note(self, note: Note, *, recovered: bool) -> Posted:
        """Add a line under a ticket's card."""

    async def direct(self, user: str) -> str:
        """The channel of the direct messages with a person; raises CannotPost."""

    async def name(self, user: str) -> str:
        """What a person is called; never raises."""

    async def names(self, user: str) -> tuple[str, ...]:
        """Everything a person is called in the workspace; raises CannotPost when it is not told."""
