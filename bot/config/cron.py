"""Cron lines of five fields, read in a time zone. Weekdays count from Sunday, as in crontab."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from apscheduler.triggers.cron import CronTrigger

# APScheduler 3 counts weekdays from Monday, so numbers become names before it sees them.
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# How far the last time of a cron line is looked for, the near ones first.
BACK = tuple(timedelta(hours=hours) for hours in (1, 25, 8 * 24, 366 * 24))
_NUMBERED = re.compile(r"([0-7])(?:-([0-7]))?(?:/([1-7]))?")


def trigger(line: str, zone: tzinfo) -> CronTrigger:
    """The times of a cron line. Where day of month and weekday are given, both have to fit.

    Raises:
        ValueError: it is no cron line.
    """
    fields = line.split()
    if len(fields) == 5:
        fields[4] = ",".join(_weekdays(part) for part in fields[4].split(","))
    return CronTrigger.from_crontab(" ".join(fields), timezone=zone)


def next_time(line: str, after: datetime, zone: tzinfo) -> datetime:
    """The first time of a cron line at or after a moment, in UTC.

    Raises:
        ValueError: it is no cron line, or names no time that ever comes.
    """
    due = trigger(line, zone).get_next_fire_time(None, after)
    if due is None:
        raise ValueError(f"{line!r} never comes")
    return datetime.fromtimestamp(due.timestamp(), UTC)


def latest_time(line: str, until: datetime, zone: tzinfo) -> datetime | None:
    """The last time of a cron line at or before a moment, in UTC; None when none was in a year.

    Raises:
        ValueError: it is no cron line.
    """
    times = trigger(line, zone)
    for back in BACK:
        found, due = None, times.get_next_fire_time(None, until - back)
        while due is not None and due <= until:
            found, due = due, times.get_next_fire_time(due, due)
        if found is not None:
            return datetime.fromtimestamp(found.timestamp(), UTC)
    return None


def _weekdays(part: str) -> str:
    """`1-5` as `mon,tue,wed,thu,fri`; what is not written in numbers stays as it is."""
    numbered = _NUMBERED.fullmatch(part)
    return part if numbered is None else ",".join(_named(*numbered.groups()))


def _named(first: str, last: str | None, step: str | None) -> Iterator[str]:
    start = int(first)
    # A step without an end runs to the end of the week; Sunday may be 0 or 7.
    end = int(last) if last else 6 if step else start
    if end < start:
        raise ValueError(f"the weekdays {first}-{last} end before they begin")
    for day in range(start, end + 1, int(step or 1)):
        yield WEEKDAYS[day % 7]
