"""Signs on messages that have to be put on or taken off: what is left to do, and nothing else."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db import lookup
from storage.db.rows import Row
from storage.tickets import tickets

EYES = "eyes"


class SignRow(Row, table=True):
    """A message, as `channel:ts`, whose signs are not as they should be.

    `names` are those that it should carry, `standing` those that it may carry.
    """

    __tablename__ = "signs"

    key: str = Field(primary_key=True)
    names: str = ""
    standing: str = ""


def sign_key(channel: str, ts: str) -> str:
    """The name of a message here."""
    return f"{channel}:{ts}"


def find_signs(session: Session, key: str) -> SignRow | None:
    """What is to be done about the signs of a message, if there is anything."""
    return lookup.find_row(session, SignRow, key)


def want_signs(session: Session, key: str, before: str, after: str) -> None:
    """The message carries the names of `before`, and is to carry those of `after`."""
    row = session.get(SignRow, key)
    if row is None:
        row = SignRow(key=key, standing=before)
        session.add(row)
    row.names = after


def take_off_eyes(session: Session, channel: str, ts: str, ticket_id: int | None) -> bool:
    """The desk is done with a message that may carry 👀: it goes. False where it stays.

    It stays where a person has the ticket that the message began: there it means them from now on.
    """
    ticket = tickets.find_ticket(session, ticket_id) if ticket_id is not None else None
    live = ticket is not None and ticket.status not in ("solved", "closed")
    if ticket is not None and live and ticket.human_since and ticket.thread_ts == ts:
        return False
    key = sign_key(channel, ts)
    row = session.get(SignRow, key) or SignRow(key=key)
    row.standing = _joined({*row.standing.split(), EYES})
    session.add(row)
    return True


def signs_stand(session: Session, key: str, standing: Iterable[str]) -> bool:
    """These are on the message now; False when others are wanted by now."""
    row = session.get(SignRow, key)
    if row is None:
        return True
    row.standing = _joined(standing)
    if set(row.standing.split()) != set(row.names.split()):
        return False
    session.delete(row)
    return True


def waiting_signs(session: Session) -> Sequence[str]:
    """The messages whose signs are not as they should be."""
    return session.scalars(select(col(SignRow.key))).all()


def _joined(names: Iterable[str]) -> str:
    return " ".join(sorted(names))
