"""`deskhand check`: what is missing or wrong, a line each."""

import argparse
import asyncio
from collections import Counter

from bot.app.checks import check_desk
from bot.checks import Finding, Grade
from bot.cli.arguments import ExitCode, add_env
from bot.config.desk_file import load_desk
from bot.config.settings import load_settings
from bot.runtime.logs import configure_logs

MARKS = {"ok": "✓", "warning": "!", "wrong": "✗", "unreachable": "?"}


def add_check(command: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    add_env(command)
    command.set_defaults(command=check)


def check(chosen: argparse.Namespace) -> int:
    """Print what was found.

    2 when something keeps the desk from working, 75 when it only could not be found out now.
    """
    settings = load_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    findings = asyncio.run(check_desk(settings, load_desk(settings.desk_config)))
    for finding in findings:
        print(_line(finding))
    return _verdict(Counter(finding.grade for finding in findings))


def _verdict(grades: Counter[Grade]) -> int:
    if grades["wrong"]:
        print(f"{grades['wrong']} to put right.")
        return ExitCode.WRONG
    if grades["unreachable"]:
        print("Not reachable now. Try again in a while; deskhand run waits by itself.")
        return ExitCode.UNREACHABLE
    print("Ready: deskhand run")
    return ExitCode.DONE


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.grade]} {finding.subject}: {finding.sentence}"
