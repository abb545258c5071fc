"""Conditions that are made of lists: of an empty one SQLAlchemy makes no condition at all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

JOINED = {"or_", "and_"}
WRITES = {"delete", "update"}


def sources() -> list[Path]:
    return sorted(Path("storage").rglob("*.py"))


def unguarded(source: str) -> Iterator[tuple[int, str]]:
    """Where a condition is nothing but a list, by line."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        listed = all(isinstance(each, ast.Starred) for each in node.args)
        if listed and (name in JOINED or (name == "where" and _writes(node.func))):
            yield node.lineno, name


def _writes(func: ast.expr) -> bool:
    """Whether it is the `where` of a deletion or an update."""
    return any(
        isinstance(each, ast.Call) and getattr(each.func, "id", "") in WRITES
        for each in ast.walk(func)
    )


@pytest.mark.parametrize("path", sources(), ids=str)
def test_no_deletion_rests_on_a_list_alone(path: Path) -> None:
    """`or_(*[])` and `where(*[])` mean every row: something fixed has to stand beside the list."""
    assert list(unguarded(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("or_(*these)", [(1, "or_")]),
        ("sqlalchemy.and_(*these)", [(1, "and_")]),
        ("or_(false(), *these)", []),
        ("delete(Row).where(*these)", [(1, "where")]),
        ("session.execute(update(Row).where(*these).values(a=1))", [(1, "where")]),
        ("delete(Row).where(col(Row.kind) == 'a', *these)", []),
        ("select(Row).where(*these)", []),
    ],
)
def test_such_a_condition_is_seen(source: str, found: list[tuple[int, str]]) -> None:
    """Also behind a module's name, and not where something fixed stands first."""
    assert list(unguarded(source)) == found
