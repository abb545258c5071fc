"""The desk's processes: started, killed, and started again as a supervisor would."""

import asyncio
import os
import random
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from emulator.claude import ClaudeEmulator
from emulator.slack import Channel, SlackEmulator

ROOT = Path(__file__).parent.parent
# Seconds that a supervisor waits before it starts a process again, and that a stop may take.
PAUSE, STOP = 0.5, 30.0


@dataclass
class Fleet:
    """So many places for a process, each with one while it is meant to be."""

    folder: Path
    environment: dict[str, str]
    slack: SlackEmulator
    size: int
    kills: list[float] = field(default_factory=list)
    ends: list[tuple[float, int]] = field(default_factory=list)
    starts: int = 0
    _begun_at: dict[int, int] = field(default_factory=dict)
    _places: list["asyncio.subprocess.Process | None"] = field(default_factory=list)
    _keepers: list["asyncio.Task[None]"] = field(default_factory=list)
    _meant: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self) -> None:
        """Start them, and keep them running."""
        self._meant.set()
        self._places = [None] * self.size
        self._keepers = [asyncio.create_task(self._keep(each)) for each in range(self.size)]

    async def listening(self, least: int, seconds: float = 120) -> None:
        """Wait until so many have a connection to Slack."""
        await self.slack.until(lambda: self.connected >= least, timeout=seconds)

    @property
    def connected(self) -> int:
        """How many have a connection that stands."""
        return sum(not each.draining for each in self.slack.sockets.connections)

    def kill_one(self, draw: random.Random) -> None:
        """Kill -9 of a process at random, of those that have begun to work."""
        at_work = [
            each
            for place, each in enumerate(self._places)
            if each is not None and each.returncode is None and self._listens(place)
        ]
        if at_work:
            self._kill(draw.choice(at_work))

    def _listens(self, place: int) -> bool:
        """Whether the process at a place has said that it listens."""
        with self._log(place).open("rb") as log:
            log.seek(self._begun_at[place])
            return b'"listening"' in log.read()

    def _log(self, place: int) -> Path:
        return self.folder / f"desk{place}.log"

    async def dark(self, seconds: float) -> None:
        """Kill all, and keep them from starting for so long."""
        self._meant.clear()
        for each in self._places:
            if each is not None and each.returncode is None:
                self._kill(each)
        await asyncio.sleep(seconds)
        self._meant.set()

    async def stop(self) -> None:
        """SIGTERM to all, and wait for them."""
        self._meant.clear()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for each in self._places:
            if each is None or each.returncode is not None:
                continue
            each.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP):
                    await each.wait()
            except TimeoutError:
                each.kill()
                await each.wait()

    def _kill(self, process: asyncio.subprocess.Process) -> None:
        self.kills.append(time.monotonic())
        process.kill()

    async def _keep(self, place: int) -> None:
        while True:
            await self._meant.wait()
            process = self._places[place] = await self._start(place)
            self.starts += 1
            status = await process.wait()
            if status != -signal.SIGKILL:
                self.ends.append((time.monotonic(), status))
            await asyncio.sleep(PAUSE)

    async def _start(self, place: int) -> asyncio.subprocess.Process:
        log = os.open(self._log(place), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._begun_at[place] = self._log(place).stat().st_size
        try:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "run", "--env", "no.env"),
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        finally:
            os.close(log)


def environment(
    folder: Path, slack: SlackEmulator, claude: ClaudeEmulator, agents: Channel, database: str
) -> dict[str, str]:
    """What a process is told; its desk is written into the folder."""
    desk = folder / "desk.toml"
    # Yesterday's digest is due at the first whole minute that surely lies within the run.
    due = datetime.now(UTC) + timedelta(seconds=80)
    knowledge = ROOT / "demo" / "articles"
    desk.write_text(
        f'[desk]\nagents_channel = "{agents.id}"\nknowledge = "{knowledge}"\ncards = "all"\n'
        "[knowledge]\nrerank = false\n[bursts]\nseconds = 0\n"
        f'[[digests]]\nchannel = "{agents.id}"\ncron = "{due:%M %H} * * *"\nquiet = "short"\n',
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
        "DATABASE_URL": database,
        "DESK_CONFIG": str(desk),
        "PROCESSORS": "all",
        "LOG_FORMAT": "json",
    }
