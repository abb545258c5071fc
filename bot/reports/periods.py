"""Days, weeks and months on the desk's calendar, as people name them."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.config.sections import PeriodName
from storage.costs.days import Days, day_of

LOOK_BACK = 7


class PeriodError(ValueError):
    """No period is called so; the sentence says what is."""


@dataclass(frozen=True)
class Period:
    """A day, a week from Monday, or a month."""

    name: PeriodName
    days: Days

    @property
    def key(self) -> str:
        """`day:2026-11-23`: sorts by time within a name."""
        return f"{self.name}:{self.days.first.isoformat()}"

    @property
    def label(self) -> str:
        """The period for people."""
        first, last = self.days.first, self.days.last
        match self.name:
            case "day":
                return f"{first:%A}, {first.day} {first:%B %Y}"
            case "week":
                year, week, _ = first.isocalendar()
                return f"week {week} of {year} ({first.day} {first:%b} – {last.day} {last:%b})"
            case "month":
                return f"{first:%B %Y}"

    def before(self) -> "Period":
        """The one that ended when this one began."""
        return period_of(self.name, self.days.first - timedelta(days=1), self.days.zone)

    def over(self, now: datetime) -> bool:
        """Whether it has ended."""
        return now >= self.days.end


def period_of(name: PeriodName, day: date, zone: tzinfo) -> Period:
    """The day, week or month that a day falls in."""
    match name:
        case "day":
            return Period(name, Days(day, day, zone))
        case "week":
            monday = day - timedelta(days=day.weekday())
            return Period(name, Days(monday, monday + timedelta(days=6), zone))
        case "month":
            length = monthrange(day.year, day.month)[1]
            return Period(name, Days(day.replace(day=1), day.replace(day=length), zone))


def current_period(name: PeriodName, now: datetime, zone: tzinfo) -> Period:
    """The period that is running."""
    return period_of(name, day_of(now, zone), zone)


def ended_periods(name: PeriodName, now: datetime, zone: tzinfo) -> Iterator[Period]:
    """The periods that have ended, newest first; as many as are worth looking back for."""
    latest = current_period(name, now, zone)
    for _ in range(LOOK_BACK):
        latest = latest.before()
        yield latest


def period_named(text: str, now: datetime, zone: tzinfo) -> Period:
    """The period that people call `today`, `last week`, `month`, `2026-11` and the like.

    Raises:
        PeriodError: nothing is called so.
    """
    today = day_of(now, zone)
    said = text.strip().lower()
    if said in ("today", "day", ""):
        return period_of("day", today, zone)
    if said == "yesterday":
        return period_of("day", today, zone).before()
    match = re.fullmatch(r"(last )?(week|month)", said)
    if match:
        running = current_period("week" if match[2] == "week" else "month", now, zone)
        return running.before() if match[1] else running
    return _dated(said, zone)


def _dated(said: str, zone: tzinfo) -> Period:
    try:
        if re.fullmatch(r"\d{4}-\d{2}", said):
            return period_of("month", date.fromisoformat(f"{said}-01"), zone)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return period_of("day", date.fromisoformat(said), zone)
        if re.fullmatch(r"\d{4}-w\d{2}", said):
            return period_of("week", date.fromisoformat(f"{said.upper()}-1"), zone)
    except ValueError:
        pass
    raise PeriodError(
        f"{said!r} is no period: say today, yesterday, week, last week, month, last month, "
        "2026-11, 2026-11-23 or 2026-W48"
    )
