"""What the steps of stories came to: a story that runs again goes on from there."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import table_of
from storage.db.insert import insert
from storage.db.rows import StoredRow


class StepRow(StoredRow, table=True):
    """The `nth` step of that name in a story, from 0: its result as JSON, or what it raised."""

    __tablename__ = "steps"
    __table_args__ = ({"sqlite_with_rowid": False},)

    story: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    nth: int = Field(primary_key=True)
    result: str | None = None
    raised: str | None = None


def keep_step(session: Session, row: StepRow) -> None:
    """Write down what a step came to; the latest counts."""
    session.connection().execute(_KEEPING, row.model_dump())


def steps_of(session: Session, story: str) -> Sequence[StepRow]:
    """What was written down of a story."""
    return session.scalars(select(StepRow).where(col(StepRow.story) == story)).all()


def forget_steps(session: Session, stories: Sequence[str]) -> None:
    """Drop what was written down of stories that have ended."""
    session.connection().execute(_DROPPING, {"stories": list(stories)})


_GIVEN = insert(table_of(StepRow))
_KEEPING = _GIVEN.on_conflict_do_update(
    index_elements=["story", "name", "nth"],
    set_={name: _GIVEN.excluded[name] for name in ("result", "raised")},
)
_DROPPING = delete(table_of(StepRow)).where(
    col(StepRow.story).in_(bindparam("stories", expanding=True))
)
