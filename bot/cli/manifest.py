"""`deskhand manifest`: the app manifest to paste into Slack."""

import argparse
import json
from pathlib import Path

from bot.app import app_manifest
from bot.cli.arguments import ExitCode
from bot.config.desk_file import desk_for_files


def add_manifest(command: argparse.ArgumentParser) -> None:
    """`manifest` has no options: it is made of what the handlers and `desk.toml` say."""
    command.set_defaults(command=print_manifest)


def print_manifest(_chosen: argparse.Namespace) -> int:
    """Print it as JSON."""
    desk = desk_for_files(Path("desk.toml"))
    made = app_manifest(desk.agent, emails=desk.knows_by_email)
    print(json.dumps(made, indent=2, ensure_ascii=False))
    return ExitCode.DONE
