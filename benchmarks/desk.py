"""How long people wait for `/ticket` and the Home at a desk with years behind it.

    python -m benchmarks.desk --tickets 1000000

Measured at the handler: from the command as it was read to the message that answers it. The rights
are asked of an emulated workspace, as in the product; Slack's own time is not in it.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import aiohttp

from benchmarks import archive
from benchmarks.archive import AGENTS, CHANNELS, FIRST, RARE, Archive
from benchmarks.digest import alarms_of, budget_watch_of
from bot.config.desk_file import load_desk
from bot.config.settings import Settings
from bot.health.illness import IllnessNotices
from bot.messages.channel_modes import ChannelModes
from bot.runtime.tasks import BackgroundTasks
from bot.workspace.app_standing import AppStanding
from emulator.slack import SlackEmulator
from handlers.commands.asked import TicketDesk
from handlers.commands.lists import ListPage, TicketLists
from handlers.commands.parse import TicketCommand
from handlers.commands.slash_ticket import TicketCommands
from handlers.connection.client import web_client
from handlers.events.home import HomeTab
from handlers.slack.agents import AgentRoster, AgentRule, Staff
from handlers.slack.people import People
from handlers.slack.permissions import Permissions
from handlers.views.home import HomePlace
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.db.migrate import upgrade_database
from storage.tickets import due

Work = Callable[[int], Awaitable[Any]]


@dataclass(frozen=True)
class Case:
    """Something people do, how often it is done, and the milliseconds that p99 has to stay under.

    Without a bound it is only reported.
    """

    name: str
    work: Work
    times: int
    bound: float | None = None


async def main(tickets: int, folder: Path, rounds: int) -> int:
    """Build the store, measure, and print; 1 when a bound was broken."""
    file = folder / f"archive-{tickets}.db"
    started = time.monotonic()
    if file.exists():
        upgrade_database(f"sqlite:///{file}")
        built = Archive(file, tickets, tickets * archive.MESSAGES, FIRST + tickets - 1)
    else:
        built = archive.build(file, tickets)
    size = file.stat().st_size / 2**20
    print(
        f"{built.tickets:,} tickets, {built.messages:,} messages, {size:,.0f} MiB, "
        f"built in {time.monotonic() - started:.0f} s"
    )
    async with AsyncExitStack() as stack:
        cases = await _cases(stack, built, rounds)
        broken = [await _measure(case) for case in cases]
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")
    return int(any(broken))


async def _measure(case: Case) -> bool:
    """Time a case and print its line; whether it broke its bound."""
    taken = []
    for turn in range(case.times):
        started = time.perf_counter()
        await case.work(turn)
        taken.append((time.perf_counter() - started) * 1000)
    cuts = quantiles(taken, n=100, method="inclusive")
    broken = case.bound is not None and cuts[98] > case.bound
    bound = f"under {case.bound:g}" if case.bound else ""
    mark = "BROKEN" if broken else ""
    print(
        f"{case.name:<48} p50 {cuts[49]:8.1f}  p99 {cuts[98]:8.1f}  max {max(taken):8.1f} ms  "
        f"{bound} {mark}".rstrip()
    )
    return broken


async def _cases(stack: AsyncExitStack, built: Archive, rounds: int) -> list[Case]:
    commands, lists, home, store = await _listeners(stack, built)
    chance = Random(7)  # noqa: S311 - a benchmark guards nothing
    numbers = [chance.randrange(FIRST, built.newest) for _ in range(rounds)]

    def typed(verb: str, rest: str) -> Work:
        return lambda _turn: commands.answer(TicketCommand(AGENTS[0], verb, rest, "t", CHANNELS[0]))

    async def one(turn: int) -> Any:
        number = str(numbers[turn])
        return await commands.answer(TicketCommand(AGENTS[0], "show", number, "t", CHANNELS[0]))

    async def look(_turn: int) -> Any:
        return await store.read(due.due_tickets, utc_now(), 100)

    def shown(tab: Any, **options: Any) -> Work:
        return lambda _turn: home.drawn(AGENTS[0], HomePlace(tab, **options))

    deep = ListPage("queue", "", tuple(range(0, 210, 10)))
    return [
        Case("/ticket 1042", one, rounds, 50),
        Case("/ticket mine", typed("mine", ""), rounds, 200),
        Case("/ticket queue", typed("queue", ""), rounds, 200),
        Case("/ticket queue urgent unassigned", typed("queue", "urgent unassigned"), rounds, 200),
        Case("/ticket queue owner:", typed("queue", f"owner:<@{AGENTS[3]}>"), rounds, 200),
        Case("/ticket queue, page 21", lambda _turn: lists.show(AGENTS[0], deep), rounds, 200),
        Case("find, a common word", typed("find", "order"), rounds, 200),
        Case("find, three words without accents", typed("find", "don hang tre"), rounds, 200),
        Case("find, a phrase", typed("find", '"rice cooker is broken"'), rounds, 200),
        Case("find, an order number", typed("find", "VN123456"), rounds, 200),
        Case("find, a rare word", typed("find", RARE), rounds, 200),
        Case("find, nothing there", typed("find", "zebra order"), rounds, 200),
        Case("find status:open common", typed("find", "order status:open"), rounds, 200),
        Case("find from:, a common word", typed("find", "order from:<@UCUST00042>"), rounds, 200),
        Case("find, common with a rare filter", typed("find", "order owner:<@UNOBODY>"), 20, 200),
        Case("find, common in a rare channel", typed("find", "order in:<#CNEW>"), 20, 200),
        Case("find before:, filters only", typed("find", "before:900d priority:urgent"), 50, 200),
        Case("find from:, filters only", typed("find", "from:<@UCUST00042>"), rounds, 200),
        Case("Home, queue", shown("queue"), rounds, 200),
        Case("Home, queue of a category", shown("queue", intent="complaint"), rounds, 200),
        Case("Home, mine", shown("mine"), rounds, 200),
        Case("Home, due soon", shown("due"), rounds, 200),
        Case("Home, stats", shown("stats"), 20, 200),
        Case("Home, the desk", shown("desk"), 20, 200),
        Case("/ticket stats 7d", typed("stats", "7d"), 20),
        Case("/ticket stats 92d", typed("stats", "92d"), 5),
        Case("the clock looks what is due", look, rounds, 50),
    ]


class _Staff(AgentRoster):
    """The agents of the archive, whom no workspace knows."""

    async def staff(self) -> Staff:
        return Staff(frozenset(AGENTS))


async def _listeners(
    stack: AsyncExitStack, built: Archive
) -> tuple[TicketCommands, TicketLists, HomeTab, Database]:
    """The handlers as the product builds them, at an emulated workspace."""
    slack = await stack.enter_async_context(SlackEmulator(events=()))
    channel = slack.add_channel("desk")
    for name in CHANNELS:
        slack.add_channel(name.lower())
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    config = folder / "desk.toml"
    config.write_text(
        f'[desk]\nagents_channel = "{channel.id}"\nadmins = ["{AGENTS[0]}"]\n', encoding="utf-8"
    )
    desk = load_desk(config)
    settings = Settings(
        _env_file=None,
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
        slack_pace=0,
        anthropic_api_key="unused",
    )
    store = Database(f"sqlite:///{built.file}")
    stack.push_async_callback(store.close)
    session = await stack.enter_async_context(aiohttp.ClientSession())
    client = web_client(settings, session)
    rule = AgentRule(desk.desk.agents, channel.id, slack.bot_user_id)
    access = Permissions(client, _Staff(client, People(client), rule), desk.desk.admins)
    background = BackgroundTasks()
    lists = TicketLists(store, access, desk)
    work: Any = None  # nothing is changed here
    home = HomeTab(
        client,
        store,
        access,
        ChannelModes(desk, store),
        budget_watch_of(store, desk),
        alarms_of(store, desk),
        background,
        standing=AppStanding(1),
        illness=IllnessNotices(work, channel.id, work),
    )
    ticket_desk = TicketDesk(client, store, access, work, work, work, work, work, lists)
    return TicketCommands(ticket_desk, background), lists, home, store


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=Path("benchmarks/results"))
    return parser.parse_args()


if __name__ == "__main__":
    chosen = _arguments()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    raise SystemExit(asyncio.run(main(chosen.tickets, chosen.folder, chosen.rounds)))
