"""Transactions stand in the store, and Slack's side changes nothing but through actions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What still holds transactions, until it is parted.
UNTIL = ("bot/pipeline/", "bot/costs/spending.py")


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def takes_a_session(tree: ast.Module) -> list[str]:
    """The functions that are given a session of the store."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for given in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if given.annotation is not None
        and ast.unparse(given.annotation).split(".")[-1] == "Session"
    ]


def writes(tree: ast.Module) -> list[str]:
    """Where something is written into the store."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "write"
        and ast.unparse(node.value).split(".")[-1].endswith("store")
    ]


def test_functions_that_take_a_session_stand_in_the_store() -> None:
    """Rules are pure, and get values."""
    found = {
        path: takes_a_session(tree)
        for path, tree in modules("bot", "handlers")
        if not path.startswith(UNTIL)
    }

    assert {path: names for path, names in found.items() if names} == {}


def test_handlers_write_through_actions() -> None:
    """They may read; what changes the store is a rule of `bot/`, whoever asks for it."""
    found = {path: writes(tree) for path, tree in modules("handlers")}

    assert {path: places for path, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "written",
    [
        "async def f(self):\n    await self._store.write(notes.revise_note, key)",
        "def f(store):\n    work = store.write",
    ],
)
def test_a_write_is_found(written: str) -> None:
    """Or the test above would hold nothing."""
    assert writes(ast.parse(written)) != []


@pytest.mark.parametrize(
    "written", ["def f(session: Session): ...", "def f(*, s: db.Session): ..."]
)
def test_a_session_is_found(written: str) -> None:
    """Or the test above would hold nothing."""
    assert takes_a_session(ast.parse(written)) == ["f"]
