"""Commands as processes of their own, and the bot as one that can be killed.

That `python -m` finds a command, and what it imports for that, is for the tests that start one so.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.cli import main
from tests.support import speed
from tests.support.deaths import Death
from tests.support.workspace import PATIENCE, ROOT, Workspace

CONTEXT = speed.process_context([__name__, "bot.cli.run", "bot.cli.batch"])


def command(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    said: Path,
    piped: bytes = b"",
    death: Death | None = None,
) -> BaseProcess:
    """Start `deskhand …` in a folder and an environment; `said` gets what it prints.

    `piped` is what it reads from a pipe, at most as much as one holds. A `death` awaits it.
    """
    process = CONTEXT.Process(
        target=_run,
        args=(list(arguments), folder, dict(environment), said, piped, death),
        daemon=True,
    )
    process.start()
    return process


async def ended(process: BaseProcess) -> int:
    """Wait for its exit status; that of a signal is negative."""
    await asyncio.to_thread(process.join, PATIENCE)
    assert process.exitcode is not None, "the process goes on"
    return process.exitcode


def env_file(place: Workspace, **changed: str) -> Path:
    """An `.env` that points at the emulators of this process; an empty value leaves a name out."""
    place.desk()
    values = {
        "SLACK_BOT_TOKEN": place.slack.bot_token,
        "SLACK_APP_TOKEN": place.slack.app_token,
        "SLACK_API_URL": place.slack.api_url,
        "SLACK_PACE": "0",
        "SLACK_MOMENT": "0",
        "ANTHROPIC_API_KEY": place.claude.api_key,
        "ANTHROPIC_BASE_URL": place.claude.url,
        "DATABASE_URL": place.database_url,
        "DESK_CONFIG": str(place.folder / "desk.toml"),
        **changed,
    }
    path = place.folder / "env"
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items() if value))
    return path


async def started(place: Workspace, grace: float = 10, death: Death | None = None) -> BaseProcess:
    """Start the bot and wait until it listens; `grace` is what a stop gives its stories.

    Others may be at work on the same database.
    """
    # The tests beside it keep to their processors.
    env = env_file(place, STOP_GRACE=str(grace), LOG_LEVEL="ERROR", PROCESSORS="all")
    arguments, log = ["run", "--env", str(env)], place.folder / "log"
    standing = _sockets(place)
    process = command(arguments, ROOT, {"PATH": ""}, log, death=death)
    # One more: another process may have lost its own and opened a new one meanwhile.
    await place.until(lambda: _sockets(place) > standing)
    return process


def _sockets(place: Workspace) -> int:
    return sum(not each.draining for each in place.slack.sockets.connections)


async def killed(place: Workspace, process: BaseProcess) -> None:
    """Kill -9, and wait until Slack has noticed."""
    standing = len(place.slack.sockets.connections)
    process.kill()
    await ended(process)
    await place.until(lambda: len(place.slack.sockets.connections) < standing)


async def stopped(process: BaseProcess) -> int:
    """SIGTERM; the exit status."""
    process.terminate()
    return await ended(process)


def _run(
    arguments: list[str],
    folder: Path,
    environment: dict[str, str],
    said: Path,
    piped: bytes,
    death: Death | None,
) -> None:
    speed.unpin_process()
    if death is not None:
        death.prepare()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    file = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(file, number)
    reading, writing = os.pipe()
    os.write(writing, piped)
    os.close(writing)
    sys.stdin = os.fdopen(reading, encoding="utf-8")
    sys.exit(main(arguments))
