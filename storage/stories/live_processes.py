"""The processes that run on a server: of those that do not, others take over the work."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert_new
from storage.db.rows import StoredRow


class ProcessRow(StoredRow, table=True):
    """A process, from its start until its work was taken over; its lock says whether it lives."""

    __tablename__ = "processes"

    executor: str = Field(primary_key=True)
    began_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def process_begun(session: Session, *executors: str) -> None:
    """A process runs from now on, or may have."""
    insert_new(session, [ProcessRow(executor=each) for each in executors])


def known_processes(session: Session) -> Sequence[str]:
    """Those that began, and whose work was not taken over."""
    return session.scalars(
        select(col(ProcessRow.executor)).order_by(col(ProcessRow.began_at))
    ).all()


def process_over(session: Session, executor: str) -> None:
    """Nothing of its work is left."""
    session.execute(delete(ProcessRow).where(col(ProcessRow.executor) == executor))
