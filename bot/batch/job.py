"""One piece of work on a file: what is asked for, and where things stand on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.batch.log import JobLog
from bot.batch.results import Output
from bot.llm.structured import TIMEOUT, Stopped
from bot.summaries.summariser import PART
from bot.ticket_files.options import ReadingOptions

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
    reading: ReadingOptions = field(default_factory=ReadingOptions)

    @property
    def log(self) -> Path:
        """Where answers are kept until they are written, and after that as receipts."""
        return Path(f"{self.output}.log")

    @contextmanager
    def books(self, began: dict[str, str]) -> Iterator[tuple[Output, JobLog]]:
        """The output and the log, opened to go on; `began` is what both depend on.

        Raises:
            Stopped: they belong to other work, another run writes them, or nobody can.
        """
        output, job_log = self._opened(began)
        try:
            yield output, job_log
        finally:
            job_log.close()
            output.close()

    def forget(self) -> None:
        """Begin again: what an earlier run of this very work left is removed."""
        if self.log.exists():
            self.output.unlink(missing_ok=True)
            self.log.unlink()

    def _opened(self, began: dict[str, str]) -> tuple[Output, JobLog]:
        for path in (self.output, self.log):
            # A device or a pipe cannot be gone on with, and may have no end.
            if path.exists() and not path.is_file():
                raise Stopped(f"{path} is no file: name another output with -o")
        if self.output.exists() and self.output.stat().st_size and not self.log.exists():
            raise Stopped(f"{self.output} is there already: name another output with -o")
        try:
            output = Output(self.output)
            try:
                return output, JobLog(self.log, began, output.written)
            except BaseException:
                output.close()
                raise
        except OSError as error:
            where = error.filename or self.output
            raise Stopped(f"{where} cannot be written: {error.strerror}") from None
