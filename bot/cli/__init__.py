"""The `deskhand` command: a module for each of its commands, and what they share.

May use: every room of bot; storage; the handlers only through app.
Used by: nobody.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable
from pkgutil import resolve_name

from bot.cli.arguments import ExitCode
from bot.config.settings import SettingsError

# A command is a module of its own name, imported when it is called: none waits for what the others
# need.
COMMANDS = {
    "init": ("bot.cli.init:add_init", "set up a new desk: ask, check, write .env and desk.toml"),
    "run": ("bot.cli.run:add_run", "join the workspace and work until stopped"),
    "check": ("bot.cli.check:add_check", "say what is missing or wrong, and change nothing"),
    "doctor": (
        "bot.cli.doctor:add_doctor",
        "check, post a test message, call each model, and print a report to paste",
    ),
    "migrate": ("bot.cli.migrate:add_migrate", "bring the database up to date, after a copy of it"),
    "backup": ("bot.cli.backup:add_backup", "copy the desk's files into an archive, online"),
    "restore": ("bot.cli.backup:add_restore", "put the files of an archive in their place"),
    "manifest": ("bot.cli.manifest:add_manifest", "print the app manifest to paste into Slack"),
    "corrections": (
        "bot.cli.corrections:add_corrections",
        "print where people set the bot right, a JSON line each",
    ),
    "digest": ("bot.cli.digest:add_digest", "print a period's digest"),
    "prices": ("bot.cli.prices:add_prices", "show the price list and what changed"),
    "recost": ("bot.cli.recost:add_recost", "price the ledger's calls anew"),
    "plan": ("bot.cli.plan:add_plan", "work out a month's cost before it is spent"),
    "batch": ("bot.cli.batch:add_batch", "summarise and label the tickets of a file"),
    "summarize": (
        "bot.cli.summarize:add_summarize",
        "summarise a document (text, Markdown, PDF, Word), or answer a question from it",
    ),
    "import": (
        "bot.cli.import_tickets:add_import",
        "bring tickets of another desk into the tables; twice changes nothing",
    ),
    "tools": ("bot.cli.tools:add_tools", "list, check and try what is looked up elsewhere"),
    "kb": ("bot.cli.kb:add_kb", "the articles that the desk answers from"),
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
    chosen = _parser(given[:1]).parse_args(given)
    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        return command(chosen)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return ExitCode.WRONG
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Nobody reads any more: what Python still holds must not raise again when it ends.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return ExitCode.UNREAD


def _parser(called: list[str]) -> argparse.ArgumentParser:
    """All commands by their names, and the options of the one that is called."""
    parser = argparse.ArgumentParser(
        prog="deskhand", description="A support desk in Slack.", epilog=STATUSES
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and stop")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (place, told) in COMMANDS.items():
        command = commands.add_parser(name, help=told, description=told)
        if called == [name]:
            _imported(place)(command)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than the rest."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - see above

        print(f"deskhand {version('deskhand')}")
        parser.exit()


def _imported(place: str) -> Callable[[argparse.ArgumentParser], None]:
    """The function of that name. Modules stay: looking for garbage among them takes its time."""
    gc.disable()
    try:
        found: Callable[[argparse.ArgumentParser], None] = resolve_name(place)
    finally:
        gc.enable()
    return found
