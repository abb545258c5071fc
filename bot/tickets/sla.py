"""What time does to a ticket, and when its timers look again: pure, from the ticket's history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.config.business_hours import BusinessHours
from bot.config.sla import FollowUp, ServicePromise
from storage.tickets.values import DueTicket, PastChange

StepKind = Literal["wake", "remind", "close", "warn", "miss", "ask_rating"]
Promise = Literal["first response", "solution"]
TurnTimes = tuple[datetime, datetime | None]

WORKING = ("open", "on_hold")
ENDED = ("solved", "closed")
# What makes an earlier announcement pointless.
LATER: Mapping[StepKind, StepKind] = {"miss": "warn", "close": "remind"}


@dataclass(frozen=True)
class TimerStep:
    """Something to do now. `due` is the moment it was due; `promise` the target it is about."""

    kind: StepKind
    due: datetime
    promise: Promise | None = None


@dataclass(frozen=True)
class TimerPlan:
    """What to do now, when the next target is due, and when to look at the ticket again."""

    steps: tuple[TimerStep, ...]
    due_at: datetime | None
    look_at: datetime | None


def plan_timers(ticket: DueTicket, service: ServicePromise, now: datetime) -> TimerPlan:
    """Decide at `now` (aware UTC); what was done before is read from the ticket's history."""
    promise = _promised(ticket, service)
    events = [*_waits(ticket, service.follow_up), *(_targets(promise) if promise else ())]
    due = [event for event in events if event.due <= now]
    ahead = [event.due for event in events if event.due > now]
    # Who comes too late to warn says that it is missed.
    overtaken = {LATER[event.kind] for event in due if event.kind in LATER}
    steps = [event for event in due if event.kind not in overtaken]
    return TimerPlan(tuple(steps), promise.by if promise else None, min(ahead, default=None))


def next_target(ticket: DueTicket, service: ServicePromise) -> datetime | None:
    """When the target that counts now is due, aware UTC; None while the desk promises nothing."""
    promise = _promised(ticket, service)
    return promise.by if promise else None


@dataclass(frozen=True)
class _Promised:
    """The target that counts now."""

    what: Promise
    warn_at: datetime
    by: datetime
    warned: bool
    missed: bool


def _targets(promise: _Promised) -> list[TimerStep]:
    steps = []
    if not promise.warned and not promise.missed:
        steps.append(TimerStep("warn", promise.warn_at, promise.what))
    if not promise.missed:
        steps.append(TimerStep("miss", promise.by, promise.what))
    return steps


def _waits(ticket: DueTicket, follow_up: FollowUp) -> list[TimerStep]:
    """What time alone brings about: waking up, a reminder, the end."""
    since = ticket.status_since
    match ticket.status:
        case "on_hold" if ticket.wake_at is not None:
            return [TimerStep("wake", ticket.wake_at)]
        case "pending":
            reminded = _done(ticket.history, "reminder", since)
            remind = [] if reminded else _later("remind", since, follow_up.remind_days)
            close = _later("close", since, follow_up.close_pending_days)
            # No reminder on the day of the end, or after it.
            early = [each for each in remind if not close or each.due < close[0].due]
            return [*early, *close]
        case "solved":
            asked = _done(ticket.history, "rating", None)
            wanted = follow_up.ask_rating and not ticket.erased
            ask = [] if asked or not wanted else [TimerStep("ask_rating", since)]
            return [*ask, *_later("close", since, follow_up.close_solved_days)]
        case _:
            return []


def _later(kind: StepKind, since: datetime, days: float) -> list[TimerStep]:
    return [TimerStep(kind, since + timedelta(days=days))] if days else []


def _promised(ticket: DueTicket, service: ServicePromise) -> _Promised | None:
    if ticket.status not in WORKING:
        return None
    target = service.targets.target_for(ticket.priority)
    since = _reopened(ticket)
    if ticket.first_response_at is None:
        what: Promise = "first response"
        length = target.respond
        turns: list[TurnTimes] = [(ticket.opened_at, None)]
    else:
        what = "solution"
        length = target.solve
        turns = _turns(ticket, since)
    return _Promised(
        what,
        warn_at=_reached(turns, length * service.targets.warn, service.hours),
        by=_reached(turns, length, service.hours),
        warned=_done(ticket.history, "warning", since, what),
        missed=_done(ticket.history, "late", since, what),
    )


def _turns(ticket: DueTicket, since: datetime) -> list[TurnTimes]:
    """When it was the desk's turn since a moment, oldest first; the last turn has no end yet.

    While the ticket waits for the customer, its time stands still.
    """
    turns: list[TurnTimes] = []
    begun: datetime | None = ticket.opened_at
    for change in (each for each in ticket.history if each.what == "status"):
        if begun is not None and change.after not in WORKING:
            turns.append((begun, change.at))
            begun = None
        elif begun is None and change.after in WORKING:
            begun = change.at
    turns.append((begun or ticket.status_since, None))
    return [(max(start, since), end) for start, end in turns if end is None or end > since]


def _reached(turns: Sequence[TurnTimes], length: timedelta, hours: BusinessHours) -> datetime:
    """The moment at which the desk's turns have lasted for so much opening time."""
    left = length
    for start, end in turns:
        reached = hours.after(start, left)
        if end is None or reached <= end:
            return reached
        left -= hours.between(start, end)
    raise ValueError("the last turn has no end")


def _reopened(ticket: DueTicket) -> datetime:
    """When the ticket came back from its end last, or else was opened."""
    returns = [
        each.at
        for each in ticket.history
        if each.what == "status" and each.before in ENDED and each.after not in ENDED
    ]
    return returns[-1] if returns else ticket.opened_at


def _done(
    history: Sequence[PastChange], what: str, since: datetime | None, after: str | None = None
) -> bool:
    return any(
        each.what == what
        and (since is None or each.at >= since)
        and (after is None or each.after == after)
        for each in history
    )
