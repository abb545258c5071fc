"""A thread as a message finds it: whose it is, and who spoke last there."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.db import lookup
from storage.tickets import messages, tickets
from storage.tickets.tables import IgnoredMessage, Message

LEFT_ALONE = "left_alone"  # the outcome of a message that is none of the desk's business


@dataclass(frozen=True)
class TalkBefore:
    """What was said in a thread before a message.

    `requester` is whose ticket the thread is, if it is one; `last` the last message before, and
    `answered` the person to whom the desk spoke last, where its word is that last message. `reason`
    is why the message that starts the thread was left alone or ignored.
    """

    requester: str | None = None
    last: Message | None = None
    answered: str | None = None
    reason: str | None = None


def talk_before(
    session: Session, team_id: str, channel_id: str, thread_ts: str, ts: str
) -> TalkBefore:
    """The thread before a moment, as the store knows it."""
    ticket = tickets.ticket_of_thread(session, team_id, channel_id, thread_ts)
    if ticket is None:
        root = lookup.find_row(session, IgnoredMessage, f"{team_id}:{channel_id}:{thread_ts}")
        return TalkBefore(reason=root.reason if root is not None else None)
    said = [each for each in messages.messages_of_ticket(session, ticket.ticket_id) if each.ts < ts]
    last = said[-1] if said else None
    asked = [each.author_id for each in said if each.author == "customer"]
    spoken = last is not None and last.author == "bot"
    answered = asked[-1] if asked and spoken else None
    return TalkBefore(requester=ticket.requester_id, last=last, answered=answered)


def ignored_for(session: Session, key: str) -> str | None:
    """Why a message was ignored, if it was."""
    row = lookup.find_row(session, IgnoredMessage, key)
    return row.reason if row is not None else None
