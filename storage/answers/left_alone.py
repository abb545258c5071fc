"""Messages that are none of the desk's business: counted, and kept with the thread of a ticket."""

from sqlalchemy.orm import Session

from storage.costs import ledger
from storage.db.columns import utc_now
from storage.tickets import messages, tickets
from storage.tickets.tables import Decision
from storage.tickets.talk import LEFT_ALONE
from storage.tickets.tickets import Arrival


def record_left_alone(session: Session, arrival: Arrival, reason: str) -> None:
    """Count a message that the desk leaves alone; twice changes nothing.

    Where its thread is a ticket it is kept there, and there it is counted.
    """
    thread = (arrival.team_id, arrival.channel_id, arrival.thread_ts)
    if tickets.ticket_of_thread(session, *thread) is None:
        messages.ignore_message(session, arrival.key, reason)
        return
    opened = tickets.open_for_arrival(session, arrival)
    if opened.message.outcome is None:
        ledger.put_rows(session, _decision(arrival.key, opened.message.ticket_id, reason))
        tickets.settle_message(session, arrival.key, LEFT_ALONE)


def _decision(key: str, ticket_id: int, reason: str) -> Decision:
    return Decision(
        message_key=key,
        ticket_id=ticket_id,
        action="none",
        publish="nowhere",
        reason=reason,
        outcome=LEFT_ALONE,
        decided_at=utc_now(),
    )
