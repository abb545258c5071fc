"""The options of each command of the desk, its money and its articles.

Nothing that works is imported here: what a command takes is told at once.
"""

import argparse
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from bot.cli.terminal.arguments import (
    add_env,
    add_json,
    parse_count,
    parse_day,
    parse_days,
    parse_moment,
    parse_part,
    parse_place,
    parse_request_url,
    parse_rounds,
    parse_share,
)
from bot.config.settings_file import load_settings

AUDIENCES = ("public", "agents")
EVER = datetime.min.replace(tzinfo=UTC)
SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "ANTHROPIC_API_KEY")


def add_init(command: argparse.ArgumentParser) -> None:
    """The options of `init`: an answer each."""
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.add_argument("--desk", type=Path, default=Path("desk.toml"), help="default: desk.toml")
    for name in SECRETS:
        option = f"--{name.lower().replace('_', '-')}"
        command.add_argument(option, dest=name, metavar="SECRET", help=f"or {name} is set")
    command.add_argument(
        "--agents-channel", metavar="CHANNEL", help="the channel of your agents: its name or id"
    )
    command.add_argument(
        "--watch", metavar="CHANNELS", help="names or ids, such as help,orders; default: all"
    )
    told = "HTTP mode: the public address, such as https://desk.example.com/slack/events"
    command.add_argument("--request-url", metavar="URL", help=told)
    told = "HTTP mode: where the desk listens on this machine; default: 3000"
    command.add_argument("--http-port", metavar="PORT", help=told)
    command.add_argument("--name", help="what the desk is called")
    command.add_argument("--about", help="what it serves, in a line")
    command.add_argument("--replace", action="store_true", help="replace files that are there")
    command.add_argument("--no-input", action="store_true", help="ask nothing; refuse what lacks")


def add_run(command: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    add_env(command, load_settings)


def add_check(command: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    add_env(command, load_settings)
    add_json(command)


def add_doctor(command: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    add_env(command, load_settings)
    command.add_argument(
        "--no-tries", action="store_true", help="post no test message and call no model"
    )
    add_json(command)


def add_migrate(command: argparse.ArgumentParser) -> None:
    """The options of `migrate`."""
    add_env(command)
    command.add_argument("--dry-run", action="store_true", help="show what it lacks, and stop")
    told = "copy the desk to this PostgreSQL server, postgresql://…, and compare; can be repeated"
    command.add_argument("--to", metavar="URL", help=told)


def add_backup(command: argparse.ArgumentParser) -> None:
    """The options of `backup`."""
    add_env(command)
    command.add_argument("file", type=Path, help="the archive to write, such as desk.zip")


def add_restore(command: argparse.ArgumentParser) -> None:
    """The options of `restore`."""
    add_env(command)
    command.add_argument("file", type=Path, help="an archive that `backup` wrote")
    command.add_argument("--dry-run", action="store_true", help="see that it is whole, and stop")


def add_manifest(command: argparse.ArgumentParser) -> None:
    """The options of `manifest`: it is made of what the handlers and `desk.toml` say."""
    told = "print a link on which Slack offers to create the app"
    command.add_argument("--link", action="store_true", help=told)
    told = "for HTTP mode: the public address, such as https://desk.example.com/slack/events"
    command.add_argument("--request-url", type=parse_request_url, metavar="URL", help=told)


def add_corrections(command: argparse.ArgumentParser) -> None:
    """The options of `corrections`."""
    add_env(command)
    command.add_argument("--since", type=parse_moment, default=EVER, help="such as 2026-11-01")


def add_digest(command: argparse.ArgumentParser) -> None:
    """The options of `digest`."""
    add_json(command)
    add_env(command, load_settings)
    command.add_argument("--period", default="today", help="today, week, last month, 2026-11, …")
    command.add_argument("--post", action="store_true", help="post it in Slack too, once")


def add_prices(command: argparse.ArgumentParser) -> None:
    """The options of `prices`."""
    command.add_argument("--prices", type=Path, nargs="*", help="price files to lay over it")
    add_json(command)
    add_env(command)


def add_recost(command: argparse.ArgumentParser) -> None:
    """The options of `recost`."""
    command.add_argument(
        "--from", dest="first", type=parse_day, required=True, help="such as 2026-11-01"
    )
    command.add_argument("--to", dest="last", type=parse_day, help="default: today")
    command.add_argument("--apply", action="store_true", help="write it down beside the first cost")
    add_env(command)


def add_erase(command: argparse.ArgumentParser) -> None:
    """The options of `erase`."""
    command.add_argument(
        "person", metavar="USER", help="a user's id, or a name in imported tickets"
    )
    command.add_argument("--apply", action="store_true", help="do it; nothing brings it back")
    add_env(command)


def add_plan(command: argparse.ArgumentParser) -> None:
    """The options of `plan`."""
    command.add_argument("--messages", default="50000/day", help="50000/day, 2k/hour, 1.5M/month")
    command.add_argument("--input", type=int, default=500, help="tokens read for a message")
    command.add_argument("--output", type=int, default=80, help="tokens written for a message")
    command.add_argument(
        "--cached", type=parse_share, default=Fraction(0), help="part of the input: 0.5"
    )
    command.add_argument("--share", default="haiku=0.8,sonnet=0.2", help="haiku=0.8,sonnet=0.2")
    command.add_argument(
        "--lookups", type=parse_part, default=Fraction(0), help="part that looks something up: 0.3"
    )
    command.add_argument("--rounds", type=parse_rounds, default=1, help="rounds of such a message")
    command.add_argument(
        "--answered", type=parse_count, default=300, help="tokens that a round's tools answer"
    )
    command.add_argument(
        "--prices", type=Path, nargs="*", default=[], help="a gateway's price files"
    )
    command.add_argument("--from-ledger", action="store_true", help="use the traffic of 30 days")
    add_json(command)
    add_env(command)


def add_tools(command: argparse.ArgumentParser) -> None:
    """The options of `tools`."""
    command.add_argument("--try", dest="name", metavar="NAME", help="ask this one")
    command.add_argument("--input", default="{}", help='its arguments: {"number": "DH-20311"}')
    command.add_argument("--customer", help="for whom, as the system names them")
    command.add_argument("--language", default="en", help="in which language (default: en)")
    add_env(command)


def add_mcp(command: argparse.ArgumentParser) -> None:
    """The options of `mcp`."""
    command.add_argument(
        "--http",
        type=parse_place,
        metavar="[HOST:]PORT",
        help="serve streamable HTTP there, at /mcp; otherwise standard input and output",
    )
    add_env(command)


def add_kb(command: argparse.ArgumentParser) -> None:
    """The commands of `kb` and their options."""
    kinds = command.add_subparsers(required=True, metavar="COMMAND")
    _add_sources(_kb_command(kinds, "sync", "load articles, and follow what changed"))
    look = _kb_command(kinds, "search", "show what an answer would be written from", json=True)
    look.add_argument("words", nargs="+", help="a question, as a customer would put it")
    look.add_argument("--audience", choices=AUDIENCES, default="public", help="default: public")
    look.add_argument("--language", help="the customer's language, such as vi")
    _kb_command(kinds, "stats", "count the articles, and the drafts that wait", json=True)
    lacks = _kb_command(
        kinds, "gaps", "list what customers asked and no article answers", json=True
    )
    lacks.add_argument("--days", type=parse_days, default=30, help="default: 30")
    forget = _kb_command(kinds, "forget", "take a source's articles off the shelf")
    forget.add_argument("places", nargs="+", metavar="PLACE")


def _kb_command(
    commands: Any, name: str, told: str, *, json: bool = False
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=told, description=told)
    add_env(command)
    if json:
        add_json(command)
    command.set_defaults(kind=name, parser=command)
    return command


def _add_sources(command: argparse.ArgumentParser) -> None:
    """The places that `kb sync` takes, and what may be said of them."""
    command.add_argument(
        "places",
        nargs="*",
        metavar="PLACE",
        help="folder, Git repository or http(s) address; default: those that desk.toml names",
    )
    command.add_argument("--audience", choices=AUDIENCES, help="of what says nothing itself")
    command.add_argument("--ref", help="read a Git repository at this branch, tag or commit")
    command.add_argument("--within", help="read this folder of the Git repository only")
    command.add_argument("--most", type=int, help="read at most so many pages of a website")
    command.add_argument(
        "--private-host",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="let a website be on this host of your own network",
    )


def add_completion(command: argparse.ArgumentParser) -> None:
    """The options of `completion`."""
    command.add_argument("shell", choices=("bash", "zsh", "tcsh"))
