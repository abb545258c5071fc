"""`deskhand batch` as a person runs it: signals, kills, pipes and exit statuses."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from bot.cli import main
from tests.batch.bench import Bench

ROOT = Path(__file__).parents[2]


async def started(bench: Bench, *arguments: str, stdin: int | None = None) -> Process:
    """The command in a process of its own, pointed at the stand-in."""
    where = {
        "ANTHROPIC_API_KEY": bench.claude.api_key,
        "ANTHROPIC_BASE_URL": bench.claude.url,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "bot.cli", "batch", *arguments, "-o", str(bench.output)]
    return await asyncio.create_subprocess_exec(
        *command, env=os.environ | where, cwd=bench.folder, stdin=stdin, stdout=PIPE, stderr=PIPE
    )


async def ended(process: Process, given: bytes | None = None) -> tuple[int, str]:
    """Its exit status and what it said."""
    _, said = await process.communicate(given)
    return process.returncode or 0, said.decode()


async def reached(bench: Bench, rows: int, process: Process) -> None:
    """Wait until so many rows are written."""
    while len(bench.ids()) < rows:
        assert process.returncode is None, "the command ended before"
        await asyncio.sleep(0.02)


@pytest.mark.crash
async def test_a_killed_run_goes_on_and_has_every_id_once(bench: Bench) -> None:
    """SIGKILL twice, amid faults; what is asked again is at most what was under way."""
    bench.claude.latency = {"*": 0.02}
    for kind, share in (("rate_limited", 0.05), ("overloaded", 0.02), ("drop", 0.01)):
        bench.claude.faults.sometimes(kind, share)
    tickets = str(bench.tickets(150))
    for rows in (40, 90):
        process = await started(bench, tickets)
        await reached(bench, rows, process)
        process.send_signal(signal.SIGKILL)
        await process.wait()

    assert await bench.run(Path(tickets)) == 0
    assert bench.ids() == [f"Z-{number}" for number in range(1, 151)]
    assert bench.answered <= 150 + 2 * 10


@pytest.mark.crash
async def test_ctrl_c_stops_cleanly_and_loses_nothing(bench: Bench) -> None:
    """What is under way is waited for; the next run asks for the rest only."""
    bench.claude.latency = {"*": 0.05}
    tickets = str(bench.tickets(120))
    process = await started(bench, tickets)
    await reached(bench, 20, process)
    process.send_signal(signal.SIGINT)
    status, said = await ended(process)

    assert status == 130
    assert "The same command goes on from here" in said
    assert "Traceback" not in said
    bench.claude.latency = {"*": 0.0}
    assert await bench.run(Path(tickets)) == 0
    assert bench.answered == 120
    assert len(set(bench.ids())) == 120


async def test_tickets_may_come_through_a_pipe(bench: Bench) -> None:
    """The format is seen from the first line; a bad row makes the exit status 1."""
    process = await started(bench, "-", stdin=PIPE)
    given = b'{"id": 1, "text": "Where is my order?"}\nnot json\n'
    status, said = await ended(process, given)

    assert status == 1
    assert "line 2: not JSON" in said
    assert bench.ids() == ["1", ""]


async def test_a_dry_run_prices_both_modes_and_pays_for_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It writes nothing either."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", bench.claude.api_key)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", bench.claude.url)
    command = ["batch", str(bench.tickets(20)), "-o", str(bench.output), "--dry-run"]
    status = await asyncio.to_thread(main, command)
    said = capsys.readouterr().err

    assert status == 0
    assert "20 of 20 calls" in said
    assert "batch, prompt from the cache" in said
    assert bench.claude.calls == []
    assert not bench.output.exists()


def test_a_file_that_is_no_table_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a sentence that names it."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")

    assert main(["batch", "nowhere.csv", "-o", str(tmp_path / "out.jsonl")]) == 2
    assert "nowhere.csv cannot be read: No such file" in capsys.readouterr().err
