"""Workflows are begun once, each for itself."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.workflows import Workflows
from storage.db.database import Database


@pytest.fixture
async def workflows(tmp_path: Path) -> AsyncIterator[Workflows]:
    """An engine that is not started yet."""
    store = Database(f"sqlite:///{tmp_path}/deskhand.db")
    made = Workflows(store)
    yield made
    await made.stop()
    await store.close()


async def test_what_a_story_begins_is_no_part_of_it(workflows: Workflows) -> None:
    """Else the engine refuses it, where the first has ended before it is written down."""
    heard: list[str] = []

    async def first(payload: dict[str, Any]) -> str:
        await workflows.submit("second", "b", payload)
        return ""

    async def second(payload: dict[str, Any]) -> str:
        heard.append(payload["said"])
        return ""

    await workflows.start({"first": first, "second": second})
    await workflows.submit("first", "a", {"said": "hello"})
    await workflows.wait_idle()

    assert heard == ["hello"]
    with closing(sqlite3.connect(str(workflows.file))) as engine:
        parts = "SELECT function_name FROM operation_outputs WHERE workflow_uuid = 'a'"
        assert engine.execute(parts).fetchall() == []


async def test_an_id_begins_once(workflows: Workflows) -> None:
    """Also when the first of that id has ended."""
    heard: list[str] = []

    async def story(payload: dict[str, Any]) -> str:
        heard.append(payload["said"])
        return ""

    await workflows.start({"story": story})
    begun = []
    for said in ("hello", "again"):
        begun.append(await workflows.submit("story", "a", {"said": said}))
        await workflows.wait_idle()

    assert begun == [True, False]
    assert heard == ["hello"]
