"""A message on its way into the store: its ticket found or opened, and how it reads by now."""

from bot import judging
from bot.bursts import Heard, heard_of
from bot.inbound import Frozen, Inbound, message_key
from storage import inbox, tickets, together
from storage.database import Session
from storage.tickets import Arrival


class Opened(Frozen):
    """The ticket of a message, and the message as it reads after its edits.

    `heard` is the message together with what its author said meanwhile. `waiting` says that the
    desk had nothing to do: it waited for the customer, or was done. `joined` says that an earlier
    message was answered together with this one, `orphan` that the one it is more of is gone.
    """

    ticket_id: int
    number: str
    heard: Heard
    deleted: bool
    human: bool
    handed_over: bool
    waiting: bool = False
    joined: bool = False
    orphan: bool = False
    language: str | None
    title: str = ""

    @property
    def text(self) -> str:
        return self.heard.text


def take_in(session: Session, inbound: Inbound) -> Opened:
    """Find or open the ticket of a message and store it there; twice changes nothing.

    From here on the message is in its ticket, and no longer in the inbox.
    """
    inbox.remove(session, inbound.key)
    opened = tickets.open_for(session, arrival(inbound))
    ticket, message = opened.ticket, opened.message
    more_of = inbound.burst_ts is not None
    return Opened(
        ticket_id=ticket.id or 0,
        number=ticket.number,
        heard=heard_of(together.heard(session, message)),
        deleted=opened.deleted,
        human=ticket.human_since is not None,
        handed_over=ticket.handed_over_at is not None,
        waiting=ticket.status != "open",
        joined=message.outcome == together.JOINED,
        orphan=more_of and together.withdrawn(session, inbound.thread),
        language=ticket.language,
        title=ticket.title,
    )


def overheard(session: Session, inbound: Inbound, *, expected: bool) -> int | None:
    """The number of the agent's ticket; `expected` is one that its thread is about to become."""
    ticket = tickets.of_thread(session, inbound.team, inbound.channel, inbound.root)
    if ticket is None and not expected:
        return None
    number = tickets.open_for(session, arrival(inbound)).ticket.id or 0
    judging.ignored_drafts(session, number, inbound.text, inbound.user)
    return number


def arrival(inbound: Inbound) -> Arrival:
    """A message as the store takes it in."""
    root = inbound.burst_ts and message_key(inbound.team, inbound.channel, inbound.burst_ts)
    return Arrival(
        key=inbound.key,
        team_id=inbound.team,
        channel_id=inbound.channel,
        ts=inbound.ts,
        thread_ts=inbound.root,
        author_id=inbound.user,
        author=inbound.author,
        requester_id=inbound.requester or inbound.user,
        text=inbound.text,
        private=inbound.private,
        sent_at=inbound.sent_at,
        files=[file.model_dump() for file in inbound.files],
        part_of=root,
    )
