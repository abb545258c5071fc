"""How the suite runs: on how many processors, in which order, and with what in memory."""

import gc
import os
from itertools import cycle

import pytest

# The number of the test, begun anew at every hundredth.
RUN = cycle(range(100))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: stories wait for processes and clocks."""
    return (os.cpu_count() or 1) * 2


def pytest_configure(config: pytest.Config) -> None:
    """Prepare a process that runs tests; one that hands them out imports nothing of the bot."""
    gc.disable()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker or config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("tests.support.fixtures")
    if worker:
        _stay(int(worker[2:]))


def _stay(worker: int) -> None:
    """Keep a worker on one processor: its threads take turns, and moving costs a sixth."""
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[worker % len(processors)]})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones, so that at the end nobody waits for one."""
    items.sort(key=lambda item: not item.get_closest_marker("long"))


def pytest_collection_finish() -> None:
    """What is imported by now stays; looking at it again and again took a sixth of the time."""
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    """Collect what the last tests left behind; a command that was called set the collector on."""
    gc.disable()
    next(RUN) or gc.collect()
