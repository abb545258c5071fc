"""The closing table of a run."""

from rich.table import Table

from bot.batch.progress_bar import duration_text
from bot.batch.results import Tally
from bot.text.money import dollars
from bot.ticket_files.account import add_lines, add_reasons
from bot.ticket_files.record import SkippedLines


def closing_table(
    tally: Tally, skipped: SkippedLines, rows: int, seconds: float, *, ended: bool
) -> Table:
    """What all runs of the work add up to; `rows` of them took `seconds` just now.

    `ended` says whether the input was read to its end.
    """
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_row("done", f"{tally.done:,}")
    table.add_row("failed", f"{tally.failed.total():,}")
    add_reasons(table, tally.failed)
    add_lines(table, tally.done_lines, tally.failed_lines, skipped, ended=ended)
    table.add_row(
        "tokens",
        f"{tally.input_tokens:,} in, {tally.cached_tokens:,} from the cache, "
        f"{tally.output_tokens:,} out",
    )
    each = dollars(tally.nano_dollars // tally.done) if tally.done else "–"
    table.add_row("cost", f"{dollars(tally.nano_dollars)} ({each} a row)")
    table.add_row("latency", f"mean {tally.mean_ms:,.0f} ms, p99 {tally.p99_ms:,} ms")
    rate = rows / seconds if seconds else 0.0
    table.add_row("throughput", f"{rows:,} rows in {duration_text(seconds)}, {rate:.1f}/s")
    return table
