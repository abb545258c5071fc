"""Time zones by the names that people give them."""

import re
from zoneinfo import ZoneInfo, available_timezones

from bot.config.mistakes import as_written, meant

# So like each other have names to be that one is the other mistyped, and not another city.
ALIKE = 0.9
_OFFSET = re.compile(r"(utc|gmt)?\s*[+-]\s*\d", re.IGNORECASE)


def zone_named(name: str) -> ZoneInfo:
    """A time zone.

    Raises:
        ValueError: there is none of this name; says which was meant, where one is near.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        near = _meant(name) or "; one is named like Asia/Bangkok, or UTC"
        raise ValueError(f"no time zone {as_written(name)}{near}") from None


def _meant(name: str) -> str:
    """By its whole name in any case, by its city alone, or by a name that is nearly the same."""
    if _OFFSET.match(name):
        return ": an offset knows no summer time; name a city's, such as Asia/Bangkok"
    known = sorted(available_timezones())
    wanted = "_".join(name.split()).casefold()
    for each in known:
        if wanted in (each.casefold(), each.casefold().rpartition("/")[2]):
            return f"; did you mean {each}?"
    return meant(wanted, known, ALIKE)
