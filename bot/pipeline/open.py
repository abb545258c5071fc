"""A message on its way into the store: its ticket found or opened, and how it reads by now."""

from dataclasses import replace

from bot.messages.inbound import IncomingMessage, message_key, moment_of
from bot.pipeline.context import Accepted, Opened
from bot.triage.addressing import TALK, goes_on
from storage.db.database import Database
from storage.intake.arrivals import Arrival, open_ticket_of
from storage.intake.history import HISTORY, keep_history
from storage.intake.talk import ignored_for, talk_before
from storage.tickets.tables import Message


async def open_message(store: Database, accepted: Accepted) -> Opened:
    """Put a message into its ticket; twice changes nothing.

    One that is more of another message stands alone when that one is gone, or another matter.
    """
    inbound = accepted.inbound
    ticket = await store.write(open_ticket_of, arrival_of(inbound))
    if inbound.pulled or inbound.links:
        said = _history_of(accepted, ticket.ticket_id)
        heard = await store.write(keep_history, inbound.key, inbound.text, said)
        ticket = replace(ticket, heard=heard)
    if ticket.part_of != arrival_of(inbound).part_of:
        inbound = inbound.in_burst(ticket.part_of and ticket.part_of.rpartition(":")[2])
    return Opened(
        inbound=inbound,
        recovered=accepted.recovered,
        history=accepted.history,
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


def _history_of(accepted: Accepted, ticket_id: int) -> list[Message]:
    inbound = accepted.inbound
    return [
        Message(
            key=message_key(inbound.team, inbound.channel, each.ts),
            ticket_id=ticket_id,
            channel_id=inbound.channel,
            ts=each.ts,
            author_id=each.user,
            author=each.author,
            text=each.text,
            files=[file.model_dump() for file in each.files],
            outcome=HISTORY,
            received_at=moment_of(each.ts),
        )
        for each in accepted.history.messages
    ]


async def already_left_alone(store: Database, inbound: IncomingMessage) -> str | None:
    """Why a message is none of the desk's business after all, as was seen since it came in.

    It was left alone together with the message that it is more of; or it goes on in a thread that
    turned out to be a talk between people.
    """
    if inbound.alone or inbound.addressed or inbound.pulled:
        return None
    reason = await store.read(ignored_for, inbound.key)
    if reason is None and inbound.thread_ts:
        place = (inbound.team, inbound.channel, inbound.thread_ts)
        before = await store.read(talk_before, *place, inbound.ts)
        reason = TALK if goes_on(inbound.text, before.reason) else None
    return reason
