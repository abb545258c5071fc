"""What is wrong at the moment, so that it is told once and taken back once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from storage.columns import UtcDateTime, utc_now


class Alarm(SQLModel, table=True):
    """An alarm that was raised and not cleared; `told` once its message is on the way."""

    __tablename__ = "alarms"

    name: str = Field(primary_key=True)
    sentence: str
    told: bool = False
    raised_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def standing(session: Session) -> Sequence[Alarm]:
    """The alarms that stand."""
    return session.scalars(select(Alarm).order_by(col(Alarm.name))).all()


def find(session: Session, name: str) -> Alarm | None:
    """The alarm of this name, if it stands."""
    return session.get(Alarm, name)


def told(session: Session, alarm: Alarm) -> None:
    """Its message was published."""
    session.merge(Alarm(**{**alarm.model_dump(), "told": True}))


def clear(session: Session, name: str) -> None:
    """Take an alarm down."""
    session.execute(delete(Alarm).where(col(Alarm.name) == name))
