"""docs/logs.md: every event that the desk logs, at its level, and none that it does not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.workspace import ROOT

PACKAGES = ("bot", "handlers", "storage")
LEVELS = ("critical", "error", "warning", "info", "debug")


def logged(source: str) -> Iterator[tuple[str, str]]:
    """The levels and events of a module, by its calls of `log`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log"), attr=level),
                args=[ast.Constant(value=str(event)), *_],
            ):
                yield "error" if level == "exception" else level, event


def in_code() -> set[tuple[str, str]]:
    files = (
        file for each in ("bot", "handlers", "storage") for file in (ROOT / each).rglob("*.py")
    )
    return {each for file in files for each in logged(file.read_text(encoding="utf-8"))}


def in_page(text: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        level, _, rows = part.partition("\n")
        if level in LEVELS:
            events = re.findall(r"^\| (.+?) \|", rows, flags=re.MULTILINE)
            found |= {(level, event) for event in events if event != "event"}
    return found


def test_the_page_says_what_each_line_means() -> None:
    """A new event fails this until it stands there, and so does one that is gone or was moved."""
    page = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8")

    assert in_page(page) == in_code()


def test_what_is_logged_in_another_way_is_seen(tmp_path: Path) -> None:
    """The rule above reads what the code says; a call that it cannot read would go unseen."""
    module = tmp_path / "module.py"
    module.write_text('log.exception("it broke", a=1)\nother.info("not ours")\n')
    unread = [
        node
        for file in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "log"
        and not isinstance(node.args[0], ast.Constant)
    ]

    assert list(logged(module.read_text())) == [("error", "it broke")]
    assert unread == []
