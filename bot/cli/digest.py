"""`deskhand digest`: a period's figures in the terminal, and in Slack where that is asked for."""

import argparse
import asyncio

from bot.app.digests import digest_of
from bot.cli.terminal.arguments import ExitCode, mistakes_told
from bot.cli.terminal.digest_tables import show_digest
from bot.cli.terminal.output import print_json
from bot.cli.terminal.tables import terminal
from bot.config.desk_file import load_desk
from bot.config.settings_file import load_settings
from bot.reports.periods import PeriodError
from bot.runtime.logs import configure_logs


@mistakes_told(PeriodError)
def digest(chosen: argparse.Namespace) -> int:
    """Print the digest, and where it stands if it was to be posted."""
    settings = load_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    desk = load_desk(settings.desk_config)
    found, posted = asyncio.run(digest_of(settings, desk, chosen.period, post=chosen.post))
    if chosen.json:
        print_json({"digest": found, "posted": posted})
        return ExitCode.DONE
    console = terminal()
    show_digest(console, found)
    for channel, ts in posted.items():
        told = f"stands there as {ts}" if ts else "is being posted by another process"
        console.print(f"{channel}: {told}", highlight=False)
    return ExitCode.DONE
