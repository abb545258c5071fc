"""Importing a module opens nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.workspace import ROOT

ROOMS = ("bot", "handlers", "storage", "emulator", "shop", "demo")
# Modules that are programs, or that Alembic runs against a database it opened.
PROGRAMS = ("__main__", "storage.migrations")

# In a fresh interpreter; an audit hook hears of every file, socket, database and process.
WATCH = """
import gc, importlib, sys
gc.disable()  # it would look at all that is imported, again and again
names = sys.argv[1].split()
opened = []
CODE = (".py", ".pyc", ".so")

def ours(path):
    return path.startswith(sys.argv[2]) and not path.startswith(sys.prefix)

def hear(event, args):
    path = str(args[0]) if args else ""
    if event == "open" and (args[2] & 3 or (ours(path) and not path.endswith(CODE))):
        opened.append(f"{event} {path}")
    elif event.startswith(("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen")):
        opened.append(f"{event} {args}")

sys.dont_write_bytecode = True
for name in ("alembic.command", "anthropic", "asyncio", "dbos", "rich", "slack_bolt", "sqlalchemy"):
    importlib.import_module(name)
sys.addaudithook(hear)
for name in names:
    before = len(opened)
    importlib.import_module(name)
    for each in opened[before:]:
        print(name, each)
"""


def modules() -> list[str]:
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    names = [_name(path) for path in paths]
    return [name for name in names if not any(each in name for each in PROGRAMS)]


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.long
def test_importing_any_module_opens_no_file_socket_or_engine() -> None:
    """Nothing is written, connected or started until somebody builds a bot."""
    names = modules()
    watched = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", WATCH, " ".join(names), str(ROOT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert len(names) > 100
    assert watched.returncode == 0, watched.stderr
    assert watched.stdout == ""
