"""What commands print for other programs: one JSON value, whole, on standard output."""

import json
import sys
from fractions import Fraction
from typing import Any

from pydantic_core import to_jsonable_python

from bot.cli.terminal.streams import letters_for_all


def print_json(value: Any) -> None:
    """Print a value of ours as JSON.

    Amounts of money are whole nano-dollars, prices are decimals in quotes, parts of one are
    numbers, moments and days ISO 8601.
    """
    print(json_text(to_jsonable_python(value, fallback=_plain)))


def json_text(plain: Any) -> str:
    """JSON as people read it; in escapes where the output has no letters for it."""
    return json.dumps(plain, ensure_ascii=not letters_for_all(sys.stdout), indent=2)


def _plain(value: Any) -> Any:
    """What stands for a value that pydantic has no JSON for."""
    return float(value) if isinstance(value, Fraction) else str(value)
