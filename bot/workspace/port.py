"""What the desk can do in the workspace. `handlers.slack.workspace` does it in Slack."""

from typing import Literal, Protocol

from bot.messages.content import Quotes
from bot.messages.history import ThreadHistory
from bot.messages.inbound import File, IncomingMessage, moment_of
from bot.workspace.card import Card
from bot.workspace.posts import (
    FileCopy,
    FilePlace,
    HelpOffer,
    MessageSign,
    Note,
    Posted,
    Reply,
    ReplyPlace,
)
from storage.tickets.tables import Post

Absence = Literal["deactivated", "left"]
"""Why somebody reads no answer: the account is deactivated, or they went out of the channel."""


class ThreadReader(Protocol):
    """Reads what people said elsewhere in the workspace. Never raises; what is unknown is empty."""

    async def thread(self, inbound: IncomingMessage) -> ThreadHistory:
        """What was said in a message's thread before it, within limits; all where it is adopted."""

    async def linked(self, inbound: IncomingMessage) -> Quotes:
        """The messages that a message links to, as far as everybody who reads it may read them."""


class Workspace(Protocol):
    """Where the words of a workflow go. Each call raises CannotPost when it cannot be done.

    `recovered` says that an earlier process may have posted already; then the workspace is asked
    before anything is posted again.
    """

    bot_user: str

    async def say(self, say: Reply, *, recovered: bool) -> Posted:
        """Say something in the customer's thread."""

    async def begin(self, place: ReplyPlace, text: str) -> str:
        """Show the beginning of a message that is still being written; its ts."""

    async def go_on(self, place: ReplyPlace, ts: str, text: str) -> None:
        """Add to it; raises Halted when somebody stopped it."""

    async def unfinished(self, place: ReplyPlace, after: str) -> str | None:
        """A message of ours, later than `after`, that was begun there and never finished."""

    async def withdraw(self, channel: str, ts: str) -> None:
        """Take a message of ours away; one that is gone already is no error."""

    async def status(self, place: ReplyPlace, language: str | None, *, busy: bool) -> None:
        """Show under the thread that the bot is at work, or that it is no longer. Never raises."""

    async def title(self, place: ReplyPlace, title: str) -> None:
        """Name a direct conversation. Never raises."""

    async def reword(self, say: Reply, ts: str) -> None:
        """Change the bot's own words that stand at `ts`. Never raises: it is for progress only."""

    async def amend(self, say: Reply, ts: str) -> None:
        """Change words of ours that stand at `ts` for good; raises CannotPost when they stay."""

    async def copy_file(self, file: File) -> FileCopy:
        """Upload the bytes of somebody's file as one of ours that nobody sees yet. Never raises."""

    async def share_file(self, file: str, title: str, place: FilePlace, *, recovered: bool) -> None:
        """Share a file of ours in a thread, once."""

    async def delete_file(self, file: str) -> None:
        """Take a file of ours away; one that is gone already is no error."""

    async def card(self, card: Card, *, edition: int, recovered: bool) -> Posted:
        """Put a ticket before the agents; another `edition` when the last was deleted."""

    async def redraw(self, card: Card, ts: str, picture: str) -> str | None:
        """Bring the card at `ts` up to date, unless it looks as it did.

        `picture` is the digest of what it shows; answers the new one, None when it was deleted.
        """

    async def sign(self, channel: str, ts: str, name: MessageSign, *, on: bool) -> bool:
        """Put a sign on a message or take it off. Never raises.

        False when it may be done later; what Slack will never do is done with.
        """

    async def note(self, note: Note, *, recovered: bool) -> Posted:
        """Add a line under a ticket's card."""

    async def offer_help(self, offer: HelpOffer) -> None:
        """Ask the author of a message, unseen by others, whether we shall help. Never raises."""

    async def direct(self, user: str) -> str:
        """The channel of the direct messages with a person; raises CannotPost."""

    async def name(self, user: str) -> str:
        """What a person is called; never raises."""

    async def names(self, user: str) -> tuple[str, ...]:
        """Every name of a person in the workspace; raises CannotPost when Slack does not say."""

    async def absence(self, user: str, channel: str) -> Absence | None:
        """Why a person reads nothing in a place; None too when nobody says. Never raises."""


def post_row(ticket_id: int, posted: Posted) -> Post:
    """What stands in Slack, as the store keeps it."""
    return Post(
        key=posted.key,
        ticket_id=ticket_id,
        kind=posted.kind,
        channel_id=posted.channel,
        ts=posted.ts,
        posted_at=moment_of(posted.ts),
    )
