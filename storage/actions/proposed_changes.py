"""What agents decide about a proposed change, and what came of it, each as one transaction."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from storage.db.columns import utc_now
from storage.intake import notes
from storage.tickets import changes
from storage.tickets.changes import NotAllowed
from storage.tickets.proposals import ProposalRow
from storage.tickets.states import LIVE

# The author of notes about what no person did.
DESK = "desk"


class Pressed(NamedTuple):
    """A press on a proposal: which one, on which ticket's card, as which edition, and by whom."""

    key: str
    number: int
    edition: int
    who: str


class Edited(NamedTuple):
    """What an agent made of a proposal, and how things stand for that."""

    what: str
    arguments: dict[str, Any]
    before: Sequence[str]
    amount: int | None
    people: int


def decide(session: Session, pressed: Pressed, *, agrees: bool, people: int) -> ProposalRow:
    """Note an agent's decision; with as many as it takes who agree the change is on its way.

    Raises:
        NotAllowed: it is not that ticket's, which may be over, was decided or edited meanwhile, or
            the agent has agreed before.
    """
    row, who = waiting_proposal(session, pressed), pressed.who
    if agrees and who in row.approvals:
        raise NotAllowed("You have agreed already; it takes a second person.")
    if agrees:
        row.approvals = [*row.approvals, who]
        row.fate = "approved" if len(row.approvals) >= people else "waiting"
    else:
        row.fate, row.settled_at = "declined", utc_now()
    told = "agreed to" if agrees else "declined"
    _note(session, row, who, f"{told}: {row.what}", f"{row.edition}:{who}:{told}")
    return row


def edit(session: Session, pressed: Pressed, edited: Edited) -> ProposalRow:
    """Note what an agent made of a proposal; whoever agreed before agreed to something else.

    Raises:
        NotAllowed: it is not that ticket's, or was decided or edited meanwhile.
    """
    row = waiting_proposal(session, pressed)
    was = row.what
    row.what, row.arguments, row.before = edited.what, edited.arguments, list(edited.before)
    row.amount, row.people, row.approvals = edited.amount, edited.people, []
    row.edition += 1
    _note(session, row, pressed.who, f"edited: {was} → {row.what}", f"{row.edition}:edited")
    return row


def waiting_proposal(session: Session, pressed: Pressed) -> ProposalRow:
    """The proposal that was pressed, as long as it is the one that the card showed.

    Raises:
        NotAllowed: it is not that ticket's, or was decided or edited meanwhile.
    """
    row = session.get(ProposalRow, pressed.key)
    if row is None or row.ticket_id != pressed.number:
        raise NotAllowed("This proposal is not one of that ticket. Nothing was changed.")
    ticket = changes.get_ticket(session, row.ticket_id)
    if ticket.status not in LIVE:
        raise NotAllowed(f"{ticket.number} is {ticket.status}. Nothing was changed.")
    if row.fate != "waiting":
        raise NotAllowed(f"This was decided already: {row.fate}. Nothing was changed.")
    if row.edition != pressed.edition:
        raise NotAllowed("This was edited meanwhile; the card shows how. Nothing was changed.")
    return row


def settle(session: Session, key: str, fate: str, result: str) -> ProposalRow | None:
    """Note what came of a change; None when that was noted before."""
    row = session.get(ProposalRow, key)
    if row is None or row.fate != "approved":
        return None
    row.fate, row.result, row.settled_at = fate, result, utc_now()
    _note(session, row, _last(row), f"{row.what}: {fate}. {result}".strip(), "settled")
    return row


def hand_back(session: Session, key: str, people: int) -> None:
    """Let people decide about a change that was to be made by itself."""
    row = session.get(ProposalRow, key)
    if row is not None and row.fate == "approved" and not row.people:
        row.fate, row.people = "waiting", people
        _note(session, row, _last(row), f"{row.what}: waits for a person after all", "back")


def _last(row: ProposalRow) -> str:
    """Who agreed last; the desk itself where nobody had to."""
    return row.approvals[-1] if row.approvals else DESK


def _note(session: Session, row: ProposalRow, who: str, text: str, name: str) -> None:
    """Keep it with the ticket's history, whose card is drawn anew."""
    notes.keep_note(session, f"proposal:{row.key}:{name}", row.ticket_id, who, text)
    changes.touch_ticket(changes.get_ticket(session, row.ticket_id), utc_now())
