"""The real bot joined to an emulated workspace and a Claude stand-in, for the stories."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import Bot, running
from bot.desk import Desk, load_desk
from bot.settings import Settings
from emulator.claude import ClaudeEmulator
from emulator.slack import Channel, Message, Person, SlackEmulator
from storage import ledger, tickets
from storage.models import Call, Decision, Ticket

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"


@dataclass
class Workspace:
    """A channel with a customer, the agents' channel with an agent, and ways to look inside."""

    slack: SlackEmulator
    claude: ClaudeEmulator
    folder: Path
    orders: Channel
    agents: Channel
    linh: Person
    mai: Person
    settings: Settings
    desk: Desk
    bot: Bot | None = None

    async def handled(self, *messages: Message) -> None:
        """Wait until the story of each message has ended."""
        keys = {self.key(message) for message in messages}
        done = self.bot_or_fail().pipeline.finished
        await done.wait_for(keys)

    def bot_or_fail(self) -> Bot:
        if self.bot is None:
            raise AssertionError("the bot does not run")
        return self.bot

    def key(self, message: Message) -> str:
        return f"{self.slack.team_id}:{message.channel}:{message.ts}"

    async def ticket(self, message: Message) -> Ticket | None:
        async with self.bot_or_fail().store.read() as session:
            root = message.thread_ts or message.ts
            return await tickets.of_thread(session, self.slack.team_id, message.channel, root)

    async def decision(self, message: Message) -> Decision:
        async with self.bot_or_fail().store.read() as session:
            found = await ledger.decision(session, self.key(message))
        assert found is not None
        return found

    async def calls(self) -> list[Call]:
        async with self.bot_or_fail().store.read() as session:
            return list(await ledger.all_calls(session))
