"""Switches that admins throw from within Slack; a row stands for one that is thrown."""

from datetime import datetime

from sqlalchemy.orm import Session
from sqlmodel import Field

from storage.db.columns import UtcDateTime, utc_now
from storage.db.rows import StoredRow

# No change is made without a person's press, whatever desk.toml allows.
AUTONOMY = "autonomy"


class SwitchRow(StoredRow, table=True):
    """A switch that is thrown, and by whom."""

    __tablename__ = "switches"

    name: str = Field(primary_key=True)
    thrown_by: str
    thrown_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def find_switch(session: Session, name: str) -> SwitchRow | None:
    """The switch, where it is thrown."""
    return session.get(SwitchRow, name)


def put_switch(session: Session, name: str, by: str, *, thrown: bool) -> None:
    """Throw a switch, or take it back; who threw it first stays."""
    row = session.get(SwitchRow, name)
    if thrown and row is None:
        session.add(SwitchRow(name=name, thrown_by=by))
    elif not thrown and row is not None:
        session.delete(row)
