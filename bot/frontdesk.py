"""What the desk can do in the workspace, as the story sees it. `handlers.desk` does it in Slack."""

from typing import Literal, Protocol

from bot.answering import Source
from bot.inbound import Frozen, Inbound
from bot.triage import Triage

Kind = Literal["answer", "line", "card", "note"]


class CannotPost(Exception):
    """The workspace refused a post, or could not be reached for longer than we wait. Says why."""


class Say(Frozen):
    """Something to say in the customer's thread. `text` may come from a model."""

    key: str
    kind: Kind
    channel: str
    thread_ts: str
    text: str
    sources: tuple[Source, ...] = ()
    sources_label: str = ""


class Card(Frozen):
    """A ticket for the agents: who, where, what, why, and a draft when there is one."""

    key: str
    ticket: str
    channel: str
    ts: str
    requester: str
    quote: str
    files: int = 0
    reason: str
    triage: Triage | None = None
    draft: str | None = None
    sources: tuple[Source, ...] = ()
    model: str | None = None


class Note(Frozen):
    """A line under a ticket's card."""

    key: str
    card_ts: str
    text: str


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

    async def seen(self, inbound: Inbound) -> None:
        """Show the author that the message was seen. Never raises: it is only a sign."""

    async def say(self, say: Say, *, recovered: bool) -> Posted:
        """Say something in the customer's thread."""

    async def card(self, card: Card, *, recovered: bool) -> Posted:
        """Put a ticket before the agents."""

    async def note(self, note: Note, *, recovered: bool) -> Posted:
        """Add a line under a ticket's card."""
