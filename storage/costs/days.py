"""A run of days on the desk's calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True)
class Days:
    """From the day `first` to the day `last`, both included, as they pass in a time zone."""

    first: date
    last: date
    zone: tzinfo

    @property
    def start(self) -> datetime:
        """The first instant, in UTC."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant that is not of it any more, in UTC."""
        return midnight(self.last + timedelta(days=1), self.zone)

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(len(self)))


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins, in UTC: at 00:00, or at 01:00 where the clocks skip that hour."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day on which a moment falls in a time zone."""
    return moment.astimezone(zone).date()
