"""What became of tickets and messages in a run of days."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Float, Integer, and_, bindparam, case, cast, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.costs.daily_totals import in_two_digits
from storage.costs.days import Days
from storage.db.seconds_between import seconds_between
from storage.intake.imported import TEAM
from storage.intake.missed import MissedMessage
from storage.nightly import article_drafts
from storage.reports.spend import subject_counts
from storage.reports.values import IncidentFigures, MessageFigures, TicketFigures
from storage.reports.within import within_days
from storage.tickets.tables import Decision, IgnoredMessage, Message, Ticket

# An agent who writes again within this many seconds was at work in between; a word that comes
# after a longer silence took the second number: reading the thread and writing.
SITTING, ALONE = 900, 120
# Characters of a time stamp of Slack's: seconds, a full stop, six digits.
SLACK_TS = 17


def ticket_figures(session: Session, days: Days) -> TicketFigures:
    """What became of the tickets; the history of other desks is none of it."""
    by_intent, first_responses, unaided = _opened(session, days)
    reused, saved = session.execute(
        select(func.count(), func.coalesce(func.sum(Decision.saved_nano_dollars), 0)).where(
            *within_days(Decision.decided_at, days), col(Decision.reused).is_not(None)
        )
    ).one()
    solved = select(func.count()).where(
        *within_days(Ticket.solved_at, days), col(Ticket.team_id) != TEAM
    )
    waiting = select(func.count()).where(col(Ticket.status) == "open")
    return TicketFigures(
        reused=reused,
        saved_nano_dollars=int(saved),
        opened=by_intent.total(),
        solved=session.scalar(solved) or 0,
        waiting=session.scalar(waiting) or 0,
        drafts=article_drafts.count_article_drafts(session).get("waiting", 0),
        incidents=_incidents(session, days),
        unaided=unaided,
        first_responses=first_responses,
        by_intent=by_intent,
    )


def _opened(session: Session, days: Days) -> tuple[Counter[str], Counter[int], int]:
    """The tickets opened: by intent, by ms to the first response (two digits), and unaided ones."""
    alone = (
        col(Ticket.first_response_at).is_not(None)
        & col(Ticket.handed_over_at).is_(None)
        & col(Ticket.human_since).is_(None)
    )
    intent = func.coalesce(Ticket.intent, "")
    took = func.round(seconds_between(Ticket.opened_at, Ticket.first_response_at) * 1000)
    rounded = in_two_digits(cast(took, Integer))
    query = (
        select(intent, rounded, func.count(), func.sum(case((alone, 1), else_=0)))
        .where(*within_days(Ticket.opened_at, days), col(Ticket.team_id) != TEAM)
        .group_by(text("1, 2"))
    )
    by_intent, first_responses, unaided = Counter[str](), Counter[int](), 0
    for name, milliseconds, count, without_help in session.execute(query):
        by_intent[name] += count
        unaided += without_help
        if milliseconds is not None:
            first_responses[milliseconds] += count
    return by_intent, first_responses, unaided


def _incidents(session: Session, days: Days) -> IncidentFigures:
    """The incidents that grew in some days, each with the ticket that stands for it."""
    size = func.count() + 1
    query = (
        select(col(Ticket.incident_id), size)
        # Not «is not null»: SQLite would look through all tickets of the days instead.
        .where(col(Ticket.incident_id) > 0, *within_days(Ticket.opened_at, days))
        .group_by(col(Ticket.incident_id))
        .order_by(size.desc(), col(Ticket.incident_id))
    )
    found = session.execute(query).all()
    if not found:
        return IncidentFigures()
    largest, tickets = found[0]
    return IncidentFigures(len(found), largest or 0, tickets)


def message_figures(session: Session, days: Days, stuck_before: datetime) -> MessageFigures:
    """Where every message of people and of other bots went, by the day on which that was settled.

    What is under way counts on the day it came in; from before `stuck_before` it is stuck.
    """
    outcomes = subject_counts(session, "outcome", days)
    # What the bot posted for an agent came from nowhere but the desk itself.
    typed = and_(
        col(Message.outcome).is_distinct_from("relayed"),
        col(Message.outcome).is_distinct_from("history"),
    )
    agents = select(func.count()).where(*_by_agents(days), typed)
    ignored = select(func.count()).where(*within_days(IgnoredMessage.seen_at, days))
    missed = select(func.count()).where(*within_days(MissedMessage.found_at, days))
    late = func.sum(case((col(Message.received_at) < stuck_before, 1), else_=0))
    unfinished = select(func.count(), func.coalesce(late, 0)).where(
        col(Message.author) == _inline("customer"),
        col(Message.outcome).is_(None),
        *within_days(Message.received_at, days),
    )
    waiting, stuck = session.execute(unfinished).one()
    failed = outcomes.pop("failed", 0)
    return MessageFigures(
        ticketed=sum(outcomes.values()) + (session.scalar(agents) or 0),
        ignored=session.scalar(ignored) or 0,
        failed=failed,
        under_way=waiting - stuck,
        stuck=stuck,
        missed=session.scalar(missed) or 0,
    )


def agent_seconds(session: Session, days: Days) -> int:
    """How long agents were at work in threads, estimated from when they wrote there.

    Words of one agent in one thread less than SITTING apart are one sitting, which counts from its
    first word to its last and ALONE before it; a sitting over midnight counts as two.
    """
    ts = cast(Message.ts, Float)
    before = func.lag(ts).over(
        partition_by=(col(Message.ticket_id), col(Message.author_id)), order_by=ts
    )
    said = select((ts - before).label("gap")).where(*_by_agents(days)).subquery()
    took = case((said.c.gap <= SITTING, said.c.gap), else_=ALONE)
    return int(session.scalar(select(cast(func.coalesce(func.sum(took), 0), Integer))) or 0)


def _by_agents(days: Days) -> tuple[Any, ...]:
    # By the time stamp, which the index holds: Slack's are shorter than those of an import.
    here = func.length(col(Message.ts)) <= SLACK_TS
    return col(Message.author) == _inline("agent"), *within_days(Message.received_at, days), here


def _inline(value: str) -> Any:
    """A constant that stands in the statement itself, as a partial index wants it."""
    return bindparam(None, value, literal_execute=True)
