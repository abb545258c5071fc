"""The real bot as a process of its own, and what it uses, read from the kernel."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
class BotProcess:
    """A running `deskhand run` in a folder of its own."""

    process: asyncio.subprocess.Process
    log: Path

    async def during(self, work: Coroutine[Any, Any, Value]) -> Value:
        """Do something that needs the bot.

        Raises:
            BotEnded: the bot's process ended before the work did.
        """
        working, ended = asyncio.create_task(work), asyncio.create_task(self.process.wait())
        try:
            await asyncio.wait({working, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise BotEnded(f"status {self.process.returncode}\n{self._last_words()}")
            return working.result()
        finally:
            working.cancel()
            ended.cancel()

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8").splitlines()[-20:])

    def cpu_seconds(self) -> float:
        """Processor time used so far, of all its threads, in user and kernel mode."""
        # The command's name is in brackets and may hold spaces; utime and stime are 14 and 15.
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mb(self) -> float:
        """The most memory that was ever resident, in MB of 1,000,000 bytes."""
        return self._memory("VmHWM")

    def resident_mb(self) -> float:
        """The memory that is resident now, in MB of 1,000,000 bytes."""
        return self._memory("VmRSS")

    def _memory(self, name: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) * 1024 / 1_000_000

    def told(self, event: str) -> list[dict[str, Any]]:
        """The log lines with this event, fields and all."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        parsed = (json.loads(line) for line in lines if line.startswith("{"))
        return [line for line in parsed if line.get("event") == event]


def machine_cpu_seconds() -> float:
    """Processor time that the whole machine has used so far."""
    first = Path("/proc/stat").read_text().splitlines()[0]
    user, nice, system, _idle, _waiting, *rest = (int(ticks) for ticks in first.split()[1:])
    irq, softirq, steal = rest[:3]
    return (user + nice + system + irq + softirq + steal) / TICKS


@asynccontextmanager
async def bot_process(
    folder: Path,
    slack: SlackEmulator,
    claude: ClaudeEmulator,
    agents: Channel,
    command: Sequence[str],
) -> AsyncIterator[BotProcess]:
    """Start a bot on the emulators, wait until it listens, and stop it when the block ends.

    Raises:
        BotEnded: it ended before it listened.
    """
    log = folder / "bot.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env=_environment(folder, slack, claude, agents),
            stdout=output,
            stderr=output,
        )
    bot = BotProcess(process, log)
    try:
        await bot.during(slack.until(lambda: slack.sockets.connections, START))
        yield bot
    finally:
        await _stop(process)


def _environment(
    folder: Path, slack: SlackEmulator, claude: ClaudeEmulator, agents: Channel
) -> dict[str, str]:
    desk = folder / "desk.toml"
    knowledge = ROOT / "demo" / "articles"
    # Each message is measured as a request of its own.
    desk.write_text(
        f'[desk]\nagents_channel = "{agents.id}"\nknowledge = "{knowledge}"\n'
        "[bursts]\nseconds = 0\n[incidents]\npeople = 0\n",
        encoding="utf-8",
    )
    return {
        "PATH": os.environ.get("PATH", ""),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "SLACK_PACE": "0",
        "ANTHROPIC_API_KEY": claude.api_key,
        "ANTHROPIC_BASE_URL": claude.url,
        "DATABASE_URL": f"sqlite:///{folder / 'deskhand.db'}",
        "DESK_CONFIG": str(desk),
        "LOG_FORMAT": "json",
    }


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
