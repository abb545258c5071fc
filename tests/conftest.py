"""How the suite runs; what makes it fast stands in `tests/support/speed.py`."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support import speed

PLUGINS = (
    "tests.support.databases",
    "tests.support.fixtures",
    "tests.support.article_stores",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: stories wait for processes and clocks."""
    return (os.cpu_count() or 1) * 2


def pytest_addoption(parser: pytest.Parser) -> None:
    """The database that stories and storage tests work on (`make test-postgres`)."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what is true of another database only."""
    for mark in item.iter_markers("only_on"):
        kind, why = mark.args
        if item.config.getoption("--database") != kind:
            pytest.skip(f"on {kind} only: {why}")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare a process that runs tests; one that hands them out imports nothing of the bot."""
    # How fast a busy machine makes and tries an example says nothing of the code.
    slow, shared = HealthCheck.too_slow, HealthCheck.function_scoped_fixture
    settings.register_profile("suite", deadline=None, suppress_health_check=[slow, shared])
    settings.load_profile("suite")
    speed.no_collector()
    speed.files_in_memory()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker or config.getoption("dist", "no") == "no":
        for plugin in PLUGINS:
            config.pluginmanager.import_plugin(plugin)
    if worker:
        speed.pin_worker(int(worker[2:]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    speed.long_first(items)


def pytest_collection_finish() -> None:
    speed.modules_stay()


def pytest_runtest_logfinish() -> None:
    speed.collect_now_and_then()
