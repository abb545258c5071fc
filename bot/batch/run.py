"""Carrying out a job: from the file of tickets to the file of results and the closing table."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from rich.console import Console

from bot.asking import Ask
from bot.batch.bulk import Bulk
from bot.batch.governor import Governor
from bot.batch.halt import Halt
from bot.batch.job import Job
from bot.batch.logbook import Logbook
from bot.batch.now import Now
from bot.batch.progress import Meter
from bot.batch.purse import Purse
from bot.batch.report import closing
from bot.batch.results import Output
from bot.batch.rows import Table
from bot.batch.work import HANDFUL, work_off
from bot.claude import Claude
from bot.desk import Desk, prices_of
from bot.pricing import Catalogue, UnknownModel
from bot.settings import ClaudeSettings, SettingsError
from bot.summarising import Summariser


class Run:
    """One run of a job, which goes on where an earlier one stopped."""

    def __init__(
        self, job: Job, settings: ClaudeSettings, desk: Desk, console: Console, halt: Halt
    ) -> None:
        self._job = job
        self._settings = settings
        self._console = console
        self._halt = halt
        self._summariser = Summariser(desk, job.model, part=job.part, timeout=job.timeout)
        self._catalogue = prices_for(self._summariser.model, desk)

    async def carry_out(self) -> int:
        """Summarise every ticket of the source; how many have failed, of all runs together.

        Whether it came to the end is for the `Halt` to say.

        Raises:
            NotATable: the source cannot be read as tickets.
            Stopped: the output belongs to other work.
        """
        job = self._job
        with job.opened() as (table, size):
            self._console.print(f"columns: {table.columns}", highlight=False, markup=False)
            began = {
                "columns": str(table.columns),
                "model and prompts": self._summariser.version,
                "tokens of a part": str(job.part),
            }
            with job.books(began) as (output, logbook):
                await self._work(table, size, output, logbook)
                return output.tally.failed.total()

    async def _work(self, table: Table, size: int, output: Output, logbook: Logbook) -> None:
        meter = Meter(self._console, output.tally, size)
        before, began = output.tally.rows, time.monotonic()
        if before:
            meter.tell(f"{before:,} rows are written already; going on")
        async with self._asking(logbook, meter) as (ask, at_once):
            done = work_off(
                output.check(table.rows()),
                self._summariser,
                ask,
                output,
                self._halt,
                at_once=at_once,
                handful=HANDFUL if size else 1,
            )
            with meter.shown():
                async for row, result in done:
                    meter.reached(row.end)
                    if result.error:
                        meter.tell(f"line {row.line}: {result.error}")
        seconds = time.monotonic() - began
        self._console.print(closing(output.tally, output.tally.rows - before, seconds))

    @asynccontextmanager
    async def _asking(self, logbook: Logbook, meter: Meter) -> AsyncIterator[tuple[Ask, int]]:
        """A way to have questions answered, and how many rows should be under way at a time."""
        job, purse = self._job, Purse(self._job.budget, logbook.spent)
        governor = Governor()
        settings = self._settings.model_copy(
            update={"claude_retries": 0, "claude_in_flight": job.at_once}
        )
        claude = Claude(settings, self._catalogue, governor.heard)
        try:
            if job.mode == "now":
                now = Now(claude, logbook, purse, governor, self._halt, at_once=job.at_once)
                yield now.ask, job.at_once
                return
            bulk = Bulk(claude, logbook, purse, self._halt, chunk=job.chunk, told=meter.tell)
            under_way = sum(len(sending.keys) for sending in logbook.sendings.values())
            carrying = asyncio.create_task(bulk.run())
            try:
                # While one chunk is at the API the next is gathered.
                yield bulk.ask, under_way + 2 * job.chunk
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
