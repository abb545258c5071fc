"""`deskhand check`: what is missing or wrong, a line each."""

import argparse
import asyncio

from bot.app.checks import check_desk
from bot.checks import Finding
from bot.cli.arguments import ExitCode, add_env
from bot.config.desk_file import load_desk
from bot.config.settings import load_settings

MARKS = {"ok": "✓", "warning": "!", "wrong": "✗"}


def add_check(command: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    add_env(command)
    command.set_defaults(command=check)


def check(chosen: argparse.Namespace) -> int:
    """Print what was found; 2 when something keeps the desk from working."""
    settings = load_settings(chosen.env)
    findings = asyncio.run(check_desk(settings, load_desk(settings.desk_config)))
    for finding in findings:
        print(_line(finding))
    wrong = sum(finding.grade == "wrong" for finding in findings)
    print(f"{wrong} to put right." if wrong else "Ready: deskhand run")
    return ExitCode.WRONG if wrong else ExitCode.DONE


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.grade]} {finding.subject}: {finding.sentence}"
