"""`deskhand doctor`: everything that can be found out about a desk, as a report to paste."""

import argparse
import asyncio
from collections import Counter

from bot.app.checks import unheard
from bot.app.doctor import examine_desk
from bot.checks.versions import versions
from bot.cli.check import verdict_of
from bot.cli.terminal.findings import show_finding
from bot.cli.terminal.output import print_json
from bot.config.desk_file import load_desk
from bot.config.settings_file import load_settings
from bot.runtime.logs import configure_logs

# Signs that the name of a package takes.
NAME = 12


def doctor(chosen: argparse.Namespace) -> int:
    """Print the report; its status is that of `check` over all that it holds."""
    settings = load_settings(chosen.env)
    configure_logs("CRITICAL", settings.log_format)
    desk = load_desk(settings.desk_config)
    installed = versions()
    if not chosen.json:
        print("\n".join(f"  {name:<{NAME}} {each}" for name, each in installed.items()), flush=True)
    tell = unheard if chosen.json else show_finding
    findings = asyncio.run(examine_desk(settings, desk, tell, tries=not chosen.no_tries))
    status, verdict = verdict_of(Counter(each.grade for each in findings))
    if chosen.json:
        print_json({"status": status, "versions": installed, "findings": findings})
    else:
        print(verdict)
    return status
