"""How far the work is: a bar on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from bot.batch.results import Tally
from bot.text.money import dollars

# Seconds between two plain lines.
EVERY = 5.0


class ProgressBar:
    """Rate, cost so far and time left. `size` is that of the input in bytes, 0 when unknown."""

    def __init__(self, console: Console, tally: Tally, size: int) -> None:
        self._console = console
        self._tally = tally
        self._size = size
        self._began = time.monotonic()
        self._before = tally.rows
        self._start: int | None = None
        self._told = self._began
        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=size or None)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bar, on a terminal, while the block runs."""
        if not self._console.is_terminal:
            yield
            return
        with self._bar:
            yield

    def tell(self, line: str) -> None:
        """A line above the bar."""
        self._console.print(line, highlight=False, markup=False)

    def reached(self, end: int) -> None:
        """A row that ends at this byte of the input was written."""
        if self._start is None:
            self._start = end
        now = time.monotonic()
        if self._console.is_terminal:
            if now - self._told > 0.1:
                self._bar.update(self._task, completed=end, description=self._line(end, now))
                self._told = now
        elif now - self._told >= EVERY:
            self.tell(self._line(end, now))
            self._told = now

    def _line(self, end: int, now: float) -> str:
        spent = max(now - self._began, 1e-6)
        rate = (self._tally.rows - self._before) / spent
        return (
            f"{self._tally.rows:,} rows · {rate:.1f}/s · {dollars(self._tally.nano_dollars)} so far"
            f"{self._left(end, spent)}"
        )

    def _left(self, end: int, spent: float) -> str:
        read = end - (self._start or 0)
        if not self._size or read <= 0:
            return ""
        return f" · {duration_text(spent * (self._size - end) / read)} left"


def duration_text(seconds: float) -> str:
    """A length of time as people say it: 42 s, 3 min 5 s, 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
