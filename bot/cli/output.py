"""What commands print for other programs: one JSON value, whole, on standard output."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel


def print_json(value: Any) -> None:
    """Print a value. Amounts of money are whole nano-dollars, moments and days ISO 8601."""
    print(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    """What stands for a value that JSON has no word for."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, BaseModel | Mapping):
        return dict(value)
    if isinstance(value, AbstractSet):
        return sorted(value)
    if isinstance(value, Decimal | Fraction):
        return float(value)
    return value.isoformat() if isinstance(value, date) else str(value)
