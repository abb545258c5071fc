"""Signs on messages that have to be put on or taken off: what is left to do, and nothing else."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import table_of
from storage.db.insert import insert
from storage.db.rows import StoredRow
from storage.tickets.states import LIVE
from storage.tickets.tables import Ticket

EYES = "eyes"


class SignRow(StoredRow, table=True):
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
    found = session.connection().execute(_OF_MESSAGE, {"message": key}).first()
    if found is None:
        return None
    return SignRow(key=key, names=found.names, standing=found.standing)


def want_signs(session: Session, key: str, before: str, after: str) -> None:
    """The message carries the names of `before`, and is to carry those of `after`."""
    row = find_signs(session, key)
    _keep(session, key, after, row.standing if row else before)


def take_off_eyes(session: Session, channel: str, ts: str, ticket_id: int | None) -> bool:
    """The desk is done with a message that may carry 👀: it goes. False where it stays.

    It stays where a person has the ticket that the message began: there it means them from now on.
    """
    if ticket_id is not None:
        place = {"ticket": ticket_id, "thread": ts}
        if session.connection().scalar(_WITH_A_PERSON, place) is not None:
            return False
    key = sign_key(channel, ts)
    row = find_signs(session, key)
    names, standing = (row.names, row.standing) if row else ("", "")
    _keep(session, key, names, _joined({*standing.split(), EYES}))
    return True


def signs_stand(session: Session, key: str, standing: Iterable[str]) -> bool:
    """These are on the message now; False when others are wanted by now."""
    row = find_signs(session, key)
    if row is None:
        return True
    if set(standing) != set(row.names.split()):
        _keep(session, key, row.names, _joined(standing))
        return False
    session.connection().execute(_DONE, {"message": key})
    return True


def _keep(session: Session, key: str, names: str, standing: str) -> None:
    kept = {"key": key, "names": names, "standing": standing}
    session.connection().execute(_KEEPING, kept)


def waiting_signs(session: Session) -> Sequence[str]:
    """The messages whose signs are not as they should be."""
    return session.scalars(select(col(SignRow.key))).all()


def _joined(names: Iterable[str]) -> str:
    return " ".join(sorted(names))


_WITH_A_PERSON = select(col(Ticket.id)).where(
    col(Ticket.id) == bindparam("ticket"),
    col(Ticket.thread_ts) == bindparam("thread"),
    col(Ticket.human_since).is_not(None),
    col(Ticket.status).in_(LIVE),
)
_OF_MESSAGE = select(table_of(SignRow)).where(col(SignRow.key) == bindparam("message"))
_DONE = delete(table_of(SignRow)).where(col(SignRow.key) == bindparam("message"))
_GIVEN = insert(table_of(SignRow))
_KEEPING = _GIVEN.on_conflict_do_update(
    index_elements=["key"],
    set_={name: _GIVEN.excluded[name] for name in ("names", "standing")},
)
