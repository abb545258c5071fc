"""A message on its way into the store: its ticket found or opened, and how it reads by now."""

from bot.messages.inbound import IncomingMessage, message_key
from bot.pipeline.context import Accepted, Opened
from storage.db.database import Database
from storage.tickets.arrivals import Arrival, open_ticket_of


async def open_message(store: Database, accepted: Accepted) -> Opened:
    """Put a message into its ticket; twice changes nothing.

    One that is more of another message stands alone when that one is gone.
    """
    inbound = accepted.inbound
    ticket = await store.write(open_ticket_of, arrival_of(inbound))
    if ticket.orphan:
        inbound = inbound.in_burst(None)
    return Opened(
        inbound=inbound,
        signed=accepted.signed,
        recovered=accepted.recovered,
        ticket=ticket,
        language=ticket.language,
    )


def arrival_of(inbound: IncomingMessage) -> Arrival:
    """A message as the store takes it in."""
    root = inbound.burst_ts and message_key(inbound.team, inbound.channel, inbound.burst_ts)
    return Arrival(
        key=inbound.key,
        team_id=inbound.team,
        channel_id=inbound.channel,
        ts=inbound.said_ts,
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
