"""Which processors the bot's threads run on.

The interpreter runs one thread at a time. Threads that hand it to each other across processors
wait for its memory to follow: a message costs half as much again (docs/benchmarks.md). So the
process stays on one, and what works outside the interpreter for long may leave it.
"""

import os
from contextlib import suppress
from pathlib import Path

# A thread begins on the processors of the one that started it; these are the process's own.
ALLOWED = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()


def pin() -> None:
    """Keep this thread, and those it starts from now on, on the processor that it is on.

    The system begins a process where there is room, so several on a machine spread by themselves;
    their numbers say nothing, for in containers all have the same. Does nothing where the system
    cannot (macOS, Windows).
    """
    if ALLOWED:
        with suppress(OSError):
            os.sched_setaffinity(0, {_here()})


def _here() -> int:
    """The processor that this thread runs on."""
    # The command's name is in brackets and may hold spaces; behind it the processor is the 37th.
    told = Path("/proc/thread-self/stat").read_text(encoding="utf-8").rpartition(")")[2]
    return int(told.split()[36])


def unpin() -> None:
    """Let this thread run on every processor that the process was given."""
    if ALLOWED:
        os.sched_setaffinity(0, ALLOWED)
