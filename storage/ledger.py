"""What was decided, what it cost, and what was posted: written together when a story ends."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from storage.models import Call, Decision, Post


async def put(session: AsyncSession, *rows: SQLModel) -> None:
    """Write rows under their own keys; a row that is there already stays as it is."""
    tables: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(_values(row))
    for table, values in tables.items():
        await session.execute(insert(table).on_conflict_do_nothing(), values)


def _values(row: SQLModel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields}


async def calls(session: AsyncSession, ticket_id: int) -> Sequence[Call]:
    """The model calls made for a ticket, oldest first."""
    query = select(Call).where(col(Call.ticket_id) == ticket_id).order_by(col(Call.called_at))
    return (await session.scalars(query)).all()


async def calls_of(session: AsyncSession, message_key: str) -> Sequence[Call]:
    """The model calls made for a message, in their order."""
    query = select(Call).where(col(Call.message_key) == message_key).order_by(col(Call.key))
    return (await session.scalars(query)).all()


async def all_calls(session: AsyncSession) -> Sequence[Call]:
    """The whole ledger, oldest first."""
    return (await session.scalars(select(Call).order_by(col(Call.called_at)))).all()


async def cost(session: AsyncSession, ticket_id: int) -> int:
    """What the ticket's model calls have cost so far, in nano-dollars."""
    query = select(func.coalesce(func.sum(Call.nano_dollars), 0)).where(
        col(Call.ticket_id) == ticket_id
    )
    return int(await session.scalar(query) or 0)


async def decision(session: AsyncSession, message_key: str) -> Decision | None:
    """What was decided about a message, once its story has ended."""
    return await session.get(Decision, message_key)


async def post(session: AsyncSession, key: str) -> Post | None:
    """The bot's post under this key, if it has been recorded."""
    return await session.get(Post, key)


async def post_of(session: AsyncSession, ticket_id: int, kind: str) -> Post | None:
    """The first post of a kind for a ticket: its card, say."""
    query = (
        select(Post)
        .where(col(Post.ticket_id) == ticket_id, col(Post.kind) == kind)
        .order_by(col(Post.ts))
        .limit(1)
    )
    return (await session.scalars(query)).first()
