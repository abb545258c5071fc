"""The `deskhand` commands that work with Slack: run, check, manifest, digest."""

import argparse
import asyncio
import gc
import json
import signal
from pathlib import Path

from rich.console import Console

from bot.app import app_manifest, check_desk, digest_of, running
from bot.checks import Finding
from bot.cli.tables import show_digest
from bot.config.desk import desk_for_files, load_desk
from bot.config.settings import Settings, SettingsError, load_settings
from bot.reports.periods import PeriodError
from bot.runtime.cpu import pin
from bot.runtime.logs import configure_logs

DONE, WRONG_CONFIGURATION = 0, 2
MARKS = {"ok": "✓", "warning": "!", "wrong": "✗"}


def add_run(command: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.set_defaults(command=_run)


def add_check(command: argparse.ArgumentParser) -> None:
    """The options of `check_desk`."""
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.set_defaults(command=_check)


def add_manifest(command: argparse.ArgumentParser) -> None:
    """`manifest` has no options: it is made of what the handlers and `desk.toml` say."""
    command.set_defaults(command=_manifest)


def add_digest(command: argparse.ArgumentParser) -> None:
    """The options of `digest`."""
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.add_argument("--period", default="today", help="today, week, last month, 2026-11, …")
    command.add_argument("--post", action="store_true", help="post it in Slack too, once")
    command.set_defaults(command=_digest)


def _run(chosen: argparse.Namespace) -> int:
    settings = load_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    if settings.processors == "one":
        pin()
    asyncio.run(_until_stopped(settings))
    return DONE


async def _until_stopped(settings: Settings) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with running(settings, load_desk(settings.desk_config)):
        # What start-up built lives as long as the process; the collector need not look at it again.
        gc.collect()
        gc.freeze()
        await stopped.wait()


def _check(chosen: argparse.Namespace) -> int:
    settings = load_settings(chosen.env)
    findings = asyncio.run(check_desk(settings, load_desk(settings.desk_config)))
    for finding in findings:
        print(_line(finding))
    wrong = sum(finding.grade == "wrong" for finding in findings)
    print(f"{wrong} to put right." if wrong else "Ready: deskhand run")
    return WRONG_CONFIGURATION if wrong else DONE


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.grade]} {finding.subject}: {finding.sentence}"


def _manifest(_chosen: argparse.Namespace) -> int:
    view = desk_for_files(Path("desk.toml")).agent
    print(json.dumps(app_manifest(view), indent=2, ensure_ascii=False))
    return DONE


def _digest(chosen: argparse.Namespace) -> int:
    settings = load_settings(chosen.env)
    desk = load_desk(settings.desk_config)
    try:
        digest, posted = asyncio.run(digest_of(settings, desk, chosen.period, post=chosen.post))
    except PeriodError as problem:
        raise SettingsError(str(problem)) from None
    console = Console()
    show_digest(console, digest)
    for channel, ts in posted.items():
        told = f"stands there as {ts}" if ts else "is being posted by another process"
        console.print(f"{channel}: {told}", highlight=False)
    return DONE
