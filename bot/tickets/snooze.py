"""When to wake up: spans and dates as people type them."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

# Minutes and hours are as long as they are; a day and a week end at the same time of day.
SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
DAYS = {"d": timedelta(days=1), "w": timedelta(weeks=1)}
LONGEST = timedelta(days=366)
MORNING = time(9)
EXPECTED = "expected a span such as 30m, 4h, 2d or 1w, or a date such as 2026-12-01"

_SPAN = re.compile(r"(\d{1,4})\s*([mhdw])(?:in|ins|our|ours|ay|ays|eek|eeks)?", re.IGNORECASE)


class NotATime(ValueError):
    """What was typed is no time to come; the sentence says what is expected."""


def wake_time(typed: str, now: datetime, zone: tzinfo = UTC) -> datetime:
    """The UTC moment that `4h`, `2d` or `2026-12-01` means; a date means nine in its morning.

    Days and weeks are those of `zone`: a day later the clocks there show the same time, though they
    were changed in between.

    Raises:
        NotATime: it is neither, or past, or more than a year away.
    """
    if not typed.strip():
        raise NotATime(f"How long, or until when? I {EXPECTED}.")
    moment = _span(typed.strip(), now, zone) or _morning(typed.strip(), zone)
    if moment is None:
        raise NotATime(f"“{typed.strip()}” is no time I know: {EXPECTED}.")
    if not now < moment <= now + LONGEST:
        raise NotATime(f"“{typed.strip()}” is not within the coming year: {EXPECTED}.")
    return moment


def _span(typed: str, now: datetime, zone: tzinfo) -> datetime | None:
    match = _SPAN.fullmatch(typed)
    if not match:
        return None
    count, unit = int(match[1]), match[2].lower()
    if unit in SPANS:
        return now + count * SPANS[unit]
    # Arithmetic on a moment of a zone is done on what its clocks show.
    return (now.astimezone(zone) + count * DAYS[unit]).astimezone(UTC)


def _morning(typed: str, zone: tzinfo) -> datetime | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
