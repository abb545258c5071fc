"""Workflows are begun once, each for itself."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.workflows import Workflows
from tests.support.databases import engine_at


@pytest.fixture
async def workflows(tmp_path: Path) -> AsyncIterator[Workflows]:
    """An engine that is not started yet."""
    made = engine_at(tmp_path / "deskhand.db")
    yield made
    await made.stop()


async def test_what_a_story_begins_is_no_part_of_it(workflows: Workflows, tmp_path: Path) -> None:
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
    with closing(sqlite3.connect(tmp_path / "deskhand.engine.db")) as engine:
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
