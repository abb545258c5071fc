"""Finding tickets: by what was said in them, and by what they are. Newest first, page by page."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, TextClause, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.hints import likely
from storage.text.folding import stem
from storage.tickets.codes import spaced_codes, written_code
from storage.tickets.tables import Ticket
from storage.tickets.text_entries import SHIFT, Term, indexed_words
from storage.tickets.text_index import text_index

# Entries of the word index taken at a time: few at first, for most pages are full soon. A common
# word with a rare filter would walk through millions of them; the page says where it gave up.
CHUNKS = (400, 1_600, 6_000, 12_000)
# Words looked for at once: of a pasted message the first say enough, and no other has them all.
MOST_WORDS = 12
SHORTEST_STEM = 5
NOBODY = "nobody"
SLACK = timedelta(days=1)

_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True)
class TicketFilter:
    """Which tickets: `words` all have to be said in one message or title, the rest has to be so.

    `owner` may be `nobody`; moments are about the opening and aware UTC; `public` leaves out what
    is marked as private.
    """

    words: str = ""
    status: tuple[str, ...] = ()
    requester: str | None = None
    owner: str | None = None
    intent: str | None = None
    priority: str | None = None
    channel: str | None = None
    before: datetime | None = None
    after: datetime | None = None
    due_before: datetime | None = None
    public: bool = False


@dataclass(frozen=True)
class TicketPage:
    """Some tickets. `next` is what to ask for the following page with, None at the end.

    `gave_up` says that the search stopped before the end because too much was looked through.
    """

    tickets: Sequence[Ticket]
    next: int | None = None
    gave_up: bool = False


def find_tickets(
    session: Session,
    wanted: TicketFilter,
    size: int,
    start: int = 0,
    *,
    stop: Collection[str] = (),
    chunks: Sequence[int] = CHUNKS,
) -> TicketPage:
    """A page of tickets, newest first; `start` is 0 or the `next` of the page before.

    `stop` are words that tell nothing beside others, in lower case. `chunks` are the numbers of
    entries of the word index that are looked through, one after the other.
    """
    if not wanted.words:
        return _listed(session, wanted, size, start)
    terms = asked_terms(wanted.words, stop)
    if not terms:
        return TicketPage([])
    words = text_index(session).query(terms)
    if wanted.requester is not None:
        # One person's tickets are few, so each is looked into.
        said = text_index(session).said.bindparams(words=words)
        return _listed(session, wanted, size, start, said)
    return _spoken(session, wanted, words, size, start, chunks)


def ticket_queue(session: Session, wanted: TicketFilter, size: int, start: int = 0) -> TicketPage:
    """A page of the open tickets, the next one due first; `start` counts those before it."""
    # Said literally, because SQLite chooses a partial index when it plans, without the values; and
    # likely, for it keeps no statistics and takes what has an index of its own for rarer than that.
    fitting = [likely(each) for each in _conditions(replace(wanted, status=(), requester=None))]
    query = (
        select(Ticket)
        .where(likely(text("status = 'open'")), *fitting)
        .order_by(col(Ticket.due_at), col(Ticket.id))
    )
    if wanted.requester is not None:
        query = query.where(col(Ticket.requester_id) == wanted.requester)
    rows = session.scalars(query.offset(start).limit(size + 1)).all()
    return TicketPage(rows[:size], start + size if len(rows) > size else None)


def _listed(
    session: Session, wanted: TicketFilter, size: int, start: int, *more: TextClause
) -> TicketPage:
    least, below = _bounds(session, wanted, start)
    numbered = col(Ticket.id).between(least, below - 1)
    query = select(Ticket).where(numbered, *_conditions(wanted), *more)
    query = query.order_by(col(Ticket.id).desc())
    rows = session.scalars(query.limit(size + 1)).all()
    return _page(rows, size)


def _spoken(
    session: Session,
    wanted: TicketFilter,
    words: str,
    size: int,
    start: int,
    chunks: Sequence[int],
) -> TicketPage:
    """Walk down the index from the newest ticket, and keep those that fit, until a page is full."""
    least, below = _bounds(session, wanted, start)
    above, below = (least << SHIFT) - 1, below << SHIFT
    fitting: list[Ticket] = []
    for most in chunks:
        hits = text_index(session).hits(session, words, above, below, most)
        if hits.count:
            fitting += _fitting(session, wanted, hits.tickets, size + 1 - len(fitting))
        if len(fitting) > size or hits.count < most:
            return _page(fitting, size)
        # The rest of the last ticket's entries adds nothing.
        below = hits.last << SHIFT
    return TicketPage(fitting, below >> SHIFT, gave_up=True)


def _fitting(session: Session, wanted: TicketFilter, numbers: Any, most: int) -> Sequence[Ticket]:
    """The newest of these tickets of hits that fit.

    Their numbers first, for most filters are answered by an index alone; and upwards, for a disk is
    read ahead in that direction only.
    """
    among = text_index(session).among
    query = select(col(Ticket.id)).where(among, *_conditions(wanted)).order_by(col(Ticket.id))
    fit = session.scalars(query, {"numbers": numbers}).all()[-most:]
    newest = select(Ticket).where(col(Ticket.id).in_(fit)).order_by(col(Ticket.id).desc())
    return session.scalars(newest).all() if fit else []


def _bounds(session: Session, wanted: TicketFilter, start: int) -> tuple[int, int]:
    """Between which numbers the tickets can be: they are given in the order of the openings.

    Nearly so: a message that was held up gets its number late, hence the slack of a day.
    """
    least, below = 1, start or 2**30
    opened = col(Ticket.opened_at)
    if wanted.after is not None:
        first = select(col(Ticket.id)).where(opened >= wanted.after - SLACK).order_by(opened)
        least = session.scalar(first.limit(1)) or below
    if wanted.before is not None:
        last = select(col(Ticket.id)).where(opened < wanted.before + SLACK).order_by(opened.desc())
        below = min(below, (session.scalar(last.limit(1)) or 0) + 1)
    return least, below


def asked_terms(words: str, stop: Collection[str] = ()) -> Sequence[Term]:
    """The words as the index is asked for them: all that tell, and those in quotes in a row.

    An English word is looked for with its other endings, a code in its other writings; stop words
    count where nothing else is said, or in quotes. None when nothing is left to look for, as in
    `?!`.
    """
    rows = [indexed_words(each) for each in _QUOTED.findall(words)]
    loose = _QUOTED.sub(" ", words).split()
    codes = {each: code for each in loose if (code := written_code(each)) is not None}
    single = indexed_words(" ".join(each for each in loose if each not in codes))
    telling = [word for word in single if word not in stop]
    chosen = telling if telling or rows or codes else single
    joined = dict(spaced_codes(chosen))
    terms = [Term(row) for row in rows if row] + list(codes.values())
    return terms + [_told(word, joined) for word in dict.fromkeys(chosen)][:MOST_WORDS]


def _told(word: str, joined: Mapping[str, str]) -> Term:
    if word in joined:
        return Term((word,), otherwise=((joined[word],),))
    return _endings(word)


def _endings(word: str) -> Term:
    """«refunds» as «refund» and whatever that begins; short stems begin too much."""
    root = stem(word)
    if word.isalpha() and len(root) >= SHORTEST_STEM and word.startswith(root):
        return Term((root,), begins=True)
    return Term((word,))


def _page(rows: Sequence[Ticket], size: int) -> TicketPage:
    kept = rows[:size]
    return TicketPage(kept, kept[-1].id if len(rows) > size else None)


def _conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.status:
        found.append(col(Ticket.status).in_(wanted.status))
    if wanted.requester is not None:
        found.append(col(Ticket.requester_id) == wanted.requester)
    if wanted.owner == NOBODY:
        found.append(col(Ticket.assignee_id).is_(None))
    elif wanted.owner is not None:
        found.append(col(Ticket.assignee_id) == wanted.owner)
    for column, value in (
        (Ticket.intent, wanted.intent),
        (Ticket.priority, wanted.priority),
        (Ticket.channel_id, wanted.channel),
        (Ticket.private, False if wanted.public else None),
    ):
        if value is not None:
            found.append(col(column) == value)
    if wanted.before is not None:
        found.append(col(Ticket.opened_at) < wanted.before)
    if wanted.after is not None:
        found.append(col(Ticket.opened_at) >= wanted.after)
    if wanted.due_before is not None:
        found.append(col(Ticket.due_at) < wanted.due_before)
    return found
