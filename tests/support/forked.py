"""Commands as processes of their own, forked from one that has imported what they need.

An import takes a command longer than most tests do. That `python -m` finds a command, and what it
imports for that, is for the tests that start one so.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.cli import main
from tests.support.workspace import PATIENCE

SERVER = get_context("forkserver")
SERVER.set_forkserver_preload([__name__, "bot.cli.run", "bot.cli.batch"])


def forked(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    said: Path,
    piped: bytes = b"",
) -> ForkServerProcess:
    """Start `deskhand …` in a folder and an environment; `said` gets what it prints.

    `piped` is what it reads from a pipe, at most as much as one holds.
    """
    process = SERVER.Process(
        target=_command, args=(list(arguments), folder, dict(environment), said, piped), daemon=True
    )
    process.start()
    return process


async def ended(process: ForkServerProcess) -> int:
    """Wait for its exit status; that of a signal is negative."""
    await asyncio.to_thread(process.join, PATIENCE)
    assert process.exitcode is not None, "the process goes on"
    return process.exitcode


def _command(
    arguments: list[str], folder: Path, environment: dict[str, str], said: Path, piped: bytes
) -> None:
    if hasattr(os, "sched_setaffinity"):
        # It stays on a processor of its own, and not on the one that its test works on.
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
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
