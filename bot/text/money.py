"""Amounts of money as integers, and how people read and write them.

What models cost is in nano-dollars; what a system of the desk's says is in ten-thousandths of its
unit, whatever that is: no currency has more than four decimals (ISO 4217).
"""

import re
from decimal import Decimal
from fractions import Fraction

NANO = 10**9
PARTS = 10**4
# What a column of the database holds.
LARGEST = 2**63 - 1


def dollars(nano: int, places: int | None = None) -> str:
    """An amount for people: `$12.34`, `$0.0101`, `$0.000050`.

    With `places`, that many decimals. Without, cents from one dollar up; below, three significant
    digits, the last dropped when it is zero. Rounded half to even, for display only.
    """
    amount = Decimal(abs(nano)).scaleb(-9)
    decimals = _decimals(amount) if places is None else places
    text = f"{amount:,.{decimals}f}"
    if places is None and decimals > 2 and text.endswith("0"):
        text = text[:-1]
    return f"-${text}" if nano < 0 else f"${text}"


def parse_dollars(text: str) -> int:
    """Nano-dollars of a written amount such as `$1,234.50` or `0.0001`.

    Raises ValueError for anything else, and for more than nine decimals: nothing is rounded away.
    """
    match = re.fullmatch(r"(-?)\$?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,9}))?", text.strip(), re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not an amount in dollars, such as $12.50")
    sign, whole, part = match.groups(default="")
    nano = int(whole.replace(",", "")) * NANO + int(part.ljust(9, "0"))
    return -nano if sign else nano


def parse_parts(value: object) -> int:
    """Ten-thousandths of a unit, of a figure as JSON or TOML has it, or of its text (`"49.90"`).

    Raises ValueError for anything else, and for more than four decimals: nothing is rounded away.
    """
    written = str(value) if isinstance(value, int | float | str) else ""
    if isinstance(value, bool) or not re.fullmatch(r"\d+(\.\d+)?", written, re.ASCII):
        raise ValueError("expected an amount, such as 49.90")
    parts = Decimal(written) * PARTS
    if parts != int(parts) or parts > LARGEST:
        raise ValueError("expected an amount of at most four decimals")
    return int(parts)


def parts_text(parts: int) -> str:
    """An amount in ten-thousandths for people: `320,000`, `49.90`, `0.0125`."""
    whole, rest = divmod(parts, PARTS)
    if not rest:
        return f"{whole:,}"
    return f"{whole:,}.{f'{rest:04d}'.rstrip('0').ljust(2, '0')}"


def _decimals(amount: Decimal) -> int:
    if amount == 0 or amount >= 1:
        return 2
    return min(9, 2 - amount.adjusted())


def percent(part: Fraction) -> str:
    """A share of one for people: `58.7 %`."""
    return f"{Decimal(round(part * 1000)) / 10} %"
