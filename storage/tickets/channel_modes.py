"""How far the bot may go in a channel, where an admin has said so from within Slack."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow


class ChannelMode(StoredRow, table=True):
    """How far the bot may go in a channel, as an admin set it over `desk.toml`."""

    __tablename__ = "channel_modes"

    channel_id: str = Field(primary_key=True)
    mode: str
    set_by: str
    set_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def all_channel_modes(session: Session) -> Mapping[str, str]:
    """Every mode that was set, by channel."""
    rows = session.execute(select(col(ChannelMode.channel_id), col(ChannelMode.mode)))
    return {row.channel_id: row.mode for row in rows}


def put_channel_mode(session: Session, channel: str, mode: str, by: str) -> None:
    """Set the mode of a channel; the last word counts."""
    values = {"mode": mode, "set_by": by, "set_at": utc_now()}
    row = insert(ChannelMode).values(channel_id=channel, **values)
    session.execute(row.on_conflict_do_update(index_elements=["channel_id"], set_=values))
