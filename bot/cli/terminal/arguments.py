"""What commands share: their exit codes, common options, and how people type days and amounts."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config.settings import SettingsError, web_address
from bot.config.settings_file import load_store_settings
from bot.config.time_zones import zone_named
from bot.text.money import parse_dollars
from bot.ticket_files.options import ReadingOptions


class ExitCode(IntEnum):
    """How a command ends. A shell adds 128 to the number of a signal: 130 is Ctrl-C."""

    DONE = 0
    INCOMPLETE = 1  # some of the input came to nothing, and was named
    WRONG = 2  # configuration or input that cannot be used; nothing was done
    STOPPED = 3  # the same command goes on from here
    UNREACHABLE = 75  # nothing is wrong here, but Slack or Claude cannot be asked now: later
    INTERRUPTED = 130
    UNREAD = 141  # whoever read the output is gone


def add_env(
    command: argparse.ArgumentParser, load: Callable[[Path], object] = load_store_settings
) -> None:
    """Where the settings stand; those that `load` reads are asked for before anything else."""
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.set_defaults(load=load)


def parse_place(text: str) -> tuple[str, int]:
    """A host and a port, such as 0.0.0.0:9300; a port alone is one of this machine's own."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal()) or int(port) > 65_535:
        raise argparse.ArgumentTypeError("expected a port such as 9300, or 0.0.0.0:9300")
    return host.strip("[]") or "127.0.0.1", int(port)


def add_json(command: argparse.ArgumentParser) -> None:
    """The same for other programs."""
    command.add_argument("--json", action="store_true", help="JSON for other programs")


def add_tickets(command: argparse.ArgumentParser) -> None:
    """A file of tickets, and how it is to be read where the file does not show it."""
    told = "tickets as separated values or JSON, packed or not; - for standard input"
    command.add_argument("source", help=told)
    command.add_argument("--encoding", help="such as windows-1258; Unicode is seen by itself")
    command.add_argument("--separator", type=parse_separator, metavar="SIGN", help="such as ';'")
    command.add_argument("--member", metavar="FILE", help="which file of a zip archive")


def reading_options(chosen: argparse.Namespace, columns: Iterable[str]) -> ReadingOptions:
    """How the file is to be read; `columns` are the things whose column may be named."""
    return ReadingOptions(
        encoding=chosen.encoding,
        separator=chosen.separator,
        member=chosen.member,
        columns={name: getattr(chosen, name) for name in columns},
    )


@contextmanager
def mistakes_told(*kinds: type[Exception]) -> Iterator[None]:
    """Errors of these kinds end the command as wrong configuration does: with their sentence."""
    try:
        yield
    except kinds as problem:
        raise SettingsError(str(problem)) from None


def parse_separator(typed: str) -> str:
    """One sign; a tab may be typed by its name."""
    sign = {"tab": "\t", "\\t": "\t"}.get(typed, typed)
    if len(sign) != 1 or sign in '"\r\n':
        raise argparse.ArgumentTypeError(f"{typed!r} is no separator such as ';' or tab")
    return sign


def parse_day(typed: str) -> date:
    """A day: `2026-11-01`."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is no day such as 2026-11-01") from None


def parse_moment(typed: str) -> datetime:
    """A day or a moment in ISO 8601; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(typed)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{typed!r} is no day such as 2026-11-01") from None


def parse_share(typed: str) -> Fraction:
    """A part of one: `0.5` or `1/2`."""
    try:
        return Fraction(typed)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{typed!r} is no part such as 0.5") from None


def parse_part(typed: str) -> Fraction:
    """A part of one that lies between nothing and all of it."""
    part = parse_share(typed)
    if not 0 <= part <= 1:
        raise argparse.ArgumentTypeError(f"expected a part between 0 and 1, not {typed!r}")
    return part


def parse_rounds(typed: str) -> int:
    """How often the systems are asked for one message: once to three times."""
    if typed not in ("1", "2", "3"):
        raise argparse.ArgumentTypeError("expected 1, 2 or 3 rounds: the desk asks no more")
    return int(typed)


def parse_count(typed: str) -> int:
    """A number of at least one."""
    return _whole(typed, 1_000_000_000)


def parse_days(typed: str) -> int:
    """A number of days: at least one, and at most a century's."""
    return _whole(typed, 36_500)


def _whole(typed: str, most: int) -> int:
    try:
        number = int(typed)
    except ValueError:
        number = 0
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {most:,}")
    return number


def parse_amount(typed: str) -> int:
    """Nano-dollars of an amount such as `12.50`."""
    try:
        return parse_dollars(typed)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse_zone(typed: str) -> ZoneInfo:
    """A time zone: `Asia/Bangkok`."""
    try:
        return zone_named(typed)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse_request_url(typed: str) -> str:
    """Where Slack sends events: an https address."""
    try:
        url = web_address(typed)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not url.startswith("https://"):
        raise argparse.ArgumentTypeError("Slack sends requests to an https address only")
    return url
