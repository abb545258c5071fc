"""A workbench for batch tests: a folder, a Claude stand-in, and runs of a job against it."""

import asyncio
import csv
import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.batch.job import Job
from bot.batch.run import Run
from bot.batch.stop import StopSignal
from bot.config.desk import Desk
from bot.config.desk_file import desk_for_files
from bot.config.settings import ClaudeSettings
from emulator.claude import ClaudeEmulator

ORDERS = [
    "Please cancel my order #{0}, I ordered the wrong size.",
    "Đơn hàng {0} của mình đến đâu rồi?",
    "The fan (order {0}) is broken, I want a refund. This is terrible.",
]


class Said(io.StringIO):
    """What the command printed, and a sign when it has submitted a batch."""

    def __init__(self) -> None:
        super().__init__()
        self.submitted = asyncio.Event()

    def write(self, text: str) -> int:
        """Look for the sign in what is printed."""
        if "submitted" in text:
            self.submitted.set()
        return super().write(text)


@dataclass
class Bench:
    """A job on `tickets.csv` and what came of it."""

    claude: ClaudeEmulator
    folder: Path
    said: Said = field(default_factory=Said)
    stop_signal: StopSignal = field(default_factory=StopSignal)

    @property
    def output(self) -> Path:
        return self.folder / "out.jsonl"

    @property
    def settings(self) -> ClaudeSettings:
        return ClaudeSettings(
            _env_file=None,
            anthropic_api_key=self.claude.api_key,
            anthropic_base_url=self.claude.url,
        )

    @property
    def desk(self) -> Desk:
        return desk_for_files(self.folder / "desk.toml")

    def tickets(self, count: int) -> Path:
        """Write so many tickets, `Z-1` and on."""
        path = self.folder / "tickets.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["Ticket ID", "Description"])
            for number in range(1, count + 1):
                table.writerow([f"Z-{number}", ORDERS[number % len(ORDERS)].format(number)])
        return path

    async def run(self, source: Path, **options: Any) -> int:
        """One run of the job; how many rows have failed."""
        self.stop_signal = StopSignal()
        job = replace(Job(str(source), self.output), **options)
        console = Console(file=self.said, width=200)
        return await Run(job, self.settings, self.desk, console, self.stop_signal).carry_out()

    def results(self) -> list[dict[str, Any]]:
        """The output so far."""
        if not self.output.exists():
            return []
        return [json.loads(line) for line in self.output.read_text(encoding="utf-8").splitlines()]

    @property
    def log(self) -> Path:
        return Path(f"{self.output}.log")

    def log_lines(self) -> list[bytes]:
        """The log beside the output."""
        return self.log.read_bytes().splitlines(keepends=True)

    def crashed(self, log: list[bytes], output: bytes = b"") -> None:
        """Leave the files as a kill would have."""
        self.log.write_bytes(b"".join(log))
        self.output.write_bytes(output)

    def file(self, name: str, text: str) -> Path:
        """Write a file into the folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def ids(self) -> list[str]:
        return [line["id"] for line in self.results()]

    @property
    def answered(self) -> int:
        """How many messages the stand-in answered, and would have billed."""
        return sum(call.status == 200 for call in self.claude.calls)
