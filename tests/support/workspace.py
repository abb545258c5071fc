"""The real bot joined to an emulated workspace and a Claude stand-in, for the stories."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from bot.app.bot import Bot, running
from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.settings import Settings
from emulator.claude import ClaudeEmulator
from emulator.claude.faults import Fault
from emulator.slack import Channel, Message, Person, SlackEmulator
from handlers.manifest import EVENTS, SCOPES
from storage.costs import ledger
from storage.db.database import Session
from storage.intake import inbox
from storage.reports import balance
from storage.reports.balance import MessageBalance
from storage.tickets import messages, tickets
from storage.tickets.tables import CallRow, Decision, Ticket
from storage.tickets.tables import Message as Row
from tests.support import speed

ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "demo" / "articles"
# Far longer than anything takes, so that a slow machine fails no test. Seconds.
PATIENCE = 600 if speed.PLAIN else 60
# Slack's clock for events that nobody acknowledged, a hundred times as fast. Seconds.
RETRIES = (0, 0.6, 3)


@dataclass(repr=False)  # asyncio writes down what a task returned, and drops it
class Workspace:
    """#orders with its customer Linh, the agent Mai there and in #desk, and ways to look in."""

    slack: SlackEmulator
    claude: ClaudeEmulator
    folder: Path
    orders: Channel
    agents: Channel
    linh: Person
    mai: Person
    stack: AsyncExitStack
    database_url: str
    cards_for: str = "people"
    # The intents whose answers are streamed; the others are posted when they are checked.
    streams: tuple[str, ...] = ()
    articles: Path = KNOWLEDGE
    more: tuple[Path, ...] = ()
    bot: Bot | None = None
    _life: AsyncExitStack | None = None

    async def start(self, desk_toml: str = "", **settings: Any) -> Bot:
        """Start the bot; `desk_toml` is appended to the shortest desk, `settings` override."""
        self._life = await self.stack.enter_async_context(AsyncExitStack())
        self.bot = await self._life.enter_async_context(
            running(self.configure(**settings), self.desk(desk_toml))
        )
        # Time passes when a test says so.
        self.bot.scheduler.stop()
        return self.bot

    async def stop(self) -> None:
        """Stop the bot as a signal would; it can be started again on the same database."""
        assert self._life is not None, "the bot was not started"
        await self._life.aclose()

    def configure(self, **settings: Any) -> Settings:
        """Settings that point at the emulators."""
        return Settings(
            _env_file=None,
            **{
                "slack_bot_token": self.slack.bot_token,
                "slack_app_token": self.slack.app_token,
                "slack_api_url": self.slack.api_url,
                "slack_pace": 0,
                "slack_moment": 0,
                "anthropic_api_key": self.claude.api_key,
                "anthropic_base_url": self.claude.url,
                "database_url": self.database_url,
                "desk_config": self.folder / "desk.toml",
                **settings,
            },
        )

    def desk(self, more: str = "") -> Desk:
        """Write `desk.toml` and read it."""
        path = self.folder / "desk.toml"
        shelves = json.dumps([str(folder) for folder in (self.articles, *self.more)])
        # Most stories are about one message; those about several in a row say so.
        apart = "" if "[bursts]" in more else "[bursts]\nseconds = 0\n"
        # Reading passages for their meaning takes longer than most stories do.
        words = "" if "[knowledge]" in more else "[knowledge]\nrerank = false\n"
        path.write_text(
            f"[stream]\nintents = {list(self.streams)}\n"
            f'[desk]\nagents_channel = "{self.agents.id}"\nknowledge = {shelves}\n'
            f'cards = "{self.cards_for}"\n{more}\n{apart}{words}',
            encoding="utf-8",
        )
        return load_desk(path)

    async def settled(self) -> None:
        """Wait until Slack has an acknowledgement of every event and every story has ended."""
        await self.slack.until(lambda: self.slack.delivered, timeout=PATIENCE)
        await self.running.pipeline.wait_idle()

    async def at(self, moment: datetime) -> None:
        """Let the clock strike a moment, and wait until what follows from it is done."""
        await self.running.scheduler.fire("tick", moment)
        await self.running.pipeline.wait_idle()
        await self.running.cards.wait_idle()

    async def strikes(self, job: str, moment: datetime) -> None:
        """Let the clock fire one of its other jobs; each moment fires it once."""
        await self.running.scheduler.fire(job, moment)
        await self.running.pipeline.wait_idle()

    async def asks(self, person: Person, text: str) -> Message:
        """Let a person type `/ticket …` in #orders; the answer that only they see."""
        outcome = await person.command("/ticket", text, self.orders)
        await self.slack.until(lambda: outcome.responses)
        return outcome.responses[0]

    async def hears(self, person: Person, text: str, **options: Any) -> Message:
        """Let a person post in #orders and wait until the bot is done with it."""
        message = await person.post(self.orders, text, **options)
        await self.settled()
        return message

    async def resumed(self) -> None:
        """Wait until the stories that an earlier life of the bot left unfinished have ended."""
        async with asyncio.timeout(PATIENCE):
            while await self.running.store.read(_unfinished):  # noqa: ASYNC110
                await asyncio.sleep(0.01)  # the store tells nobody that it changed
        await self.settled()

    async def until(self, predicate: Callable[[], Any]) -> None:
        """Wait until something can be seen in the workspace."""
        await self.slack.until(predicate, timeout=PATIENCE)

    async def held(self, person: Person, text: str, **options: Any) -> tuple[Message, Fault]:
        """Let a person post in #orders while the model call is held; `released.set()` ends that."""
        fault = self.claude.faults.add("hold", **options)
        message = await person.post(self.orders, text)
        async with asyncio.timeout(PATIENCE):
            await fault.struck.wait()
        return message, fault

    async def heard(self) -> None:
        """Wait until the bot has written down every event so far; its stories may go on."""
        await self.until(lambda: self.slack.delivered)

    @property
    def running(self) -> Bot:
        assert self.bot is not None, "the bot was not started"
        return self.bot

    def key(self, message: Message) -> str:
        return f"{self.slack.team_id}:{message.channel}:{message.ts}"

    def replies(self, message: Message) -> list[str]:
        """What the bot said in the message's thread."""
        return [
            each.text for each in self.slack.thread(message) if each.user == self.slack.bot_user_id
        ]

    def keys(self) -> list[str]:
        """The keys of everything the bot posted, of each post one, wherever it stands."""
        return [
            str(message.metadata["event_payload"]["key"])
            for channel in self.slack.workspace.channels.values()
            for message in self.slack.messages(channel)
            if message.user == self.slack.bot_user_id and message.metadata
        ]

    def cards(self) -> list[Message]:
        """The tickets' cards in the agents' channel."""
        return [
            each
            for each in self.slack.messages(self.agents)
            if each.user == self.slack.bot_user_id and each.thread_ts is None
        ]

    def asked(self, model: str | None = None) -> int:
        """How many requests the model got, of one model or of all."""
        return sum(model in (None, call.model) for call in self.claude.calls)

    async def row(self, message: Message) -> Row | None:
        return await self.running.store.read(messages.find_message, self.key(message))

    async def tickets(self) -> list[Ticket]:
        return list(await self.running.store.read(tickets.all_tickets))

    async def ticket(self, message: Message) -> Ticket | None:
        root = message.thread_ts or message.ts
        return await self.running.store.read(
            tickets.ticket_of_thread, self.slack.team_id, message.channel, root
        )

    async def decision(self, message: Message) -> Decision | None:
        return await self.running.store.read(ledger.find_decision, self.key(message))

    async def calls(self) -> list[CallRow]:
        return list(await self.running.store.read(ledger.all_calls))

    async def balance(self) -> MessageBalance:
        """What became of every message."""
        return await self.running.store.read(balance.message_balance)


def _unfinished(session: Session) -> int:
    """How many messages were taken in and have no outcome yet."""
    open_ = select(func.count()).where(col(Row.author) == "customer", col(Row.outcome).is_(None))
    return len(inbox.waiting_messages(session)) + (session.scalar(open_) or 0)


@asynccontextmanager
async def workspace(folder: Path, database_url: str | None = None) -> AsyncIterator[Workspace]:
    """An emulated workspace and a Claude stand-in; the bot starts when the test says so.

    `database_url` is a migrated database; without one the bot begins with none.
    """
    async with (
        SlackEmulator(events=EVENTS, scopes=SCOPES, retry_delays=RETRIES) as slack,
        ClaudeEmulator() as claude,
        AsyncExitStack() as stack,
    ):
        linh = slack.add_user("linh", real_name="Linh Nguyễn", locale="vi-VN")
        mai = slack.add_user("mai", real_name="Mai Trần")
        orders = slack.add_channel("orders", members=[linh, mai])
        agents = slack.add_channel("desk", members=[mai])
        url = database_url or f"sqlite:///{folder}/deskhand.db"
        yield Workspace(slack, claude, folder, orders, agents, linh, mai, stack, url)
