"""What makes the suite fast and changes nothing that it says: each device, and one switch for all.

With `DESKHAND_PLAIN_TESTS=1` none of them is used (`make test-plain`): the collector runs as it
likes, workers move between processors, files lie on the disk, commands import everything anew, and
tests run in the order of their files.
"""

import gc
import os
from collections.abc import Sequence
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from shutil import disk_usage

import pytest

PLAIN = os.environ.get("DESKHAND_PLAIN_TESTS") == "1"

# The number of the test, begun anew at every hundredth.
_RUN = cycle(range(100))
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own in it
# What the files of a whole run take at most, with room to spare. Bytes.
_ROOM = 2 * 2**30


def no_collector() -> None:
    """Look for no garbage: during imports that takes a quarter of their time, in tests a sixth."""
    if not PLAIN:
        gc.disable()


def modules_stay() -> None:
    """What is imported by now is never garbage."""
    if not PLAIN:
        gc.freeze()


def collect_now_and_then() -> None:
    """What the last tests left behind; a command that was called set the collector on."""
    if not PLAIN:
        gc.disable()
        next(_RUN) or gc.collect()


def pin_worker(worker: int) -> None:
    """Keep a worker on one processor: its threads take turns, and moving costs a sixth."""
    if not PLAIN and hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[worker % len(processors)]})


def unpin_process() -> None:
    """Let a command's process choose its processor, not the one that its test works on."""
    if not PLAIN and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def files_in_memory() -> None:
    """Nobody waits for a disk: a commit takes milliseconds there, and a test makes dozens."""
    if not PLAIN and _MEMORY.is_dir() and disk_usage(_MEMORY).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def long_first(items: list[pytest.Item]) -> None:
    """Begin with the long ones, so that at the end nobody waits for one."""
    if not PLAIN:
        items.sort(key=lambda item: not item.get_closest_marker("long"))


def process_context(imported: Sequence[str]) -> ForkServerContext | SpawnContext:
    """How commands become processes: forked from one that has these modules, or begun anew.

    An import takes a command longer than most tests do.
    """
    if PLAIN:
        return get_context("spawn")
    forks = get_context("forkserver")
    forks.set_forkserver_preload(list(imported))
    return forks
