"""How far the bot may go in each channel: `desk.toml`, and what admins set over it in Slack."""

from typing import get_args

from bot.config.desk import Desk
from bot.config.modes import Mode
from storage.db.database import Database
from storage.tickets import channel_modes

MODES: tuple[Mode, ...] = get_args(Mode)


class ChannelModes:
    """The modes in force. Read once at start; every change goes through here."""

    def __init__(self, desk: Desk, store: Database) -> None:
        self.desk = desk
        self._store = store
        self._set: dict[str, Mode] = {}

    async def read_set_modes(self) -> None:
        """Take over what was set before."""
        rows = await self._store.read(channel_modes.all_channel_modes)
        self._set = {channel: mode for channel, mode in rows.items() if mode in MODES}

    def mode_of(self, channel: str, *, called: bool = False) -> Mode:
        """How far the bot may go; `called` says that somebody spoke to it there.

        Where an admin has set the mode that counts, except in the agents' channel.
        """
        listed = self.desk.mode(channel, called=called)
        return (
            listed if channel == self.desk.desk.agents_channel else self._set.get(channel, listed)
        )

    def speaks(self, channel: str) -> bool:
        """Whether the bot may say anything of its own in the channel."""
        return self.mode_of(channel, called=True) not in ("off", "shadow")

    def silenced(self, channel: str) -> bool:
        """Whether somebody has said that the bot has no business in the channel."""
        listed = any(each.id == channel for each in self.desk.channels)
        return (channel in self._set or listed) and self.mode_of(channel) == "off"

    def changed(self, channel: str) -> bool:
        """Whether the mode was set in Slack rather than in `desk.toml`."""
        return channel in self._set

    async def put(self, channel: str, mode: Mode, by: str) -> None:
        """Set the mode of a channel for good; it counts from the next message on."""
        await self._store.write(channel_modes.put_channel_mode, channel, mode, by)
        self._set[channel] = mode
