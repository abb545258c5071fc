"""The real bot as a process of its own, and what it uses, read from the kernel."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from emulator.claude import ClaudeEmulator
from emulator.slack import Channel, SlackEmulator

Value = TypeVar("Value")

ROOT = Path(__file__).parent.parent
# How Python starts each bot. There is no such file: the settings come from the environment.
COMMANDS = {
    "desk": ("-m", "bot.cli", "run", "--env", "no.env"),
    "plain": ("-m", "benchmarks.plain_bot"),
}
TICKS = os.sysconf("SC_CLK_TCK")
# Seconds to start listening, and to stop once told to.
START = 60.0
STOP = 20.0


class BotEnded(Exception):
    """The bot's process ended while it was needed; says with what status, and its last words."""


@dataclass(frozen=True)
class BotProcesses:
    """The processes of one bot in a folder of its own, each with a log."""

    processes: Mapping[Path, asyncio.subprocess.Process]

    async def during(self, work: Coroutine[Any, Any, Value]) -> Value:
        """Do something that needs the bot.

        Raises:
            BotEnded: a process ended before the work did.
        """
        working = asyncio.create_task(work)
        ended = [asyncio.create_task(each.wait()) for each in self.processes.values()]
        try:
            await asyncio.wait({working, *ended}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise BotEnded(self._last_words())
            return working.result()
        finally:
            for each in (working, *ended):
                each.cancel()

    def _last_words(self) -> str:
        return "\n".join(
            f"status {process.returncode}\n" + "\n".join(_lines(log)[-20:])
            for log, process in self.processes.items()
            if process.returncode is not None
        )

    def cpu_seconds(self) -> float:
        """Processor time used so far, of all their threads, in user and kernel mode."""
        return sum(_cpu_seconds(each.pid) for each in self.processes.values())

    def peak_mb(self) -> float:
        """The most memory that was ever resident in one of them, in MB of 1,000,000 bytes."""
        return max(_memory_mb(each.pid, "VmHWM") for each in self.processes.values())

    def resident_mb(self) -> float:
        """The memory that is resident now in the largest, in MB of 1,000,000 bytes."""
        return max(_memory_mb(each.pid, "VmRSS") for each in self.processes.values())

    def told(self, event: str) -> list[dict[str, Any]]:
        """The log lines with this event, fields and all."""
        lines = [line for log in self.processes for line in _lines(log)]
        parsed = (json.loads(line) for line in lines if line.startswith("{"))
        return [line for line in parsed if line.get("event") == event]


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


def _cpu_seconds(pid: int) -> float:
    # The command's name is in brackets and may hold spaces; utime and stime are 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_mb(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024 / 1_000_000


def machine_cpu_seconds() -> float:
    """Processor time that the whole machine has used so far."""
    first = Path("/proc/stat").read_text().splitlines()[0]
    user, nice, system, _idle, _waiting, *rest = (int(ticks) for ticks in first.split()[1:])
    irq, softirq, steal = rest[:3]
    return (user + nice + system + irq + softirq + steal) / TICKS


@dataclass(frozen=True)
class Place:
    """What a bot is started on: the emulators, its folder, its database.

    `more` is what else stands in its `desk.toml`, `secrets` what that names of the environment.
    """

    folder: Path
    slack: SlackEmulator
    claude: ClaudeEmulator
    agents: Channel
    database: str
    more: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Everything a bot has to know, and nothing of this process's own."""
        desk = self.folder / "desk.toml"
        knowledge = ROOT / "demo" / "articles"
        # Each message is measured as a request of its own.
        desk.write_text(
            f'[desk]\nagents_channel = "{self.agents.id}"\nknowledge = "{knowledge}"\n'
            f"[bursts]\nseconds = 0\n[incidents]\npeople = 0\n{self.more}",
            encoding="utf-8",
        )
        return {
            "PATH": os.environ.get("PATH", ""),
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_PACE": "0",
            "ANTHROPIC_API_KEY": self.claude.api_key,
            "ANTHROPIC_BASE_URL": self.claude.url,
            "DATABASE_URL": self.database,
            "DESK_CONFIG": str(desk),
            "LOG_FORMAT": "json",
            **self.secrets,
        }


@asynccontextmanager
async def bot_processes(
    place: Place, command: Sequence[str], number: int = 1
) -> AsyncIterator[BotProcesses]:
    """Start a bot, wait until all of its processes listen, and stop it when the block ends.

    Raises:
        BotEnded: one ended before it listened.
    """
    logs = [place.folder / f"bot-{each}.log" for each in range(number)]
    bot = BotProcesses({log: await _begun(place, command, log) for log in logs})
    try:
        sockets = place.slack.sockets.connections
        await bot.during(place.slack.until(lambda: len(sockets) >= number, START))
        yield bot
    finally:
        for each in bot.processes.values():
            await _stop(each)


async def _begun(place: Place, command: Sequence[str], log: Path) -> asyncio.subprocess.Process:
    with log.open("wb") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env=place.environment(),
            stdout=output,
            stderr=output,
        )


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
