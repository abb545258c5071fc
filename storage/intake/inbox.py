"""Messages that were written down and whose workflow has not begun."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, bindparam, delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, table_of, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow
from storage.stories.turns import TurnRow, join_turn
from storage.tickets.tables import IgnoredMessage, Message


class WaitingMessage(StoredRow, table=True):
    """A message as its workflow will get it. It leaves with the transaction that opens it."""

    __tablename__ = "inbox"

    key: str = Field(primary_key=True)
    payload: dict[str, Any] = Field(sa_type=JSON)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def put_message(
    session: Session, key: str, payload: dict[str, Any], turn: TurnRow | None = None
) -> bool:
    """Take a message in; False when it waits here already, was handled, or counts as ignored.

    What is ignored has to be taken out of that first: else it came in again, or late. With a
    `turn` it is announced among several processes; False also where it was by another.
    """
    row = {"key": key, "payload": payload, "received_at": utc_now()}
    if not session.connection().execute(_PUTTING, row).rowcount:
        return False
    if turn is None or join_turn(session, turn):
        return True
    remove_message(session, key)
    return False


def waiting_messages(session: Session) -> Sequence[dict[str, Any]]:
    """The messages whose workflow has not begun, oldest first."""
    return session.scalars(
        select(col(WaitingMessage.payload)).order_by(col(WaitingMessage.key))
    ).all()


def remove_message(session: Session, key: str) -> None:
    """The workflow of a message has begun, or the message needs none."""
    session.connection().execute(_REMOVING, {"message": key})


_handled = (
    select(col(Message.key))
    .where(col(Message.key) == bindparam("key"), col(Message.outcome).is_not(None))
    .exists()
)
_ignored = (
    select(col(IgnoredMessage.key)).where(col(IgnoredMessage.key) == bindparam("key")).exists()
)
_PUTTING = (
    insert(table_of(WaitingMessage))
    .from_select(
        ["key", "payload", "received_at"],
        select(
            bindparam("key"),
            bindparam("payload", type_=JSON()),
            bindparam("received_at", type_=UtcDateTime()),
        ).where(~_handled, ~_ignored),
    )
    .on_conflict_do_nothing()
)
_REMOVING = delete(table_of(WaitingMessage)).where(col(WaitingMessage.key) == bindparam("message"))
