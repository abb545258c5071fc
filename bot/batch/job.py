"""One piece of work on a file: what is asked for, and where things stand on disk."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from bot.batch.log import JobLog
from bot.batch.records import NotATable, guess_format
from bot.batch.results import Output
from bot.batch.rows import Table
from bot.llm.structured import TIMEOUT, Stopped
from bot.summaries.summariser import PART

JobMode = Literal["now", "batch"]


@dataclass(frozen=True)
class Job:
    """What to do with which file. Budget in nano-dollars, timeout in seconds."""

    source: str
    output: Path
    mode: JobMode = "now"
    at_once: int = 10
    chunk: int = 5_000
    timeout: float = TIMEOUT
    part: int = PART
    model: str | None = None
    budget: int | None = None
    encoding: str = "utf-8"
    said: dict[str, str | None] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """Where answers are kept until they are written, and after that as receipts."""
        return self.output.with_name(f"{self.output.name}.log")

    @contextmanager
    def opened(self) -> Iterator[tuple[Table, int]]:
        """The tickets of the source, and its size in bytes (0 when it is a pipe).

        Raises:
            NotATable: it cannot be opened or read as a table.
        """
        if self.source == "-":
            yield self._table(sys.stdin.buffer), 0
            return
        path = Path(self.source)
        try:
            stream = path.open("rb")
        except OSError as error:
            raise NotATable(f"{path} cannot be read: {error.strerror}") from None
        with stream:
            yield self._table(stream), path.stat().st_size

    def _table(self, stream: BinaryIO) -> Table:
        peek = getattr(stream, "peek", None)
        form = guess_format(self.source, peek(64) if peek else b"")
        return Table(stream, form, encoding=self.encoding, said=self.said)

    @contextmanager
    def books(self, began: dict[str, str]) -> Iterator[tuple[Output, JobLog]]:
        """The output and the log, opened to go on; `began` is what both depend on.

        Raises:
            Stopped: they belong to other work, or another run writes them.
        """
        if self.output.exists() and self.output.stat().st_size and not self.log.exists():
            raise Stopped(f"{self.output} is there already: name another output with -o")
        output = Output(self.output)
        try:
            job_log = JobLog(self.log, began, output.written)
            try:
                yield output, job_log
            finally:
                job_log.close()
        finally:
            output.close()

    def forget(self) -> None:
        """Begin again: what an earlier run of this very work left is removed."""
        if self.log.exists():
            self.output.unlink(missing_ok=True)
            self.log.unlink()
