"""`deskhand batch` as a person runs it: signals, kills, pipes and exit statuses."""

import asyncio
import os
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from bot.cli import main
from tests.stories.batch.bench import Bench
from tests.support.process import command, ended
from tests.support.workspace import ROOT


def where(bench: Bench) -> dict[str, str]:
    """An environment that points at the stand-in."""
    return {
        **os.environ,
        "ANTHROPIC_API_KEY": bench.claude.api_key,
        "ANTHROPIC_BASE_URL": bench.claude.url,
        "PYTHONPATH": str(ROOT),
    }


def started(bench: Bench, tickets: str, piped: bytes = b"") -> BaseProcess:
    """The command in a process of its own."""
    asked = ["batch", tickets, "-o", str(bench.output)]
    return command(asked, bench.folder, where(bench), bench.folder / "said", piped)


async def reached(bench: Bench, rows: int, process: BaseProcess) -> None:
    """Wait until so many rows are written."""
    while len(bench.ids()) < rows:
        assert process.exitcode is None, "the command ended before"
        await asyncio.sleep(0.02)


@pytest.mark.long
@pytest.mark.crash
async def test_a_killed_run_goes_on_and_has_every_id_once(bench: Bench) -> None:
    """SIGKILL twice, amid faults; what is asked again is at most what was under way."""
    bench.claude.latency = {"*": 0.02}
    for kind, share in (("rate_limited", 0.05), ("overloaded", 0.02), ("drop", 0.01)):
        bench.claude.faults.sometimes(kind, share)
    tickets = str(bench.tickets(150))
    for rows in (40, 90):
        process = started(bench, tickets)
        await reached(bench, rows, process)
        process.kill()
        assert await ended(process) == -signal.SIGKILL

    assert await bench.run(Path(tickets)) == 0
    assert bench.ids() == [f"Z-{number}" for number in range(1, 151)]
    assert bench.answered <= 150 + 2 * 10


@pytest.mark.long
@pytest.mark.crash
async def test_ctrl_c_stops_cleanly_and_loses_nothing(bench: Bench) -> None:
    """What is under way is waited for; the next run asks for the rest only."""
    bench.claude.latency = {"*": 0.05}
    tickets = str(bench.tickets(120))
    process = started(bench, tickets)
    await reached(bench, 20, process)
    os.kill(process.pid or 0, signal.SIGINT)
    assert await ended(process) == 130

    said = (bench.folder / "said").read_text("utf-8")
    assert "The same command goes on from here" in said
    assert "Traceback" not in said
    bench.claude.latency = {"*": 0.0}
    assert await bench.run(Path(tickets)) == 0
    assert bench.answered == 120
    assert len(set(bench.ids())) == 120


@pytest.mark.long
async def test_tickets_may_come_through_a_pipe(bench: Bench) -> None:
    """The format is seen from the first line; a bad row makes the exit status 1."""
    given = b'{"id": 1, "text": "Where is my order?"}\nnot json\n'
    process = started(bench, "-", given)

    assert await ended(process) == 1
    assert "line 2: not JSON" in (bench.folder / "said").read_text("utf-8")
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
    assert "nowhere.csv: cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("nofolder/out.jsonl", "cannot be written: No such file or directory"),
        (".", "is no file: name another output with -o"),
        ("/dev/full", "is no file: name another output with -o"),
        ("tickets.csv", "is there already: name another output with -o"),
    ],
)
def test_an_output_that_cannot_be_written_is_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
    told: str,
) -> None:
    """Before anything is asked; a device has no end and is not read to it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    Path("tickets.csv").write_text("id,body\n1,hello\n", encoding="utf-8")

    assert main(["batch", "tickets.csv", "-o", output]) == 2
    assert told in capsys.readouterr().err


def test_an_encoding_that_does_not_exist_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With those that do."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    Path("tickets.csv").write_text("id,body\n1,hello\n", encoding="utf-8")

    assert main(["batch", "tickets.csv", "-o", "out.jsonl", "--encoding", "klingon"]) == 2
    assert "there is no encoding 'klingon'; usual ones are utf-8" in capsys.readouterr().err


async def test_what_became_of_every_line_is_printed(bench: Bench) -> None:
    """The sum is that of the lines of the file, also after a break."""
    text = 'id,body\n1,TV 55" broken\n\n2,"cut off\nin, the, middle\n'
    await bench.run(bench.file("tickets.csv", text))
    await bench.run(bench.file("tickets.csv", text))

    told = bench.said.getvalue()
    assert told.count("lines       5 = 1 done + 2 failed + 2 skipped") == 2
    assert [line.get("error") for line in bench.results()] == [
        None,
        "a quote is opened and never closed",
    ]
