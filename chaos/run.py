"""A run: everybody begins, everything fails, and in the end all of it is looked at."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos import plan as shares
from chaos.evidence import Evidence, gather
from chaos.fleet import Fleet, environment
from chaos.people import Agents, Crowd
from chaos.plan import Plan
from chaos.rows import read_rows, undone
from emulator.claude import ClaudeEmulator
from emulator.slack import SlackEmulator

# Seconds in which something has to move, once nothing fails any more, until the desk is done.
STANDSTILL = 180.0
# What agents wait for at the end, and how long they then act at least. Cards, and seconds.
CARDS, LEAST_AFTERMATH = 5, 15.0
# Seconds that a model takes.
LATENCY = 0.3


@dataclass(frozen=True)
class Drained:
    """The seconds until everything was done; None where something stood still, and what."""

    seconds: float | None
    left: Counter[str]


@dataclass(frozen=True)
class Told:
    """What came of a run."""

    evidence: Evidence
    agents: Agents
    starts: int
    drained: Drained


async def play(plan: Plan, folder: Path, database: str) -> Told:
    """Play it on a database that is there for nothing else."""
    async with (
        SlackEmulator(retry_delays=plan.retries) as slack,
        ClaudeEmulator(latency={"*": LATENCY}) as claude,
    ):
        crowd = Crowd(slack, plan)
        told = environment(folder, slack, claude, crowd.desk, database)
        fleet = Fleet(folder, told, slack, plan.replicas)
        fleet.begin()
        await fleet.listening(plan.replicas)
        trouble(slack, claude, plan)
        try:
            await _during(crowd.write(), _harm(fleet, slack, plan), crowd.work())
            slack.faults.clear()
            claude.faults.clear()
            await fleet.listening(1)
            await _aftermath(crowd, fleet, plan)
            drained = await _drained(fleet, slack, database, len(crowd.said))
        finally:
            await fleet.stop()
        rows = await asyncio.to_thread(read_rows, database)
        evidence = gather(slack, claude, crowd, rows, fleet.kills, fleet.ends)
        return Told(evidence, crowd.did, fleet.starts, drained)


def trouble(slack: SlackEmulator, claude: ClaudeEmulator, plan: Plan) -> None:
    """Let Slack and Claude fail as often as the plan says."""
    faults, seed = slack.faults, plan.seed
    faults.events_sometimes("twice", shares.TWICE, seed)
    faults.events_sometimes("out_of_order", shares.OUT_OF_ORDER, seed)
    faults.sometimes("chat.postMessage", "drop_after", shares.CUT_AFTER_POST, seed)
    faults.sometimes("*", "ratelimited", shares.SLACK_BUSY, seed, retry_after=1)
    faults.sometimes("*", "server_error", shares.SLACK_BROKEN, seed)
    part = shares.CLAUDE_TROUBLE / 4
    claude.faults.sometimes("rate_limited", part, seed, retry_after=1)
    for kind in ("overloaded", "server_error", "cut"):
        claude.faults.sometimes(kind, part, seed)


async def _during(work: Coroutine[Any, Any, None], *beside: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.create_task(each) for each in beside]
    try:
        await work
    finally:
        for each in tasks:
            each.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _aftermath(crowd: Crowd, fleet: Fleet, plan: Plan) -> None:
    """Agents go on for a while once there are cards, and processes are killed meanwhile."""
    with suppress(TimeoutError):
        await fleet.slack.until(lambda: len(crowd.cards) >= CARDS, timeout=STANDSTILL)
    tasks = [asyncio.create_task(each) for each in (crowd.work(), _kills(fleet, plan))]
    await asyncio.sleep(max(LEAST_AFTERMATH, plan.seconds / 3))
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _harm(fleet: Fleet, slack: SlackEmulator, plan: Plan) -> None:
    """Kills, losses of sockets, and two times in which nobody is there."""
    await asyncio.gather(_kills(fleet, plan), _losses(slack), _darkness(fleet, plan))


async def _kills(fleet: Fleet, plan: Plan) -> None:
    draw = random.Random(f"kills {plan.seed}")  # noqa: S311 - the same kills every time
    while True:
        await asyncio.sleep(shares.KILL_EVERY)
        fleet.kill_one(draw)


async def _losses(slack: SlackEmulator) -> None:
    hard = False
    while True:
        await asyncio.sleep(shares.SOCKETS_EVERY)
        await slack.drop_sockets(hard=hard)
        hard = not hard


async def _darkness(fleet: Fleet, plan: Plan) -> None:
    for _ in range(2):
        await asyncio.sleep(plan.seconds / 3 - plan.dark / 2)
        await fleet.dark(plan.dark)


async def _drained(fleet: Fleet, slack: SlackEmulator, database: str, said: int) -> Drained:
    """Wait until nothing is left to do, or until no more of it gets done."""
    began = moved = time.monotonic()
    before: Counter[str] | None = None
    while time.monotonic() - moved < STANDSTILL:
        await asyncio.sleep(1)
        left = undone(await asyncio.to_thread(read_rows, database), said)
        # Jobs call Slack for ever: only what is left tells whether anything still moves.
        if left != before:
            before, moved = left, time.monotonic()
        if fleet.connected and slack.delivered and not left:
            # What follows from the last story is drawn and said, and read back once more.
            await asyncio.sleep(3)
            left = undone(await asyncio.to_thread(read_rows, database), said)
            if not left:
                return Drained(time.monotonic() - began, left)
    return Drained(None, before or Counter())
