"""What was decided, what it cost, and what was posted: written together when a story ends."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel, col

from storage import daybook
from storage.columns import table_of
from storage.days import Days
from storage.models import Call, Decision, Post


def put(session: Session, *rows: SQLModel) -> Sequence[SQLModel]:
    """Write rows under their own keys; answers the new ones, the others stay as they are.

    New calls and decisions go into the day books in the same transaction.
    """
    tables: dict[type[SQLModel], list[SQLModel]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    fresh = [row for table, given in tables.items() for row in _put(session, table, given)]
    daybook.add(session, fresh)
    return fresh


def _put(session: Session, table: type[SQLModel], rows: Sequence[SQLModel]) -> Sequence[SQLModel]:
    key, written = _writing(table)
    session.flush()
    fresh = set(session.connection().scalars(written, [_values(row) for row in rows]))
    return [row for row in rows if getattr(row, key) in fresh]


@cache
def _writing(table: type[SQLModel]) -> tuple[str, ReturningInsert[tuple[str]]]:
    """The name of a table's key, and the statement, made once: every story writes five of them."""
    (key,) = table_of(table).primary_key
    return key.name, insert(table_of(table)).on_conflict_do_nothing().returning(key)


def _values(row: SQLModel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields}


def calls(session: Session, ticket_id: int) -> Sequence[Call]:
    """The model calls made for a ticket, oldest first."""
    query = select(Call).where(col(Call.ticket_id) == ticket_id).order_by(col(Call.called_at))
    return session.scalars(query).all()


def calls_of(session: Session, message_key: str) -> Sequence[Call]:
    """The model calls made for a message, in their order."""
    query = select(Call).where(col(Call.message_key) == message_key).order_by(col(Call.key))
    return session.scalars(query).all()


def within(session: Session, days: Days) -> Sequence[Call]:
    """The model calls of some days, oldest first."""
    moment = col(Call.called_at)
    query = select(Call).where(moment >= days.start, moment < days.end).order_by(moment)
    return session.scalars(query).all()


def all_calls(session: Session) -> Sequence[Call]:
    """The whole ledger, oldest first."""
    return session.scalars(select(Call).order_by(col(Call.called_at))).all()


def cost(session: Session, ticket_id: int) -> int:
    """What the ticket's model calls have cost so far, in nano-dollars."""
    best = func.coalesce(Call.recost, Call.nano_dollars)
    query = select(func.coalesce(func.sum(best), 0)).where(col(Call.ticket_id) == ticket_id)
    return int(session.scalar(query) or 0)


def decision(session: Session, message_key: str) -> Decision | None:
    """What was decided about a message, once its story has ended."""
    return session.get(Decision, message_key)


def post(session: Session, key: str) -> Post | None:
    """The bot's post under this key, if it has been recorded."""
    return session.get(Post, key)


def post_of(session: Session, ticket_id: int, kind: str) -> Post | None:
    """The first post of a kind for a ticket: its card, say."""
    query = (
        select(Post)
        .where(col(Post.ticket_id) == ticket_id, col(Post.kind) == kind)
        .order_by(col(Post.ts))
        .limit(1)
    )
    return session.scalars(query).first()
