"""`python -m demo`: a day at the desk on an emulated workspace."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import NamedTuple

from rich.console import Console

from bot.app.bot import Bot, running
from bot.cli.terminal.digest_tables import show_digest
from bot.llm.price_files import load_catalogue
from bot.messages.outcomes import UNANSWERED
from bot.reports.gaps import find_gaps
from bot.runtime.logs import configure_logs
from demo import stage, telling
from demo.day import Played, play, told
from demo.desk import work
from demo.evening import evening, notices, publish
from demo.script import Says
from demo.server import NoServer, embedded_server
from demo.stage import Stage
from emulator.claude import ClaudeEmulator
from shop import Shop
from storage.costs import ledger
from storage.reports import balance as reports_balance
from storage.reports.gaps import unanswered
from storage.tickets import tickets

ANTHROPIC = "https://api.anthropic.com"


class Model(NamedTuple):
    """What answers: its address, its key, its name, and the stand-in if it is one."""

    url: str
    key: str
    name: str
    stand_in: ClaudeEmulator | None = None


Models = AbstractAsyncContextManager[Model]


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the day as the command's arguments say; 0 when everything adds up."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the day, without a prompt")
    parser.add_argument("--fast", action="store_true", help="let the stand-in answer faster")
    parser.add_argument("--digest", action="store_true", help="print the whole digest at the end")
    parser.add_argument(
        "--claude", choices=("stand-in", "real"), default="stand-in", help="which model answers"
    )
    parser.add_argument(
        "--postgres", action="store_true", help="keep the data in a PostgreSQL of the demo's own"
    )
    chosen = parser.parse_args(arguments)
    if chosen.claude == "real" and not os.environ.get("ANTHROPIC_API_KEY"):
        print("--claude=real needs ANTHROPIC_API_KEY in the environment", file=sys.stderr)
        return 2
    configure_logs("WARNING", "text")
    models = _real() if chosen.claude == "real" else _stand_in(fast=chosen.fast)
    try:
        with embedded_server() if chosen.postgres else nullcontext("") as database:
            return asyncio.run(_day(models, database, ends=chosen.once, whole=chosen.digest))
    except NoServer as problem:
        print(problem, file=sys.stderr)
        return 2


async def _day(models: Models, database: str, *, ends: bool, whole: bool) -> int:
    console = Console(width=None if sys.stdout.isatty() else 140)
    async with models as model, stage.workspace() as slack, Shop() as shop:
        telling.opening(console, model.name)
        built = stage.build(slack, model.stand_in)
        configured = stage.configure(built, model.url, model.key, shop, database)
        async with running(*configured) as bot:
            account = await _play(console, built, bot, whole=whole)
            if not ends and sys.stdin.isatty():
                await _prompt(console, built, bot)
    return 0 if account.adds_up else 1


@asynccontextmanager
async def _real() -> AsyncIterator[Model]:
    url = os.environ.get("ANTHROPIC_BASE_URL", ANTHROPIC)
    yield Model(url, os.environ["ANTHROPIC_API_KEY"], "the real Claude API")


@asynccontextmanager
async def _stand_in(*, fast: bool) -> AsyncIterator[Model]:
    async with stage.claude_stand_in(fast=fast) as claude:
        yield Model(claude.url, claude.api_key, "a Claude stand-in that quotes articles", claude)


async def _play(console: Console, built: Stage, bot: Bot, *, whole: bool) -> telling.Account:
    played = Played({}, [])
    async for each in play(built, bot, played):
        telling.scene(console, each, telling.channel_name(built.slack, each.message))
    async for each in evening(built, bot, played):
        telling.scene(console, each, telling.channel_name(built.slack, each.message))
    telling.desk_opens(console)
    async for done in work(built, bot, played):
        telling.worked(console, done, {each.id: each.name for each in built.people.values()})
    opened = await bot.store.read(tickets.all_tickets)
    calls = await bot.store.read(ledger.all_calls)
    balance = await bot.store.read(reports_balance.message_balance)
    unfinished = await bot.store.read(tickets.unfinished_messages)
    spent: dict[int, int] = {}
    for call in calls:
        spent[call.ticket_id or 0] = spent.get(call.ticket_id or 0, 0) + call.nano_dollars
    telling.ticket_table(console, opened, spent)
    account = telling.Account(
        posted=len(played.posted),
        balance=balance,
        doubled=telling.doubled_posts(built.slack),
        unfinished=unfinished,
        calls=calls,
    )
    telling.closing(console, account, load_catalogue())
    asked = await bot.store.read(unanswered, UNANSWERED, datetime.min.replace(tzinfo=UTC))
    telling.gaps(console, find_gaps(asked))
    digest, picture = await publish(built, bot)
    telling.money(console, notices(built), digest, picture)
    if whole:
        show_digest(console, digest)
    return account


async def _prompt(console: Console, built: Stage, bot: Bot) -> None:
    """Let the visitor be a customer."""
    console.print("\nWrite to the desk as Tom in #orders; an empty line ends.")
    while text := (await asyncio.to_thread(input, "tom> ")).strip():
        message = await built.says("tom", text)
        await built.slack.until(lambda: built.slack.delivered, timeout=60)
        await bot.pipeline.wait_idle()
        says = Says("prompt", "tom", text)
        telling.scene(console, await told(built, bot, says, message), "#orders")


if __name__ == "__main__":
    sys.exit(main())
