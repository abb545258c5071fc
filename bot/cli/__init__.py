"""The `deskhand` command: a module for each of its commands, in `terminal` what they share.

May use: every room of bot; storage; the handlers only through app.
Used by: the way in, `bot/__main__.py`.
"""

import argparse
import gc
import re
import sys
from collections.abc import Callable, Collection, Sequence
from pkgutil import resolve_name
from typing import Any, NamedTuple

from bot.cli.terminal.arguments import ExitCode
from bot.cli.terminal.streams import (
    UNWRITTEN,
    ending_quietly,
    forget_output,
    prepare_streams,
)
from bot.config.mistakes import meant
from bot.config.settings import SettingsError


class Command(NamedTuple):
    """Where a command's options are added and where its work is done, and what it is for."""

    options: str
    work: str
    told: str


# What a command takes and what it does stand apart: the first is told, and the settings are read,
# before anything is imported that the second needs.
COMMANDS = {
    "init": Command(
        "terminal.options:add_init",
        "init:init",
        "set up a new desk: ask, check, write .env and desk.toml",
    ),
    "run": Command(
        "terminal.options:add_run", "run:run", "join the workspace and work until stopped"
    ),
    "check": Command(
        "terminal.options:add_check",
        "check:check",
        "say what is missing or wrong, and change nothing",
    ),
    "doctor": Command(
        "terminal.options:add_doctor",
        "doctor:doctor",
        "check, post a test message, call each model, and print a report to paste",
    ),
    "migrate": Command(
        "terminal.options:add_migrate",
        "migrate:migrate",
        "bring the database up to date, after a copy of it",
    ),
    "backup": Command(
        "terminal.options:add_backup",
        "backup:backup",
        "copy the desk's files into an archive, online",
    ),
    "restore": Command(
        "terminal.options:add_restore",
        "backup:restore",
        "put the files of an archive in their place",
    ),
    "erase": Command(
        "terminal.options:add_erase",
        "erase:erase",
        "take out for ever what a person wrote, and whose tickets were theirs",
    ),
    "manifest": Command(
        "terminal.options:add_manifest",
        "manifest:print_manifest",
        "print the app manifest to paste into Slack",
    ),
    "corrections": Command(
        "terminal.options:add_corrections",
        "corrections:corrections",
        "print where people set the bot right, a JSON line each",
    ),
    "digest": Command("terminal.options:add_digest", "digest:digest", "print a period's digest"),
    "prices": Command(
        "terminal.options:add_prices", "prices:prices", "show the price list and what changed"
    ),
    "recost": Command(
        "terminal.options:add_recost", "recost:recost_ledger", "price the ledger's calls anew"
    ),
    "plan": Command(
        "terminal.options:add_plan", "plan:plan", "work out a month's cost before it is spent"
    ),
    "batch": Command(
        "terminal.file_options:add_batch",
        "batch:batch",
        "summarise and label the tickets of a file",
    ),
    "summarize": Command(
        "terminal.file_options:add_summarize",
        "summarize:summarize",
        "summarise a document (text, Markdown, PDF, Word), or answer a question from it",
    ),
    "import": Command(
        "terminal.file_options:add_import",
        "import_tickets:import_file",
        "bring tickets of another desk into the tables; twice changes nothing",
    ),
    "tools": Command(
        "terminal.options:add_tools",
        "tools:tools",
        "list, check and try what is looked up elsewhere",
    ),
    "mcp": Command(
        "terminal.options:add_mcp", "mcp:mcp", "serve a desk's API as tools for assistants, by MCP"
    ),
    "kb": Command("terminal.options:add_kb", "kb:kb", "the articles that the desk answers from"),
    "completion": Command(
        "terminal.options:add_completion",
        "completion:print_completion",
        "print what lets a shell complete these commands",
    ),
}


STATUSES = (
    "Exit status: 0 done; 1 some of the input came to nothing; 2 something configured or given is "
    "wrong; 3 stopped, the same command goes on; 75 Slack or Claude cannot be asked now; "
    "130 interrupted."
)


def main(arguments: list[str] | None = None) -> int:
    """Run a sub-command; 0 when all went well, 2 when something configured is wrong.

    An interruption, and a reader of the output that is gone, end it as a shell expects.
    """
    given = sys.argv[1:] if arguments is None else arguments
    prepare_streams()
    try:
        return _carried_out(given)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return ExitCode.WRONG
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        forget_output()
        return ExitCode.UNREAD
    except OSError as error:
        if error.errno not in UNWRITTEN:
            raise
        print(f"{error.filename or 'the output'}: {error.strerror}", file=sys.stderr, flush=True)
        forget_output()
        return ExitCode.STOPPED


def _carried_out(given: Sequence[str]) -> int:
    try:
        with ending_quietly():
            chosen = _parsed(given)
            # What is missing is said before anything heavy is imported.
            if load := getattr(chosen, "load", None):
                load(chosen.env)
            work: Callable[[argparse.Namespace], int] = _imported(chosen.work)
        return work(chosen)
    finally:
        # What is still held back meets a reader that is gone here, and not when Python ends.
        sys.stdout.flush()


def _parsed(given: Sequence[str]) -> argparse.Namespace:
    """What was asked for; a name that there is not ends it with the one that was meant."""
    parser = parser_of(given[:1])
    if given and not given[0].startswith("-") and given[0] not in COMMANDS:
        near = meant(given[0], list(COMMANDS)) or "; deskhand --help lists them"
        parser.error(f"there is no command {given[0]!r}{near}")
    chosen, unknown = parser.parse_known_args(given)
    if unknown:
        command: argparse.ArgumentParser = chosen.parser
        options = re.findall(r"--[a-z][a-z-]*", command.format_help())
        command.error(f"nothing is known of {unknown[0]!r}{meant(unknown[0], options)}")
    return chosen


def parser_of(called: Collection[str]) -> argparse.ArgumentParser:
    """All commands by their names, and the options of those that are called."""
    parser = argparse.ArgumentParser(
        prog="deskhand", description="A support desk in Slack.", epilog=STATUSES
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and stop")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, each in COMMANDS.items():
        command = commands.add_parser(name, help=each.told, description=each.told, epilog=STATUSES)
        if name in called:
            command.set_defaults(work=each.work, parser=command)
            _imported(each.options)(command)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than the rest."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - see above

        print(f"deskhand {version('deskhand')}")
        parser.exit()


def _imported(place: str) -> Callable[[Any], Any]:
    """A function of this room. Modules stay: looking for garbage among them takes its time."""
    gc.disable()
    try:
        found: Callable[[Any], Any] = resolve_name(f"{__name__}.{place}")
    finally:
        gc.enable()
    return found
