"""Running one scenario on a bot of its own."""

import asyncio
import gc
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import archive
from benchmarks.calls import each_method, each_outcome
from benchmarks.crowd import Crowd, Sent
from benchmarks.figures import (
    Figures,
    Spread,
    Start,
    added,
    doubled,
    in_thirds,
    out_of_order,
    stages,
    threads,
)
from benchmarks.process import COMMANDS, BotProcesses, Place, bot_processes, machine_cpu_seconds
from benchmarks.scenarios import Scenario, drained, drive
from benchmarks.wire import Wire
from demo.server import embedded_server
from emulator.claude import ClaudeEmulator
from emulator.slack import SlackEmulator
from handlers.manifest import EVENTS

# Answered before the clock starts: imports, connections and the prompt cache are warm then.
WARM_UP = 16
PROBE = 0.005
# A post that is doubled has shown by then. Seconds.
SETTLE = 1.0
# What a start leaves for later is done by then. Seconds.
REST = 3.0


async def measure(scenario: Scenario) -> Figures:
    """Run the scenario against a fresh bot and a fresh workspace."""
    load = round(os.getloadavg()[0], 2)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackEmulator(events=EVENTS))
        claude = await stack.enter_async_context(ClaudeEmulator(latency=scenario.latency))
        crowd = Crowd(slack)
        agents = slack.add_channel("agents", [slack.add_user("agent")])
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="deskhand-bench-")))
        database = stack.enter_context(_database(scenario, folder))
        place = Place(folder, slack, claude, agents, database)
        start = partial(bot_processes, place, COMMANDS[scenario.bot])
        async with start():
            pass  # for the tables and the articles: nobody waits for those a second time
        began = time.monotonic()
        bot = await stack.enter_async_context(start(scenario.processes))
        started = await _started(bot, began)
        run = Run(scenario, slack, crowd, Wire(slack, claude), bot, started)
        await bot.during(run.warm_up())
        # Looking at all that is imported holds this process up for a third of a second.
        gc.collect()
        gc.freeze()
        return _figures(run, await bot.during(run.taken()), load)


@contextmanager
def _database(scenario: Scenario, folder: Path) -> Iterator[str]:
    if scenario.database == "sqlite":
        file = folder / "deskhand.db"
        if scenario.tickets:
            archive.build(file, scenario.tickets)
        yield f"sqlite:///{file}"
        return
    with embedded_server() as url:
        yield url


async def _started(bot: BotProcesses, began: float) -> Start:
    """How long a bot that listens took for that, and what it is at rest."""
    seconds, cpu = time.monotonic() - began, bot.cpu_seconds()
    await asyncio.sleep(REST)
    return Start(round(seconds, 2), round(cpu, 2), round(bot.resident_mb(), 1))


@dataclass(frozen=True)
class Cpu:
    """Processor seconds used: by the bot, by this process, and by the machine as a whole."""

    bot: float
    own: float
    machine: float

    @classmethod
    def now(cls, bot: BotProcesses) -> "Cpu":
        return cls(bot.cpu_seconds(), time.process_time(), machine_cpu_seconds())

    def since(self, then: "Cpu") -> "Cpu":
        return Cpu(self.bot - then.bot, self.own - then.own, self.machine - then.machine)


@dataclass(frozen=True)
class Taken:
    """What was read off while the load was on."""

    sent: list[Sent]
    began: float
    ended: float
    cpu: Cpu
    calls_before: int
    outcomes: dict[str, str]
    lags: list[float]
    stories: list[dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """One scenario and the parts it runs on."""

    scenario: Scenario
    slack: SlackEmulator
    crowd: Crowd
    wire: Wire
    bot: BotProcesses
    start: Start

    async def warm_up(self) -> None:
        """Have a few messages answered, one after the other."""
        for number in range(1, WARM_UP + 1):
            await self.crowd.speak()
            await drained(self.slack, self.wire, number)

    async def taken(self) -> Taken:
        """Drive the load and wait for the last answer."""
        lags: list[float] = []
        probe = asyncio.create_task(_probe(lags))
        cpu, calls = Cpu.now(self.bot), len(self.slack.calls)
        began = time.monotonic()
        sent = await drive(self.scenario, self.crowd, self.slack, self.wire)
        ended = await drained(self.slack, self.wire, WARM_UP + len(sent))
        await asyncio.sleep(SETTLE)
        probe.cancel()
        return Taken(
            sent,
            began,
            ended,
            Cpu.now(self.bot).since(cpu),
            calls,
            self._outcomes(),
            lags,
            self.bot.told("message handled")[WARM_UP:],
        )

    def _outcomes(self) -> dict[str, str]:
        """What the bot says became of each message, by its ts."""
        return {
            str(story["message"]).rpartition(":")[2]: str(story["outcome"])
            for story in self.bot.told("message handled")
        }


async def _probe(lags: list[float]) -> None:
    """How late this process's own loop runs, in ms: a generator that lags blames the bot."""
    while True:
        due = time.monotonic() + PROBE
        await asyncio.sleep(PROBE)
        lags.append((time.monotonic() - due) * 1000)


def _figures(run: Run, taken: Taken, load: float) -> Figures:
    sent, slack = taken.sent, run.slack
    calls = slack.calls[taken.calls_before :]
    trails = run.wire.trails(sent)
    by_thread = threads(sent, trails)
    closed = [(each, trail) for each, trail in zip(sent, trails, strict=True) if trail.closings]
    seconds = taken.ended - taken.began
    deliveries = run.wire.deliveries(run.crowd.ids, taken.began)
    return Figures(
        messages=len(sent),
        ack=Spread.of(each.ack_ms for each in deliveries if each.ack_ms is not None),
        sign=Spread.of((trail.seen_at - each.at) * 1000 for each, trail in closed),
        whole=Spread.of((trail.closed_at - each.at) * 1000 for each, trail in closed),
        added=Spread.of(ms for thread in by_thread for ms in added(thread)),
        stages=stages(taken.stories),
        outcomes=dict(Counter(story["outcome"] for story in taken.stories)),
        seconds=round(seconds, 2),
        per_second=round(len(sent) / seconds, 1),
        per_second_in_thirds=in_thirds([trail.closed_at for _, trail in closed], taken.began),
        cpu_ms=round(taken.cpu.bot * 1000 / len(sent), 1),
        emulator_cpu_ms=round(taken.cpu.own * 1000 / len(sent), 1),
        peak_mb=round(run.bot.peak_mb(), 1),
        start=run.start,
        slack_calls=round(len(calls) / len(sent), 2),
        by_method=each_method(calls, len(sent)),
        by_outcome=each_outcome(calls, sent, taken.outcomes),
        generator_lag=Spread.of(taken.lags),
        model_seconds=round(sum(span.seconds for trail in trails for span in trail.model), 1),
        redelivered=sum(each.attempt > 0 for each in slack.deliveries),
        unacknowledged=sum(each.ack_ms is None for each in deliveries),
        lost=len(sent) - len(closed),
        doubled=doubled(slack, trails),
        out_of_order=sum(out_of_order(thread) for thread in by_thread),
        load_before=load,
        others=round((taken.cpu.machine - taken.cpu.bot - taken.cpu.own) / (seconds + SETTLE), 2),
    )
