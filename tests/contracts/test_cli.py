"""What `deskhand` says of its commands, and what it imports for that."""

import subprocess
import sys

import pytest

from bot.cli import COMMANDS, main
from tests.support.workspace import ROOT


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its module is there, and its words stand in both places."""
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    told = " ".join(capsys.readouterr().out.split())

    assert ended.value.code == 0
    assert told.startswith(f"usage: deskhand {name} ")
    assert COMMANDS[name][1] in told


def test_nobody_waits_for_what_another_command_needs() -> None:
    """The list of commands needs none of them, nor what they stand on."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot.cli", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}

    assert "summarise and label the tickets of a file" in told.stdout
    assert "bot.config.settings" in imported
    assert not imported & {"anthropic", "aiohttp", "sqlalchemy", "slack_bolt", "rich", "bot.app"}
