"""The options of the commands that work on files of tickets and on documents."""

import argparse
from pathlib import Path

from bot.cli.terminal.arguments import (
    add_env,
    add_tickets,
    parse_amount,
    parse_count,
    parse_day,
    parse_zone,
)
from bot.config.settings_file import load_claude_settings
from bot.ticket_files.ticket_columns import column_names

# Columns that can be named; the others of a table matter to `deskhand import`.
MAPPED = ("id", "text", "subject")


def add_batch(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_tickets(command)
    command.add_argument("-o", "--output", type=Path, required=True, help="results, as JSON lines")
    command.add_argument("--mode", choices=("now", "batch"), default="now")
    command.add_argument("--concurrency", type=parse_count, default=10, metavar="N")
    command.add_argument("--timeout", type=float, metavar="SECONDS")
    command.add_argument("--chunk", type=parse_count, default=5_000, help="requests in a batch")
    command.add_argument("--part", type=parse_count, help="tokens a call reads at most")
    command.add_argument("--model", help="default: the desk's triage model")
    command.add_argument("--budget", type=parse_amount, metavar="DOLLARS", help="stop before it")
    for name in MAPPED:
        command.add_argument(f"--{name}", metavar="COLUMN", help=f"the column of the {name}")
    command.add_argument("--dry-run", action="store_true", help="count tokens and price both modes")
    command.add_argument("--fresh", action="store_true", help="forget what an earlier run did")
    command.add_argument("--cancel", action="store_true", help="cancel batches under way")
    add_env(command, load_claude_settings)


def add_summarize(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    command.add_argument("file", type=Path)
    command.add_argument("--ask", metavar="QUESTION", help="answer this from the document")
    command.add_argument("--model", help="default: the desk's triage model")
    command.add_argument("--part", type=int, help="tokens a call reads at most")
    add_env(command, load_claude_settings)


def add_import(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_tickets(command)
    command.add_argument("--from", dest="desk", default="history", help="name of the other desk")
    command.add_argument("--labels", type=Path, help="what `deskhand batch` made of the same file")
    command.add_argument(
        "--map",
        dest="values",
        type=_parse_map,
        action="append",
        default=[],
        metavar="THING:VALUE=OURS",
        help='a status, priority or agent of the other desk, as in status:"In arbeit"=open',
    )
    command.add_argument("--zone", type=parse_zone, help="of dates without one, as Asia/Bangkok")
    command.add_argument("--date-order", choices=("dmy", "mdy"), help="of dates such as 1/2/26")
    command.add_argument("--opened-on", type=parse_day, help="the day of tickets without a date")
    command.add_argument(
        "--repeats",
        choices=("fail", "messages"),
        default="fail",
        help="what further rows of one id are",
    )
    command.add_argument("--dry-run", action="store_true", help="show the mapping and stop")
    command.add_argument("--yes", action="store_true", help="write without being asked")
    for name in column_names():
        command.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="COLUMN")
    add_env(command)


def _parse_map(typed: str) -> tuple[tuple[str, str], str]:
    # What understands it takes longer to import than all other options together.
    from bot.imports.mapping import parse_value_map  # noqa: PLC0415

    try:
        return parse_value_map(typed)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
