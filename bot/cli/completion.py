"""`deskhand completion`: a script by which a shell completes commands, options and files."""

import argparse

import shtab

from bot.cli import COMMANDS, parser_of
from bot.cli.terminal.arguments import ExitCode


def print_completion(chosen: argparse.Namespace) -> int:
    """Print the script for a shell. It is made once: a TAB starts no Python."""
    print(shtab.complete(parser_of(COMMANDS), chosen.shell))
    return ExitCode.DONE
