"""Which processors the bot's threads run on.

The interpreter runs one thread at a time. Threads that hand it to each other across processors
wait for its memory to follow: a message costs half as much again (docs/benchmarks.md). So the
process stays on one, and what works outside the interpreter for long may leave it.
"""

import os

# A thread begins on the processors of the one that started it; these are the process's own.
ALLOWED = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()


def pin() -> None:
    """Keep this thread, and those it starts from now on, on one processor.

    Bots on the same machine spread over its processors by their process numbers. Does nothing
    where the system cannot (macOS, Windows).
    """
    if ALLOWED:
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[os.getpid() % len(processors)]})


def unpin() -> None:
    """Let this thread run on every processor that the process was given."""
    if ALLOWED:
        os.sched_setaffinity(0, ALLOWED)
