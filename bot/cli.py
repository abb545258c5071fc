"""The `deskhand` command."""

import argparse
import asyncio
import gc
import json
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.app import app_manifest, check, running
from bot.batch.commands import add_batch
from bot.batch.importing import add_import
from bot.batch.summarize import add_summarize
from bot.bookkeeping import add_commands
from bot.desk import load_desk
from bot.finding import Finding
from bot.logs import configure
from bot.settings import Settings, SettingsError, load_settings, load_store_settings
from storage import corrections
from storage.database import BadDatabaseUrl, Database, Session
from storage.migrate import pending

WRONG_CONFIGURATION = 2
MARKS = {"ok": "✓", "warning": "!", "wrong": "✗"}


def main(arguments: list[str] | None = None) -> int:
    """Run a sub-command; 0 when all went well, 2 when something configured is wrong."""
    chosen = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        return command(chosen)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return WRONG_CONFIGURATION


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskhand", description="A support desk in Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, work, told in (
        ("run", _run, "join the workspace and work until stopped"),
        ("check", _check, "say what is missing or wrong, and change nothing"),
        ("manifest", _manifest, "print the app manifest to paste into Slack"),
        ("corrections", _corrections, "print where people set the bot right, a JSON line each"),
    ):
        command = commands.add_parser(name, help=told, description=told)
        command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
        command.set_defaults(command=work)
    commands.choices["corrections"].add_argument(
        "--since", type=_day, default=datetime.min.replace(tzinfo=UTC), help="such as 2026-11-01"
    )
    for add in (add_commands, add_batch, add_summarize, add_import):
        add(commands)
    return parser


def _day(typed: str) -> datetime:
    """A day or a moment in ISO 8601; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is no day such as 2026-11-01") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _run(chosen: argparse.Namespace) -> int:
    settings = load_settings(chosen.env)
    configure(settings.log_level, settings.log_format)
    asyncio.run(_until_stopped(settings))
    return 0


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
    findings = asyncio.run(check(settings, load_desk(settings.desk_config)))
    for finding in findings:
        print(_line(finding))
    wrong = sum(finding.grade == "wrong" for finding in findings)
    print(f"{wrong} to put right." if wrong else "Ready: deskhand run")
    return WRONG_CONFIGURATION if wrong else 0


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.grade]} {finding.subject}: {finding.sentence}"


def _manifest(_chosen: argparse.Namespace) -> int:
    print(json.dumps(app_manifest(), indent=2, ensure_ascii=False))
    return 0


def _corrections(chosen: argparse.Namespace) -> int:
    settings = load_store_settings(chosen.env)
    asyncio.run(_print_corrections(settings.database_url, chosen.since))
    return 0


def _print_since(session: Session, since: datetime) -> None:
    for line in corrections.since(session, since):
        print(json.dumps(line, ensure_ascii=False))


async def _print_corrections(url: str, since: datetime) -> None:
    try:
        if pending(url):
            raise SettingsError("DATABASE_URL: this database is not of this version: run it first")
        store = Database(url)
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None
    try:
        await store.read(_print_since, since)
    finally:
        await store.close()


if __name__ == "__main__":
    sys.exit(main())
