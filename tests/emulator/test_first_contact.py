"""`python -m emulator`: files to join it by, and a customer to be."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app.bot import running
from bot.cli import main
from bot.config.desk_file import load_desk
from bot.config.settings import Settings
from bot.config.settings_file import load_settings
from tests.support.workspace import PATIENCE, ROOT


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def emulator(*options: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "emulator",
        *options,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def told(process: Process, words: str) -> str:
    """What it prints up to the line with these words."""
    assert process.stdout is not None
    seen = ""
    async with asyncio.timeout(PATIENCE):
        while words not in seen:
            line = await process.stdout.readline()
            assert line, f"it ended after: {seen}"
            seen += line.decode()
    return seen


@pytest.mark.long
async def test_a_desk_joins_by_the_files_and_answers_what_is_typed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`check` has no complaint; a question gets its answer, shown with where it was said."""
    async with emulator("--write", ".") as process:
        assert process.stdin is not None
        await told(process, "Ctrl-C ends")
        status = await asyncio.to_thread(main, ["check"])
        found = capsys.readouterr().out
        settings = load_settings().model_copy(update={"slack_moment": 0, "processors": "all"})
        async with running(settings, load_desk(Path("desk.toml"))):
            process.stdin.write(b"\nHow long does delivery to Hanoi take?\n")
            said = await told(process, "Sources: ")

    assert status == 0
    assert found.endswith("Ready: deskhand run\n")
    assert {line[0] for line in found.splitlines()[:-1]} == {"✓"}
    assert "#orders  deskhand: " in said


async def test_without_a_folder_the_files_are_lines_for_a_shell(tmp_path: Path) -> None:
    """A shell that reads them writes the same files."""
    async with emulator("--articles", "nowhere") as process:
        lines = (await told(process, "You are tom")).partition("You are tom")[0]
    shell = await asyncio.create_subprocess_exec("sh", stdin=PIPE)
    await shell.communicate(lines.encode())

    assert load_settings().slack_api_url.startswith("http://127.0.0.1:")
    assert load_desk(tmp_path / "desk.toml").desk.knowledge == (tmp_path / "knowledge",)


async def test_files_that_are_there_are_left_alone(tmp_path: Path) -> None:
    """Somebody's desk is worth more than a try."""
    mine = tmp_path / "desk.toml"
    mine.write_text("# mine\n")
    async with emulator("--write", ".") as process:
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 2

    assert mine.read_text() == "# mine\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--fault", "rate_limited"], "'rate_limited' is no fault such as rate_limited=0.05"),
        (["--fault", "rate_limited=2"], "'rate_limited=2' is no fault such as rate_limited=0.05"),
        (["--fault", "flod=0.1"], "no fault 'flod'; there are billing, cut, "),
        (["--write", "file"], "file: cannot be written to: "),
    ],
)
async def test_what_it_cannot_do_is_said(tmp_path: Path, options: list[str], sentence: str) -> None:
    """With status 2, and no traceback."""
    (tmp_path / "file").write_text("")
    async with emulator(*options) as process:
        async with asyncio.timeout(PATIENCE):
            _, said = await process.communicate()
        status = process.returncode

    assert (status, sentence in said.decode()) == (2, True)
    assert "Traceback" not in said.decode()


async def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    """With all that leads to it."""
    async with emulator("--write", "new/desk") as process:
        await told(process, "stand in new/desk")

    assert {each.name for each in (tmp_path / "new" / "desk").iterdir()} == {".env", "desk.toml"}
