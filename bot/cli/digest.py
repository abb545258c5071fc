"""`deskhand digest`: a period's figures in the terminal, and in Slack where that is asked for."""

import argparse
import asyncio

from bot.app.digests import digest_of
from bot.cli.arguments import ExitCode, add_env, mistakes_told
from bot.cli.tables import show_digest, terminal
from bot.config.desk_file import load_desk
from bot.config.settings import load_settings
from bot.reports.periods import PeriodError


def add_digest(command: argparse.ArgumentParser) -> None:
    """The options of `digest`."""
    add_env(command)
    command.add_argument("--period", default="today", help="today, week, last month, 2026-11, …")
    command.add_argument("--post", action="store_true", help="post it in Slack too, once")
    command.set_defaults(command=digest)


@mistakes_told(PeriodError)
def digest(chosen: argparse.Namespace) -> int:
    """Print the digest, and where it stands if it was to be posted."""
    settings = load_settings(chosen.env)
    desk = load_desk(settings.desk_config)
    found, posted = asyncio.run(digest_of(settings, desk, chosen.period, post=chosen.post))
    console = terminal()
    show_digest(console, found)
    for channel, ts in posted.items():
        told = f"stands there as {ts}" if ts else "is being posted by another process"
        console.print(f"{channel}: {told}", highlight=False)
    return ExitCode.DONE
