"""What the Web API knows about one of its methods."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

BOT = "bot"
TokenKind = Literal["bot", "app"]
Handler = Callable[[Workspace, JSON], JSON]


@dataclass(frozen=True)
class Method:
    """A row of the method table.

    `scopes`: one of them is enough. `json`: whether a JSON body is read at all.
    """

    name: str
    handler: Handler
    tier: Tier
    scopes: tuple[str, ...] = ()
    needs: TokenKind = "bot"
    json: bool = True


def required(args: JSON, *names: str) -> None:
    """Raise `invalid_arguments` naming the arguments that are missing."""
    missing = [f"[ERROR] missing required field: {n}" for n in names if args.get(n) in (None, "")]
    if missing:
        raise SlackError("invalid_arguments", messages=missing)


def flag(args: JSON, name: str) -> bool:
    """A boolean argument, however it is spelled."""
    return str(args.get(name, "")).casefold() in ("true", "1")


def whole(args: JSON, name: str, default: int) -> int:
    """A whole number; `invalid_arguments` for anything else."""
    value = args.get(name)
    if value in (None, ""):
        return default
    if not str(value).isdigit():
        raise SlackError("invalid_arguments", messages=[f"[ERROR] {name} must be an integer"])
    return int(str(value))


def listed(value: object) -> list[str]:
    """A list argument: JSON, or names with commas between."""
    if isinstance(value, list):
        return [str(item) for item in value]
    return [part.strip() for part in str(value or "").split(",") if part.strip()]


def page(items: list[JSON], args: JSON, default: int = 100) -> tuple[list[JSON], JSON]:
    """One page of items and the reply's `response_metadata`; the cursor is an offset."""
    cursor, limit = str(args.get("cursor") or "0"), whole(args, "limit", default)
    if not cursor.isdigit():
        raise SlackError("invalid_cursor")
    start, end = int(cursor), int(cursor) + max(1, limit)
    following = str(end) if end < len(items) else ""
    return items[start:end], {"next_cursor": following}
