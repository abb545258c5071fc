"""When the desk is open, and how long: pure, and right on the days when the clocks change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
MIDNIGHT = time(0)

TimeSpan = tuple[time, time]


@dataclass(frozen=True)
class BusinessHours:
    """Business hours by weekday (Monday is 0) in the desk's own zone.

    A span that ends at midnight ends with its day. Spans of a day are in order and apart; at least
    one weekday has one.
    """

    zone: tzinfo
    week: Mapping[int, tuple[TimeSpan, ...]]
    holidays: frozenset[date] = frozenset()

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the desk was open from `start` to `end` (aware); nothing when it runs back."""
        total = timedelta()
        for opens, closes in self._spans(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta())
        return total

    def after(self, start: datetime, open_time: timedelta) -> datetime:
        """The UTC moment at which the desk has been open for `open_time` since `start` (aware)."""
        left = open_time
        for opens, closes in self._spans(start):
            begins = max(opens, start)
            if closes - begins >= left:
                return (begins + left).astimezone(UTC)
            left -= max(closes - begins, timedelta())
        raise OverflowError("the desk is not open for that long before time ends")

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at a moment (aware)."""
        opens, _ = next(self._spans(moment))
        return opens <= moment

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans that end after `start`, in UTC and in order, for as long as dates go."""
        day = start.astimezone(self.zone).date()
        while day < date.max:
            for opens, closes in self._on(day):
                if closes > start:
                    yield opens, closes
            day += DAY

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Local times are turned into UTC before anything is subtracted: days differ in length."""
        if day in self.holidays:
            return
        for opens, closes in self.week.get(day.weekday(), ()):
            last = day + DAY if closes == MIDNIGHT else day
            begins, ends = self._utc(day, opens), self._utc(last, closes)
            # When the clocks go forward, an opening inside the missing hour begins after it.
            if begins < ends:
                yield begins, ends

    def _utc(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, self.zone).astimezone(UTC)


def always_open(zone: tzinfo = UTC) -> BusinessHours:
    """Hours of a desk that never closes."""
    return BusinessHours(zone, dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)))
