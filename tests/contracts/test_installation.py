"""Deskhand as it is installed: a wheel, away from its sources."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.workspace import ROOT

# A newcomer's commands, one after the other, and where they were found.
TRIED = """\
import bot
from bot.cli import main
statuses = [
    main(["manifest"]),
    main(["migrate"]),
    main(["init", "--no-input", "--agents-channel", "desk", "--watch", "orders"]),
    main(["check"]),
]
print(bot.__file__, *map(int, statuses))
"""


def unpacked(folder: Path) -> Path:
    """The wheel, built and laid out as an installer would."""
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        timeout=100,
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


@pytest.mark.long
def test_the_command_works_from_a_wheel(tmp_path: Path) -> None:
    """Its samples, its migrations, its manifest and the emulator come along."""
    site, here = unpacked(tmp_path), tmp_path / "here"
    here.mkdir()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "emulator", sys.executable, "-c", TRIED],
        cwd=here,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(f"Ready: deskhand run\n{site}/bot/__init__.py 0 0 0 0\n")
    assert {each.name for each in here.iterdir()} == {
        ".env",
        "desk.schema.json",
        "desk.toml",
        "deskhand.db",
        "knowledge",
    }


@pytest.mark.parametrize("package", ["bot", "demo"])
def test_a_python_that_is_too_old_is_refused_in_a_sentence(package: str) -> None:
    """Before anything is imported that such a one does not understand."""
    old = f"import sys; sys.version_info = (3, 10, 12); import {package}"
    ended = subprocess.run(  # noqa: S603 - a constant of ours
        [sys.executable, "-c", old], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert ended.returncode == 1
    assert ended.stderr == "Deskhand needs Python 3.11 or newer; this is 3.10\n"
