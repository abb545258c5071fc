"""The page about files, run as it is written: each command, and the shape of what it prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.workspace import ROOT

PAGE = ROOT / "docs" / "batch.md"
FIGURE = re.compile(r"\d[\d,.]*")


def shown() -> list[tuple[str, str]]:
    """Every command of the page's shell blocks, with the output shown under it."""
    blocks = re.findall(r"^```\n(\$ .*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    parts = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)]
    commands = [part.partition("\n") for part in parts if part.strip()]
    return [(command, output.strip("\n")) for command, _, output in commands]


@pytest.mark.long
def test_the_page_runs_as_written_against_the_emulator(tmp_path: Path) -> None:
    """A file is written as the page shows it; what the commands say differs in figures at most."""
    commands = shown()
    assert [command.split()[0] for command, _ in commands] == ["cat", "python"]
    (_, tickets), (command, output) = commands
    (tmp_path / "tickets.csv").write_text(f"{tickets}\n", encoding="utf-8")
    ran = _run(command, tmp_path)

    assert ran.returncode == 1, ran.stdout  # one row has failed, as shown
    assert _shape(ran.stdout) == _shape(output)
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 4


def _run(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """A line of the page in a folder, with this interpreter's commands before all others."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    where = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    return subprocess.run(  # noqa: S602 - a command of our own page
        command,
        shell=True,
        cwd=folder,
        env=where,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )


def _shape(output: str) -> list[list[str]]:
    """Lines as words, with every figure as one sign."""
    return [FIGURE.sub("#", line).split() for line in output.splitlines() if line.strip()]
