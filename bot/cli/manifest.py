"""`deskhand manifest`: the app manifest to paste into Slack."""

import argparse
from pathlib import Path

from bot.app.manifest import app_manifest, app_reached_at, creation_link
from bot.cli.terminal.arguments import ExitCode
from bot.cli.terminal.output import json_text
from bot.config.desk_file import desk_for_files


def print_manifest(chosen: argparse.Namespace) -> int:
    """Print it as JSON, or within a link."""
    desk = desk_for_files(Path("desk.toml"))
    made = app_manifest(desk.agent, emails=desk.knows_by_email)
    if chosen.request_url:
        made = app_reached_at(made, chosen.request_url)
    print(creation_link(made) if chosen.link else json_text(made))
    return ExitCode.DONE
