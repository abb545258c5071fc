"""How far the bot may go in a channel, where an admin has said so from within Slack."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.columns import utc_now
from storage.models import ChannelMode


async def all_of(session: AsyncSession) -> Mapping[str, str]:
    """Every mode that was set, by channel."""
    rows = await session.execute(select(col(ChannelMode.channel_id), col(ChannelMode.mode)))
    return {row.channel_id: row.mode for row in rows}


async def put(session: AsyncSession, channel: str, mode: str, by: str) -> None:
    """Set the mode of a channel; the last word counts."""
    values = {"mode": mode, "set_by": by, "set_at": utc_now()}
    row = insert(ChannelMode).values(channel_id=channel, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["channel_id"], set_=values))
