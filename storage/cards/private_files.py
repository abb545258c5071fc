"""The files of private tickets on their way to the agents, each as a row of the outbox."""

from collections.abc import Sequence

from sqlalchemy import String, cast, exists, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.cards.cards import CardRow
from storage.tickets.bursts import withdrawn
from storage.tickets.outbox import OutboxRow
from storage.tickets.states import LIVE
from storage.tickets.tables import Message, Ticket

# Written down at once; the next look finds the others.
MOST = 100


def put_private_files(session: Session, ticket_id: int | None = None) -> Sequence[str]:
    """Put the files that no agent was shown on their way; the keys of the new rows.

    Those of live tickets with a card; of all, or of one. What a message's text holds in full, such
    as a snippet, is shown with the text, and a clip goes without its captions.
    """
    key = "files:" + col(Message.key)
    shown = exists().where(col(OutboxRow.key) == key)
    query = (
        select(Message)
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .join(CardRow, col(CardRow.ticket_id) == col(Message.ticket_id))
        .where(
            col(Ticket.private).is_(True),
            col(Ticket.status).in_(LIVE),
            col(Message.author) == "customer",
            # As text: PostgreSQL compares no JSON.
            cast(col(Message.files), String) != "[]",
            ~shown,
            ~withdrawn(col(Message.key)),
        )
        .order_by(col(Message.key))
        .limit(MOST)
    )
    if ticket_id is not None:
        query = query.where(col(Ticket.id) == ticket_id)
    rows = [_row(each) for each in session.scalars(query)]
    found = [row for row in rows if row.files]
    session.add_all(found)
    return [row.key for row in found]


def _row(message: Message) -> OutboxRow:
    sent = [each for each in message.files if not each.get("quoted")]
    files = [each for each in sent if each.get("url") or not each.get("part_of")]
    names = ", ".join(str(each.get("name") or "a file") for each in files)
    return OutboxRow(
        key=f"files:{message.key}",
        ticket_id=message.ticket_id,
        kind="note",
        text=f"📎 The customer's files: {names}",
        files=files,
    )
