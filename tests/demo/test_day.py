"""The demo, as a visitor runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from demo import stage
from demo.__main__ import main
from emulator.slack import SlackEmulator
from tests.support.workspace import ROOT


@pytest.mark.long
def test_the_day_adds_up_and_says_so_by_its_exit_status(pytestconfig: pytest.Config) -> None:
    """The whole day ends with status 0 and a line in which nothing is lost or doubled."""
    where = ["--postgres"] if pytestconfig.getoption("--database") == "postgresql" else []
    played = subprocess.run(  # noqa: S603 - the options are ours
        [sys.executable, "-m", "demo", "--once", "--fast", *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert played.returncode == 0, played.stdout + played.stderr
    assert "lost 0, posted twice 0" in played.stdout
    assert "failed 0" in played.stdout
    shown = [" asked ", " declined ", "was held back", "draft on the card", "I have read"]
    shown += ["On its way", "couldn't find that under your name", "the customer is told"]
    shown += ["left alone: part of a talk", "In the thread from linh", "Forwarded from Sara"]
    assert [each for each in shown if each not in played.stdout] == []


def test_the_real_models_need_a_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a key the demo says which variable it misses, and starts nothing."""
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)

    assert main(["--once", "--claude=real"]) == 2
    assert "ANTHROPIC_API_KEY" in capsys.readouterr().err


@pytest.mark.parametrize("writable", [True, False])
def test_the_demo_writes_where_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writable: bool
) -> None:
    """Where the visitor stands; else elsewhere, and what stands here is left alone."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    if not writable:
        # A file in its place stops the demo from making its folder, also for root.
        (tmp_path / ".demo").write_text("mine")
    folder = stage.build(SlackEmulator(), None).folder

    assert folder.is_dir()
    assert folder.parent == (tmp_path if writable else elsewhere)
    assert writable or (tmp_path / ".demo").read_text() == "mine"
