"""What is wrong at the moment: one message when it begins, one when it is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.rows import StoredRow


class AlarmRow(StoredRow, table=True):
    """An alarm that was raised and not cleared; `told` once its message is on the way."""

    __tablename__ = "alarms"

    name: str = Field(primary_key=True)
    sentence: str
    told: bool = False
    raised_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def standing_alarms(session: Session) -> Sequence[AlarmRow]:
    """The alarms that stand."""
    return session.scalars(select(AlarmRow).order_by(col(AlarmRow.name))).all()


def find_alarm(session: Session, name: str) -> AlarmRow | None:
    """The alarm of this name, if it stands."""
    return session.get(AlarmRow, name)


def alarm_names(session: Session) -> list[str]:
    """The names of the alarms that stand."""
    return [alarm.name for alarm in standing_alarms(session)]


def raise_alarm(session: Session, name: str, sentence: str | None) -> AlarmRow | None:
    """The alarm of this name; with a sentence it is raised where none stood."""
    alarm = find_alarm(session, name)
    if alarm is None and sentence is not None:
        alarm = session.merge(AlarmRow(name=name, sentence=sentence))
    return alarm


def mark_alarm_told(session: Session, alarm: AlarmRow) -> None:
    """Its message was published."""
    session.merge(AlarmRow(**{**alarm.model_dump(), "told": True}))


def clear_alarm(session: Session, name: str) -> None:
    """Take an alarm down."""
    session.execute(delete(AlarmRow).where(col(AlarmRow.name) == name))
