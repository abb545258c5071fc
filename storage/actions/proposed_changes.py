"""What agents decide about a proposed change, and what came of it, each as one transaction."""

from sqlalchemy.orm import Session

from storage.db.columns import utc_now
from storage.intake import notes
from storage.tickets import changes
from storage.tickets.changes import NotAllowed
from storage.tickets.proposals import ProposalRow


def decide(session: Session, key: str, number: int, who: str, *, agrees: bool) -> ProposalRow:
    """Note an agent's decision; with enough of them who agree the change is on its way.

    Raises:
        NotAllowed: it is not that ticket's, was decided already, or the agent has agreed before.
    """
    row = session.get(ProposalRow, key)
    if row is None or row.ticket_id != number:
        raise NotAllowed("This proposal is not one of that ticket. Nothing was changed.")
    if row.fate != "waiting":
        raise NotAllowed(f"This was decided already: {row.fate}. Nothing was changed.")
    if agrees and who in row.approvals:
        raise NotAllowed("You have agreed already; it takes a second person.")
    if agrees:
        row.approvals = [*row.approvals, who]
        row.fate = "approved" if len(row.approvals) >= row.people else "waiting"
    else:
        row.fate, row.settled_at = "declined", utc_now()
    told = "agreed to" if agrees else "declined"
    _note(session, row, who, f"{told}: {row.what}", f"{who}:{told}")
    return row


def settle(session: Session, key: str, fate: str, result: str) -> ProposalRow | None:
    """Note what came of a change; None when that was noted before."""
    row = session.get(ProposalRow, key)
    if row is None or row.fate != "approved":
        return None
    row.fate, row.result, row.settled_at = fate, result, utc_now()
    _note(session, row, row.approvals[-1], f"{row.what}: {fate}. {result}".strip(), "settled")
    return row


def _note(session: Session, row: ProposalRow, who: str, text: str, name: str) -> None:
    """Keep it with the ticket's history, whose card is drawn anew."""
    notes.keep_note(session, f"proposal:{row.key}:{name}", row.ticket_id, who, text)
    changes.touch_ticket(changes.get_ticket(session, row.ticket_id), utc_now())
