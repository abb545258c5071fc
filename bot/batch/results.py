"""One line of output for each line of input, in its order; and what they add up to."""

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.batch.log import whole_lines, write_line
from bot.batch.rows import Row
from bot.llm.calls import Call
from bot.llm.structured import Stopped
from bot.summaries.summariser import TicketSummary
from bot.ticket_files.account import reason_kind
from bot.values import Frozen


class Result(Frozen):
    """What became of one row, which has `lines` lines of the file to itself.

    Latency is that of its calls added up, in milliseconds.
    """

    line: int
    lines: int = 1
    id: str
    labelled: TicketSummary | None = None
    error: str | None = None
    model: str = ""
    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    nano_dollars: int = 0
    latency_ms: int = 0

    def as_line(self) -> dict[str, Any]:
        """The object that is written out: labels or an error, then what it took."""
        said = self.labelled.model_dump() if self.labelled else {"error": self.error}
        spent = self.model_dump(exclude={"line", "lines", "id", "labelled", "error"})
        return {"id": self.id, "line": self.line, "lines": self.lines, **said, **spent}


def result_of(
    row: Row, calls: Sequence[Call], labelled: TicketSummary | None, error: str | None
) -> Result:
    """The result of a row and of the calls made for it."""
    return Result(
        line=row.line,
        lines=row.lines,
        id=row.id,
        labelled=labelled,
        error=error,
        model=calls[-1].model if calls else "",
        calls=len(calls),
        input_tokens=sum(each.input_tokens for each in calls)
        + sum(each.cache_write_5m_tokens + each.cache_write_1h_tokens for each in calls),
        cached_tokens=sum(each.cache_read_tokens for each in calls),
        output_tokens=sum(each.output_tokens for each in calls),
        nano_dollars=sum(each.nano_dollars for each in calls),
        latency_ms=sum(each.latency_ms for each in calls),
    )


@dataclass
class Tally:
    """What all rows add up to; four bytes a row. Lines are those of the input."""

    done: int = 0
    done_lines: int = 0
    failed_lines: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    nano_dollars: int = 0
    latencies: "array[int]" = field(default_factory=lambda: array("L"))

    @property
    def rows(self) -> int:
        return self.done + self.failed.total()

    def add(self, line: dict[str, Any]) -> None:
        """Count one line of the output."""
        error = line.get("error")
        lines = line.get("lines", 1)
        if error is None:
            self.done += 1
            self.done_lines += lines
        else:
            self.failed[reason_kind(error)] += 1
            self.failed_lines += lines
        if line["calls"]:
            self.latencies.append(line["latency_ms"])
        for name in ("input_tokens", "cached_tokens", "output_tokens", "nano_dollars"):
            setattr(self, name, getattr(self, name) + line[name])

    @property
    def mean_ms(self) -> float:
        return sum(self.latencies) / len(self.latencies) if self.latencies else 0.0

    @property
    def p99_ms(self) -> int:
        """The latency that 99 rows in 100 do not exceed."""
        ranked = sorted(self.latencies)
        return ranked[max(-(-99 * len(ranked) // 100) - 1, 0)] if ranked else 0


class Output:
    """The file of results, opened to go on after the last line that was written whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tally = Tally()
        try:
            for line in whole_lines(path):
                self.tally.add(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Stopped(
                f"{path} is not what deskhand batch writes: name another output"
            ) from None
        self.written = self.tally.rows
        self._file = path.open("ab", buffering=0)

    def check(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows that are not written yet, after making sure that the others are the same.

        Raises:
            Stopped: the output was made from another input.
        """
        if self.written:
            with self.path.open("rb") as file:
                for number, line in zip(range(self.written), file, strict=False):
                    self._compare(json.loads(line), next(rows, None), number)
        yield from rows

    def add(self, result: Result) -> None:
        """Write a line; after this returns it outlives the process.

        Raises:
            Stopped: it cannot be written; the next run drops what was written of it.
        """
        line = result.as_line()
        write_line(self._file, self.path, line)
        self.tally.add(line)

    def close(self) -> None:
        self._file.close()

    def _compare(self, line: dict[str, Any], row: Row | None, number: int) -> None:
        if row is None or (row.line, row.id) != (line["line"], line["id"]):
            raise Stopped(
                f"{self.path} was made from another input (line {number + 1} is for the ticket "
                f"{line['id']!r}): name another output with -o, or add --fresh to begin again"
            )
