"""Which processors threads run on. Each test has threads of its own: it is theirs that changes."""

import os
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.runtime.cpu import ALLOWED, pin, unpin

if not ALLOWED:
    pytest.skip("this system does not say where threads run", allow_module_level=True)


def mine() -> AbstractSet[int]:
    return os.sched_getaffinity(0)


def in_a_thread(
    begin: Callable[[], None] | None, work: Callable[[], tuple[AbstractSet[int], AbstractSet[int]]]
) -> tuple[AbstractSet[int], AbstractSet[int]]:
    """Do the work where every processor is free at first, wherever the suite runs."""

    def free() -> None:
        os.sched_setaffinity(0, ALLOWED)
        if begin:
            begin()

    with ThreadPoolExecutor(1, initializer=free) as pool:
        return pool.submit(work).result()


def beside(
    begin: Callable[[], None] | None,
) -> Callable[[], tuple[AbstractSet[int], AbstractSet[int]]]:
    """Where this thread runs, and one that it starts."""

    def work() -> tuple[AbstractSet[int], AbstractSet[int]]:
        with ThreadPoolExecutor(1, initializer=begin) as pool:
            return mine(), pool.submit(mine).result()

    return work


def test_who_stays_is_on_one_processor_with_those_it_starts() -> None:
    """It is one of those that the process was given."""
    there, started = in_a_thread(pin, beside(None))

    assert len(there) == 1
    assert there == started
    assert there <= ALLOWED


def test_who_roams_has_them_all_again_and_nobody_else() -> None:
    """What works outside the interpreter need not wait for it."""
    there, started = in_a_thread(pin, beside(unpin))

    assert len(there) == 1
    assert started == ALLOWED
