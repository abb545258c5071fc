"""Carrying out a job: from the file of tickets to the file of results and the closing table."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from rich.console import Console

from bot.batch.job import Job
from bot.batch.live import LiveCalls
from bot.batch.log import JobLog
from bot.batch.message_batches import MessageBatchQueue
from bot.batch.progress_bar import ProgressBar
from bot.batch.rate_limit import RateLimiter
from bot.batch.results import Output
from bot.batch.rows import ticket_rows
from bot.batch.stop import StopSignal
from bot.batch.summary_table import closing_table
from bot.batch.workers import HANDFUL, process_rows
from bot.config.desk import Desk
from bot.config.settings import ClaudeSettings, SettingsError
from bot.costs.reservation import SpendCap
from bot.llm.client import Claude
from bot.llm.price_files import prices_of
from bot.llm.pricing import Catalogue, UnknownModel
from bot.llm.structured import Ask
from bot.summaries.summariser import Summariser
from bot.ticket_files.table import Table, opened_table


class Run:
    """One run of a job, which goes on where an earlier one stopped."""

    def __init__(
        self,
        job: Job,
        settings: ClaudeSettings,
        desk: Desk,
        console: Console,
        stop_signal: StopSignal,
    ) -> None:
        self._job = job
        self._settings = settings
        self._console = console
        self._stop_signal = stop_signal
        self._summariser = Summariser(desk, job.model, part=job.part, timeout=job.timeout)
        self._catalogue = prices_for(self._summariser.model, desk)

    async def carry_out(self) -> int:
        """Summarise every ticket of the source; how many have failed, of all runs together.

        Whether it came to the end is for the `StopSignal` to say.

        Raises:
            NotATable: the source cannot be read as tickets.
            Stopped: the output belongs to other work.
        """
        job = self._job
        with opened_table(job.source, job.reading) as table:
            for told in (f"read as: {table.form}", f"columns: {table.columns}"):
                self._console.print(told, highlight=False, markup=False)
            began = {
                "columns": str(table.columns),
                "model and prompts": self._summariser.version,
                "tokens of a part": str(job.part),
            }
            with job.books(began) as (output, job_log):
                await self._work(table, output, job_log)
                return output.tally.failed.total()

    async def _work(self, table: Table, output: Output, job_log: JobLog) -> None:
        progress_bar = ProgressBar(self._console, output.tally, table.size)
        before, began = output.tally.rows, time.monotonic()
        if before:
            progress_bar.tell(f"{before:,} rows are written already; going on")
        async with self._asking(job_log, progress_bar) as (ask, at_once):
            done = process_rows(
                output.check(ticket_rows(table)),
                self._summariser,
                ask,
                output,
                self._stop_signal,
                at_once=at_once,
                handful=HANDFUL if table.size else 1,
            )
            with progress_bar.shown():
                async for row, result in done:
                    progress_bar.reached(row.end)
                    if result.error:
                        progress_bar.tell(f"line {row.line}: {result.error}")
        seconds = time.monotonic() - began
        rows, ended = output.tally.rows - before, self._stop_signal.why is None
        told = closing_table(output.tally, table.skipped, rows, seconds, ended=ended)
        self._console.print(told)

    @asynccontextmanager
    async def _asking(
        self, job_log: JobLog, progress_bar: ProgressBar
    ) -> AsyncIterator[tuple[Ask, int]]:
        """A way to have questions answered, and how many rows should be under way at a time."""
        job, spend_cap = self._job, SpendCap(self._job.budget, job_log.spent)
        rate_limiter = RateLimiter()
        settings = self._settings.model_copy(
            update={"claude_retries": 0, "claude_in_flight": job.at_once}
        )
        claude = Claude(settings, self._catalogue, rate_limiter.adjust_to_reply)
        try:
            if job.mode == "now":
                now = LiveCalls(
                    claude, job_log, spend_cap, rate_limiter, self._stop_signal, at_once=job.at_once
                )
                yield now.ask, job.at_once
                return
            batch_queue = MessageBatchQueue(
                claude,
                job_log,
                spend_cap,
                self._stop_signal,
                chunk=job.chunk,
                told=progress_bar.tell,
            )
            under_way = sum(len(sending.keys) for sending in job_log.sendings.values())
            carrying = asyncio.create_task(batch_queue.run())
            try:
                # While one chunk is at the API the next is gathered.
                yield batch_queue.ask, under_way + 2 * job.chunk
            finally:
                carrying.cancel()
                with suppress(asyncio.CancelledError):
                    await carrying
        finally:
            await claude.close()


def prices_for(model: str, desk: Desk) -> Catalogue:
    """The desk's prices, which must know the model.

    Raises:
        SettingsError: they do not.
    """
    catalogue = prices_of(desk)
    try:
        catalogue.resolve(model)
    except UnknownModel as error:
        raise SettingsError(f"--model: {error}") from None
    return catalogue
