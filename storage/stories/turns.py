"""Whose turn it is in a thread, where several processes tell its stories.

A row is a message that is to have its turn, from when it is taken in until its story is over. The
oldest of a thread goes first, and the next when that is over. On a file there are none: one process
keeps the order in its memory.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import table_of
from storage.db.insert import insert
from storage.db.rows import StoredRow

# A message that is waited for, and the process that is at work on it.
Waited = tuple[str, str | None]


class TurnRow(StoredRow, table=True):
    """A message at `ts` of a thread, and the id of its story.

    `executor` is the process that has it; None where that died at it.

    `begun` says that its story has its turn. `overheard` says that it is asked amid a talk, so that
    its thread is a ticket only until it is known whether the desk was meant.
    """

    __tablename__ = "turns"

    thread: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    story: str
    executor: str | None = Field(default=None, index=True)
    begun: bool = False
    overheard: bool = False


def join_turn(session: Session, turn: TurnRow) -> bool:
    """Announce a message; False when it was announced before, by whatever process."""
    return bool(session.connection().execute(_JOINING, turn.model_dump()).rowcount)


def before_turn(session: Session, own: TurnRow, *, wait: bool) -> Sequence[Waited] | None:
    """What keeps a message from its turn: the others of its thread, or None where nothing does.

    An older one waits, or another has its turn. Without `wait` it goes before those that nobody is
    at work on: nothing seems to come of them.
    """
    standing = session.scalars(select(TurnRow).where(col(TurnRow.thread) == own.thread)).all()
    others = [each for each in standing if each.ts != own.ts]
    busy = any(each.begun and (wait or each.executor) for each in others)
    if busy or (wait and any(each.ts < own.ts for each in others)):
        return [(each.ts, each.executor if each.begun else None) for each in others]
    return None


def begin_turn(session: Session, own: TurnRow, *, wait: bool) -> Sequence[Waited] | None:
    """Begin the turn of a message, unless something keeps it: that is answered then."""
    waited = before_turn(session, own, wait=wait)
    if waited is None:
        session.merge(own.model_copy(update={"begun": True}))
    return waited


def end_turn(session: Session, thread: str, ts: str, *, begun: bool = True) -> None:
    """The story is over; not `begun` takes back an announcement of which nothing came."""
    if begun:
        session.connection().execute(_ENDING, {"of": thread, "at": ts})
    else:
        session.connection().execute(_TAKING_BACK, {"of": thread, "at": ts})


def turns_in(session: Session, thread: str) -> bool:
    """Whether anything of a thread is to have its turn, or has it."""
    return session.connection().scalar(_ANY, {"of": thread}) is not None


def count_turns(session: Session) -> int:
    """How many messages are to have their turn, or have it."""
    return session.scalar(select(func.count()).select_from(TurnRow)) or 0


def overheard_in(session: Session, thread: str) -> bool:
    """Whether a thread is a ticket only until it is known whether the desk was meant there."""
    return session.connection().scalar(_OVERHEARD, {"of": thread}) is not None


def find_turn(session: Session, thread: str, ts: str) -> TurnRow | None:
    """The turn of a message, if it is to have one, or has it."""
    return session.get(TurnRow, (thread, ts))


def take_over_turns(session: Session, dead: str, executor: str) -> Sequence[TurnRow]:
    """Messages that a dead process had taken in and not begun: they are `executor`'s from now on.

    What it had begun keeps its turn for the process that tells its story again.
    """
    mine = col(TurnRow.executor) == dead
    session.execute(update(TurnRow).where(mine, col(TurnRow.begun)).values(executor=None))
    taken = update(TurnRow).where(mine, ~col(TurnRow.begun)).values(executor=executor)
    return session.scalars(taken.returning(TurnRow)).all()


_of = col(TurnRow.thread) == bindparam("of")
_at = col(TurnRow.ts) == bindparam("at")
_JOINING = insert(table_of(TurnRow)).on_conflict_do_nothing()
_ENDING = delete(table_of(TurnRow)).where(_of, _at)
_TAKING_BACK = _ENDING.where(~col(TurnRow.begun))
_ANY = select(col(TurnRow.ts)).where(_of).limit(1)
_OVERHEARD = _ANY.where(col(TurnRow.overheard))
