"""`deskhand batch`: options in, an exit status out."""

import argparse
import asyncio
import signal

from rich.console import Console

from bot.batch import dry_run
from bot.batch.job import Job
from bot.batch.log import JobLog, began_of
from bot.batch.run import Run, prices_for
from bot.batch.stop import StopSignal
from bot.batch.submitter import cancel_batches
from bot.cli.terminal.arguments import (
    ExitCode,
    reading_options,
)
from bot.cli.terminal.file_options import MAPPED
from bot.config.desk import Desk
from bot.config.desk_file import desk_for_files
from bot.config.settings import ClaudeSettings
from bot.config.settings_file import load_claude_settings
from bot.llm.calls import ModelUnknown
from bot.llm.client import Claude
from bot.llm.structured import TIMEOUT, Stopped
from bot.runtime.logs import configure_logs
from bot.summaries.summariser import PART, Summariser
from bot.ticket_files.record import NotATable
from bot.ticket_files.table import opened_table

BY_HAND = "interrupted"


def batch(chosen: argparse.Namespace) -> int:
    """Carry the job out; 0 done, 1 some rows failed, 2 wrong input, 3 stopped, 130 interrupted."""
    settings = load_claude_settings(chosen.env)
    # What fails here fails row by row, and is told row by row.
    configure_logs("CRITICAL", settings.log_format)
    desk, job = desk_for_files(settings.desk_config), _job(chosen)
    console = Console(stderr=True, soft_wrap=True)
    try:
        if chosen.fresh:
            job.forget()
        if chosen.dry_run:
            return asyncio.run(_dry_run(job, settings, desk, console))
        if chosen.cancel:
            return asyncio.run(_cancel(job, settings, desk, console))
        return asyncio.run(_run(job, settings, desk, console))
    except (NotATable, ModelUnknown) as error:
        console.print(f"{job.source}: {error}", style="red", highlight=False, markup=False)
    except Stopped as stopped:
        console.print(str(stopped), style="red", highlight=False, markup=False)
    return ExitCode.WRONG


async def _run(job: Job, settings: ClaudeSettings, desk: Desk, console: Console) -> int:
    stop_signal = StopSignal()
    _stop_on_signal(stop_signal)
    failed = await Run(job, settings, desk, console, stop_signal).carry_out()
    if stop_signal.why is not None:
        told = f"stopped: {stop_signal.why}. The same command goes on from here."
        console.print(told, style="yellow", highlight=False, markup=False)
        return ExitCode.INTERRUPTED if stop_signal.why == BY_HAND else ExitCode.STOPPED
    return ExitCode.INCOMPLETE if failed else ExitCode.DONE


def _stop_on_signal(stop_signal: StopSignal) -> None:
    """The first signal stops cleanly; the second one at once, and loses what was under way."""
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        stop_signal.now(BY_HAND)
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)


async def _dry_run(job: Job, settings: ClaudeSettings, desk: Desk, console: Console) -> int:
    summariser = Summariser(desk, job.model, part=job.part, timeout=job.timeout)
    catalogue = prices_for(summariser.model, desk)
    async with Claude(settings, catalogue) as claude:
        with opened_table(job.source, job.reading) as table:
            for told in (f"read as: {table.form}", f"columns: {table.columns}"):
                console.print(told, highlight=False, markup=False)
            found = await dry_run.estimate_job(table, summariser, claude)
    console.print(dry_run.estimate_table(found, summariser.model, catalogue))
    return ExitCode.DONE


async def _cancel(job: Job, settings: ClaudeSettings, desk: Desk, console: Console) -> int:
    began = began_of(job.log)
    if began is None:
        console.print(f"{job.log} is not there: nothing is under way", highlight=False)
        return ExitCode.DONE
    job_log = JobLog(job.log, began)
    try:
        async with Claude(settings, prices_for(job.model or desk.models.triage, desk)) as claude:
            outcome = await cancel_batches(claude, job_log)
    finally:
        job_log.close()
    for what, count in outcome.items():
        console.print(f"{count} {what}", highlight=False)
    console.print("What was answered by then is fetched by the next run; the rest costs nothing.")
    return ExitCode.DONE


def _job(chosen: argparse.Namespace) -> Job:
    return Job(
        source=chosen.source,
        output=chosen.output,
        mode=chosen.mode,
        at_once=chosen.concurrency,
        chunk=chosen.chunk,
        timeout=chosen.timeout or TIMEOUT,
        part=chosen.part or PART,
        model=chosen.model,
        budget=chosen.budget,
        reading=reading_options(chosen, MAPPED),
    )
