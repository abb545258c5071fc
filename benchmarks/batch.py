"""`python -m benchmarks.batch`: a big file of tickets against a Claude stand-in, measured.

Two runs. The first is clean and shows how close to the ideal time (rows x latency / concurrency) it
comes, with the memory and the CPU of the command alone; the stand-in is another process, on the
same machine. In the second 5 % of the calls are answered 429, 2 % 529 and 1 % with a broken
connection, and the command is killed with SIGKILL half-way and started again.
"""

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXTS = (
    "Please cancel my order #{0}, I ordered the wrong size.",
    "Đơn hàng {0} của mình đến đâu rồi? Mình chờ cả tuần rồi.",
    "The rice cooker I bought (order {0}) stopped working after two days, I want a refund.",
    "How long is the warranty on the bamboo fan? Order {0}.",
    "Nhân viên của các bạn thái độ kém, đơn {0} giao sai hàng!\n\nMình rất thất vọng.",
)
FAULTS = ("rate_limited=0.05", "overloaded=0.02", "drop=0.01")
# Seconds after which a run that should be over is given up.
LONGEST = 1_800


@dataclass(frozen=True)
class Measured:
    """One run of the command: seconds, CPU seconds, peak resident bytes, exit status."""

    wall: float
    cpu: float
    peak: int
    status: int


def main() -> int:
    """Run both; 0 when all bounds hold."""
    parser = argparse.ArgumentParser(prog="benchmarks.batch", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.35, help="seconds of a model call")
    parser.add_argument("--concurrency", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tickets = Path(folder) / "tickets.csv"
        write_tickets(tickets, chosen.rows)
        held = clean(tickets, chosen.rows, chosen.latency, chosen.concurrency)
        return 0 if rough(tickets, chosen.rows, chosen.latency, chosen.concurrency) and held else 1


def clean(tickets: Path, rows: int, latency: float, at_once: int) -> bool:
    """A run without faults, against the bounds of time, memory and CPU."""
    output = tickets.with_name("clean.jsonl")
    before = os.getloadavg()[0]
    with stand_in(latency) as where:
        run = finish(start(tickets, output, at_once, where))
    ideal = rows * latency / at_once
    print(f"load before {before:.1f}, after {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    return all(
        (
            check("rows written", written(output), "of", rows, written(output) == rows),
            check("wall time, s", run.wall, "ideal", ideal, run.wall <= ideal * 1.15),
            check("peak memory, MB", run.peak / 1e6, "under", 200, run.peak < 200e6),
            check("CPU a row, ms", run.cpu * 1000 / rows, "under", 5, run.cpu * 1000 / rows < 5),
        )
    )


def rough(tickets: Path, rows: int, latency: float, at_once: int) -> bool:
    """A run with faults, killed half-way and started again: every id once."""
    output = tickets.with_name("rough.jsonl")
    with stand_in(latency, FAULTS) as where:
        first = start(tickets, output, at_once, where)
        killed_at = kill_after(first, output, rows // 2)
        finish(start(tickets, output, at_once, where))
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    ids = [line["id"] for line in lines]
    log = output.with_name(f"{output.name}.log").read_text(encoding="utf-8").splitlines()
    answers = [json.loads(line)["key"] for line in log if line.startswith('{"key"')]
    print(f"killed with {killed_at:,} rows written; faults: {', '.join(FAULTS)}")
    return all(
        (
            check("results", len(ids), "of", rows, len(ids) == rows),
            check("distinct ids", len(set(ids)), "of", rows, len(set(ids)) == rows),
            check("in order", ids == sorted(ids, key=lambda each: int(each[2:])), "is", True, True),
            check("failed rows", sum("error" in line for line in lines), "is", 0, True),
            check("answers paid twice", len(answers) - len(set(answers)), "is", 0, True),
        )
    )


def check(what: str, found: float, how: str, bound: float, held: bool) -> bool:
    """Print a figure beside its bound."""
    held = held and (how != "is" or found == bound)
    print(f"{'✓' if held else '✗'} {what:20} {found:>10,.4g}   {how} {bound:,.4g}")
    return held


def write_tickets(path: Path, rows: int) -> None:
    """Tickets in two languages, a few of them on several lines."""
    draw = random.Random(1)  # noqa: S311 - the same file every time
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Ticket ID", "Subject", "Description"])
        for number in range(1, rows + 1):
            table.writerow([f"Z-{number}", f"Order {number}", draw.choice(TEXTS).format(number)])


@contextmanager
def stand_in(latency: float, faults: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Emulators in a process of their own; the environment that leads to them."""
    command = [sys.executable, "-m", "emulator", "--latency", str(latency)]
    command += ["--requests", "1000000", "--tokens", "1000000000"]
    for fault in faults:
        command += ["--fault", fault]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield os.environ | _exports(process)
        finally:
            process.terminate()


def _exports(process: "subprocess.Popen[str]") -> dict[str, str]:
    where: dict[str, str] = {}
    while len(where) < 5 and process.stdout is not None:
        name, _, value = process.stdout.readline().removeprefix("export ").strip().partition("=")
        where[name] = value.strip("'")
    return where


def start(
    tickets: Path, output: Path, at_once: int, where: dict[str, str]
) -> "tuple[subprocess.Popen[bytes], float]":
    """Start the command as a person would."""
    command = [sys.executable, "-m", "bot.cli", "batch", str(tickets), "-o", str(output)]
    command += ["--concurrency", str(at_once), "--env", os.devnull]
    return subprocess.Popen(command, cwd=ROOT, env=where), time.monotonic()  # noqa: S603


def finish(begun: "tuple[subprocess.Popen[bytes], float]") -> Measured:
    """Wait for the command and read what it used from the kernel."""
    process, began = begun
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        time.monotonic() - began,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
        process.returncode,
    )


def kill_after(begun: "tuple[subprocess.Popen[bytes], float]", output: Path, rows: int) -> int:
    """Kill the command once so many rows are written; how many there were."""
    process, began = begun
    while written(output) < rows and process.poll() is None:
        if time.monotonic() - began > LONGEST:
            raise TimeoutError("the run does not come to its middle")
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return written(output)


def written(output: Path) -> int:
    """Whole lines in a file of results."""
    return output.read_bytes().count(b"\n") if output.exists() else 0


if __name__ == "__main__":
    sys.exit(main())
