"""`deskhand check`: what is missing or wrong, a line each."""

import argparse
import asyncio
from collections import Counter

from bot.app.checks import check_desk, unheard
from bot.checks.finding import Grade
from bot.cli.terminal.arguments import ExitCode
from bot.cli.terminal.findings import show_finding
from bot.cli.terminal.output import print_json
from bot.config.desk_file import load_desk
from bot.config.settings_file import load_settings
from bot.runtime.logs import configure_logs


def check(chosen: argparse.Namespace) -> int:
    """Print what is found, as it is found.

    2 when something keeps the desk from working, 75 when it only could not be found out now.
    """
    settings = load_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    desk = load_desk(settings.desk_config)
    findings = asyncio.run(check_desk(settings, desk, unheard if chosen.json else show_finding))
    status, verdict = verdict_of(Counter(finding.grade for finding in findings))
    if chosen.json:
        print_json({"status": status, "findings": findings})
    else:
        print(verdict)
    return status


def verdict_of(grades: Counter[Grade]) -> tuple[ExitCode, str]:
    """The exit status of some findings, and the sentence under them."""
    if grades["wrong"]:
        return ExitCode.WRONG, f"{grades['wrong']} to put right."
    if grades["unreachable"]:
        told = "Not reachable now. Try again in a while; deskhand run waits by itself."
        return ExitCode.UNREACHABLE, told
    return ExitCode.DONE, "Ready: deskhand run"
