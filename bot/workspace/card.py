"""A ticket's card in the agents' channel, as a value."""

from datetime import datetime
from typing import Literal

from bot.knowledge.citations import CitedArticle
from bot.values import Frozen
from bot.workspace.posts import CardSign

# Characters of a message that a card shows; the rest is a link away, or under the card.
CARD_QUOTE = 1_000
CardStatus = Literal["open", "pending", "on_hold", "solved", "closed"]


class CardDraft(Frozen):
    """An answer that waits for an agent, under the key of the message it is for."""

    key: str
    text: str
    sources: tuple[CitedArticle, ...] = ()
    model: str | None = None


class CardProposal(Frozen):
    """A change that waits for an agent, or what came of it.

    `why` is what the customer wants; `before` how things stood, `after` what the customer would
    read; `worth` an amount with its unit. `missing` is how many people still have to agree, where
    an agent alone does not do; `edition` counts the agents' edits.
    """

    key: str
    edition: int = 0
    what: str
    why: str = ""
    before: tuple[str, ...] = ()
    after: str = ""
    worth: str = ""
    fate: str = "waiting"
    missing: int = 1
    result: str = ""


class CardLink(Frozen):
    """Where agents go on with a ticket: a name, and an address with facts of it in braces."""

    name: str
    template: str


class CardReasoning(Frozen):
    """What the bot made of a ticket's latest message, and what the ticket has cost so far.

    `faults` are what the gate found in the words it held back, in sentences; `unknown` is what the
    model said it does not know, `found` the articles that came near, `lookups` what the desk's
    systems said.
    """

    intent: str | None = None
    confidence: float | None = None
    model: str | None = None
    reason: str = ""
    outcome: str = ""
    nano_dollars: int = 0
    faults: tuple[str, ...] = ()
    unknown: str = ""
    found: tuple[CitedArticle, ...] = ()
    lookups: tuple[str, ...] = ()


class Card(Frozen):
    """A ticket as the agents see it: who, where, what, whose, until when, and a draft if any.

    `version` is the ticket's, so that a card can be told from a newer one. `quote` is what opened
    it, `files` the names of what came with that, `revised` what its author has done to it since.
    `ended_by` is who ended the ticket, `silenced` says that a person has the word and the bot keeps
    quiet. `incident` is the ticket that stands for the incident which this one is a part of,
    `affected` how many others are parts of its own.
    """

    ticket_id: int
    version: int
    title: str
    requester: str
    earlier: int = 0
    channel: str
    ts: str
    quote: str = ""
    files: tuple[str, ...] = ()
    revised: Literal["edited", "deleted"] | None = None
    status: CardStatus
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
    links: tuple[CardLink, ...] = ()
    merged_into: int | None = None
    incident: int | None = None
    affected: int = 0
    thought: CardReasoning = CardReasoning()
    draft: CardDraft | None = None
    proposals: tuple[CardProposal, ...] = ()
    waiting: int = 0
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
    def signs(self) -> frozenset[CardSign]:
        """What the customer's message shows of it: a person has it, or it is solved."""
        return signs_of(self.status, silenced=self.silenced)


def signs_of(status: str, *, silenced: bool) -> frozenset[CardSign]:
    """What a ticket's first message shows of it: a person has it, or it is solved."""
    if status in ("solved", "closed"):
        return frozenset({"white_check_mark"}) if status == "solved" else frozenset()
    return frozenset({"eyes"}) if silenced else frozenset()
