"""What was decided, what it cost, and what was posted: written together when a story ends."""

from collections.abc import Sequence
from datetime import date, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from storage.costs import daily_totals
from storage.costs.days import Days, day_of
from storage.db import lookup
from storage.db.insert import insert_new
from storage.tickets.tables import CallRow, Decision, Post


def put_rows(session: Session, *given: SQLModel) -> Sequence[SQLModel]:
    """Write rows under their own keys; answers the new ones, the others stay as they are.

    New calls and decisions go into the daily totals in the same transaction.
    """
    tables: dict[type[SQLModel], list[SQLModel]] = {}
    for row in given:
        tables.setdefault(type(row), []).append(row)
    fresh = [row for some in tables.values() for row in insert_new(session, some)]
    daily_totals.add_to_totals(session, fresh)
    return fresh


def calls_of_ticket(session: Session, ticket_id: int) -> Sequence[CallRow]:
    """The model calls made for a ticket, oldest first."""
    query = (
        select(CallRow).where(col(CallRow.ticket_id) == ticket_id).order_by(col(CallRow.called_at))
    )
    return session.scalars(query).all()


def calls_of_message(session: Session, message_key: str) -> Sequence[CallRow]:
    """The model calls made for a message, in their order."""
    query = (
        select(CallRow).where(col(CallRow.message_key) == message_key).order_by(col(CallRow.key))
    )
    return session.scalars(query).all()


def calls_within(session: Session, days: Days) -> Sequence[CallRow]:
    """The model calls of some days, oldest first."""
    moment = col(CallRow.called_at)
    query = select(CallRow).where(moment >= days.start, moment < days.end).order_by(moment)
    return session.scalars(query).all()


def first_day(session: Session, zone: tzinfo) -> date | None:
    """The day of the first call; None where there was none yet."""
    first = session.scalars(select(func.min(col(CallRow.called_at)))).first()
    return day_of(first, zone) if first is not None else None


def all_calls(session: Session) -> Sequence[CallRow]:
    """The whole ledger, oldest first."""
    return session.scalars(select(CallRow).order_by(col(CallRow.called_at))).all()


def find_decision(session: Session, message_key: str) -> Decision | None:
    """What was decided about a message, once its story has ended."""
    return lookup.find_row(session, Decision, message_key)


def find_post(session: Session, key: str) -> Post | None:
    """The bot's post under this key, if it has been recorded."""
    return lookup.find_row(session, Post, key)


def first_post_of_ticket(session: Session, ticket_id: int, kind: str) -> Post | None:
    """The first post of a kind for a ticket: its card, say."""
    query = (
        select(Post)
        .where(col(Post.ticket_id) == ticket_id, col(Post.kind) == kind)
        .order_by(col(Post.ts))
        .limit(1)
    )
    return session.scalars(query).first()
