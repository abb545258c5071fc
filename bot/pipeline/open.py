"""A message on its way into the store: its ticket found or opened, and how it reads by now."""

from bot.messages.bursts import Request, request_of
from bot.messages.inbound import IncomingMessage, message_key
from bot.values import Frozen
from storage.db.database import Session
from storage.tickets import bursts, corrections, inbox, tickets
from storage.tickets.tickets import Arrival


class Opened(Frozen):
    """The ticket of a message, and the message as it reads after its edits.

    `heard` is the message together with what its author said meanwhile. `waiting` says that the
    desk had nothing to do: it waited for the customer, or was done. `joined` says that an earlier
    message was answered together with this one, `orphan` that the one it is more of is gone.
    """

    ticket_id: int
    number: str
    heard: Request
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


def open_ticket_of(session: Session, inbound: IncomingMessage) -> Opened:
    """Find or open the ticket of a message and store it there; twice changes nothing.

    From here on the message is in its ticket, and no longer in the inbox.
    """
    inbox.remove_message(session, inbound.key)
    opened = tickets.open_for_arrival(session, arrival_of(inbound))
    ticket, message = opened.ticket, opened.message
    more_of = inbound.burst_ts is not None
    return Opened(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        heard=request_of(bursts.burst_of_message(session, message)),
        deleted=opened.deleted,
        human=ticket.human_since is not None,
        handed_over=ticket.handed_over_at is not None,
        waiting=ticket.status != "open",
        joined=message.outcome == bursts.JOINED,
        orphan=more_of and bursts.message_withdrawn(session, inbound.thread),
        language=ticket.language,
        title=ticket.title,
    )


def record_agent_message(
    session: Session, inbound: IncomingMessage, *, expected: bool
) -> int | None:
    """The number of the agent's ticket; `expected` is one that its thread is about to become."""
    ticket = tickets.ticket_of_thread(session, inbound.team, inbound.channel, inbound.root)
    if ticket is None and not expected:
        return None
    number = tickets.open_for_arrival(session, arrival_of(inbound)).ticket.ticket_id
    corrections.correct_ignored_drafts(session, number, inbound.text, inbound.user)
    return number


def arrival_of(inbound: IncomingMessage) -> Arrival:
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
