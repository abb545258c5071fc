"""The loads: how many messages come, how fast, and how long the models take."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.crowd import Crowd, Sent
from benchmarks.wire import Wire
from emulator.slack import SlackEmulator

NO_LATENCY = {"*": 0.0}
# Typical of the models, to the whole reply. Seconds.
LATENCY = {"claude-haiku-5-5": 0.35, "*": 0.8}
PATIENCE = 180.0


@dataclass(frozen=True)
class Scenario:
    """One load, on the desk or on the plain bot.

    `rate` is messages/s when paced, `in_flight` the most unanswered when closed.
    """

    name: str
    load: Literal["paced", "burst", "closed"]
    messages: int
    latency: dict[str, float]
    rate: float = 8.0
    in_flight: int = 60
    bot: Literal["desk", "plain"] = "desk"
    database: Literal["sqlite", "postgresql"] = "sqlite"
    processes: int = 1
    # So many old tickets stand in the database before.
    tickets: int = 0

    def describe(self) -> str:
        """The load in words."""
        who = ", the plain bot" if self.bot == "plain" else ""
        if self.database == "postgresql":
            who = f", on PostgreSQL, {self.processes} process(es)"
        if self.tickets:
            who += f", {self.tickets:,} old tickets"
        models = "models at 350/800 ms" if self.latency is LATENCY else "models at 0 ms"
        match self.load:
            case "paced":
                return f"{self.messages} messages at {self.rate:g}/s, {models}{who}"
            case "burst":
                return f"{self.messages} messages at once, {models}"
            case "closed":
                return f"{self.messages} messages, {self.in_flight} in flight, {models}{who}"


SCENARIOS = (
    Scenario("paced", "paced", 480, NO_LATENCY),
    Scenario("paced-models", "paced", 480, LATENCY),
    Scenario("burst", "burst", 500, LATENCY),
    Scenario("sustained", "closed", 1500, NO_LATENCY),
    Scenario("plain", "closed", 1500, NO_LATENCY, bot="plain"),
)
# The same desk on a server, alone and with a second process.
ON_A_SERVER = (
    Scenario("server-paced", "paced", 480, NO_LATENCY, database="postgresql"),
    Scenario("server-one", "closed", 1500, NO_LATENCY, database="postgresql"),
    Scenario("server-two", "closed", 1500, NO_LATENCY, database="postgresql", processes=2),
    SCENARIOS[-1],
)


def shortened(scenario: Scenario) -> Scenario:
    """The quick version: a sixth of the messages."""
    return replace(scenario, messages=scenario.messages // 6)


async def drive(scenario: Scenario, crowd: Crowd, slack: SlackEmulator, wire: Wire) -> list[Sent]:
    """Post the scenario's messages; returns when the last is posted, not when it is answered."""
    match scenario.load:
        case "paced":
            return await _paced(crowd, scenario.messages, scenario.rate)
        case "burst":
            return [await crowd.speak() for _ in range(scenario.messages)]
        case "closed":
            return await _closed(scenario, crowd, slack, wire)


async def _paced(crowd: Crowd, messages: int, rate: float) -> list[Sent]:
    began = time.monotonic()
    sent = []
    for number in range(messages):
        # Towards a fixed timetable, so that a late message does not push the others back.
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        sent.append(await crowd.speak())
    return sent


async def _closed(scenario: Scenario, crowd: Crowd, slack: SlackEmulator, wire: Wire) -> list[Sent]:
    before = wire.closed
    sent: list[Sent] = []

    def room() -> bool:
        return len(sent) - (wire.closed - before) < scenario.in_flight

    while len(sent) < scenario.messages:
        await slack.until(room, timeout=PATIENCE)
        sent.append(await crowd.speak())
    return sent


async def drained(slack: SlackEmulator, wire: Wire, messages: int) -> float:
    """Wait until so many messages are closed and every event is acknowledged.

    Returns the moment of the last closing post. What is still open after PATIENCE seconds counts as
    lost.
    """
    with suppress(TimeoutError):
        await slack.until(lambda: wire.closed >= messages, timeout=PATIENCE)
    moment = time.monotonic()
    with suppress(TimeoutError):
        await slack.until(lambda: slack.delivered, timeout=PATIENCE)
    return moment
