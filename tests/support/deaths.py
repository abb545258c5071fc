"""A process that is killed at one of its writes; and a look at all writes of one that is not."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

Moment = Literal["before", "after"]


@dataclass(frozen=True)
class Write:
    """A commit, known by one of its statements, and by a word among what that is given."""

    name: str
    statement: str
    word: str = ""

    def made_by(self, statement: str, parameters: Any) -> bool:
        return statement.startswith(self.statement) and self.word in str(parameters)


@dataclass(frozen=True)
class Death:
    """Kill -9 right before or right after a commit, from when the file `armed` is there."""

    write: Write
    moment: Moment
    armed: Path

    def prepare(self) -> None:
        """Let it come over this process."""
        doomed: set[Any] = set()

        def executes(connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
            if self.write.made_by(statement, given) and self.armed.exists():
                doomed.add(connection.connection.dbapi_connection)

        def commits(connection: Any) -> None:
            if self.moment == "before":
                self._strike(connection.connection.dbapi_connection in doomed)

        def has_committed(connection: Any, _record: Any) -> None:
            self._strike(connection in doomed)

        event.listen(Engine, "before_cursor_execute", executes)
        event.listen(Engine, "commit", commits)
        # A connection goes back to its pool when its transaction is over.
        event.listen(Pool, "checkin", has_committed)

    def _strike(self, doomed: bool) -> None:
        if doomed:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def committed() -> Iterator[list[list[tuple[str, Any]]]]:
    """The commits of this process while the block runs: of each its writing statements."""
    under_way: dict[Any, list[tuple[str, Any]]] = {}
    seen: list[list[tuple[str, Any]]] = []

    def executes(connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            under_way.setdefault(connection, []).append((statement, given))

    def commits(connection: Any) -> None:
        if written := under_way.pop(connection, []):
            seen.append(written)

    event.listen(Engine, "before_cursor_execute", executes)
    event.listen(Engine, "commit", commits)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", executes)
        event.remove(Engine, "commit", commits)
