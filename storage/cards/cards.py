"""Where each ticket's card stands in the agents' channel, and how far it has kept up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Index, bindparam, exists, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.cards import signs
from storage.db import lookup
from storage.db.columns import UtcDateTime, table_of, utc_now
from storage.db.insert import insert, insert_new
from storage.db.rows import StoredRow
from storage.tickets import audit, changes, due, messages, outbox, proposals, tickets
from storage.tickets.outbox import DraftRow
from storage.tickets.proposals import ProposalRow
from storage.tickets.states import LIVE
from storage.tickets.tables import CallRow, Change, Decision, Message, Post, Revision, Ticket
from storage.tickets.values import DueTicket

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CardRow(StoredRow, table=True):
    """One card for each ticket. Without a `ts` somebody has begun to post it, or it is to be anew.

    `shown` is the ticket's version as drawn last, `picture` a digest of what that looks like;
    `signs` the reactions put on the customer's message; `edition` counts up when a card was deleted
    in Slack and has to be posted anew. `begun_at` is `NEVER` until somebody begins, as it was for
    first cards of earlier releases.
    """

    __tablename__ = "cards"
    __table_args__ = (Index("cards_place", "ts"),)

    ticket_id: int = Field(primary_key=True, foreign_key="tickets.id")
    channel_id: str
    ts: str | None = None
    edition: int = 1
    shown: int = 0
    picture: str = Field(default="", sa_column_kwargs={"server_default": ""})
    signs: str = ""
    begun_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def first_card(
    session: Session, ticket: Ticket, channel_id: str, decided: Decision | None
) -> "CardFacts | None":
    """The agents are to see the ticket: what its card is drawn from, where it has none.

    Whoever gets that has claimed the card and is to post it, as after `claim_card`. `decided` is
    what was written down just now, if anything was.
    """
    number, now = ticket.ticket_id, utc_now()
    begun = {"ticket": number, "channel": channel_id, "now": now}
    if session.connection().execute(_BEGINNING, begun).first() is None:
        return None
    row = CardRow(ticket_id=number, channel_id=channel_id, begun_at=now)
    return _facts(session, ticket, row, decided)


def card_of_ticket(session: Session, ticket_id: int) -> CardRow | None:
    """The card of a ticket, posted or begun."""
    return lookup.find_row(session, CardRow, ticket_id)


@dataclass(frozen=True)
class CardFacts:
    """Everything that a card is drawn from.

    `said` is the thread, oldest first, and `revised` what of it was edited or deleted, by key;
    `draft` and `proposals` wait for an agent, or did; `ended` is the change that brought the ticket
    to its end, if it is there and was changed by anybody. `clock` is the ticket as the clock will
    see it, where it has not looked yet.
    """

    row: CardRow | None
    ticket: Ticket
    decisions: Sequence[Decision]
    said: Sequence[Message]
    draft: DraftRow | None
    counts: "CardCounts"
    ended: Change | None
    revised: Mapping[str, messages.Revised]
    proposals: Sequence[ProposalRow] = ()
    clock: DueTicket | None = None


def card_facts(session: Session, ticket_id: int) -> CardFacts:
    """What the card of a ticket is drawn from, as it is at this moment.

    Raises:
        NoTicket: there is none.
    """
    ticket = changes.get_ticket(session, ticket_id)
    return _facts(session, ticket, card_of_ticket(session, ticket_id))


def _facts(
    session: Session, ticket: Ticket, row: CardRow | None, decided: Decision | None = None
) -> CardFacts:
    number, over = ticket.ticket_id, ticket.status in ("solved", "closed")
    counts, seldom = _counts(session, ticket)
    alone = decided is not None and seldom.decisions == 1
    drafts = outbox.waiting_drafts(session, number) if seldom.drafts else ()
    return CardFacts(
        row,
        ticket,
        (decided,) if decided and alone else tickets.decisions_of_ticket(session, number),
        messages.messages_of_ticket(session, number),
        drafts[-1] if drafts else None,
        counts,
        audit.last_change(session, number, "status") if over else None,
        messages.revised_messages(session, number) if seldom.revisions else {},
        proposals.proposals_of_ticket(session, number) if seldom.proposals else (),
        _unseen_by_clock(session, ticket),
    )


def _unseen_by_clock(session: Session, ticket: Ticket) -> DueTicket | None:
    if ticket.due_at is not None or ticket.status not in LIVE:
        return None
    return due.due_ticket(ticket, audit.ticket_changes(session, ticket.ticket_id))


@dataclass(frozen=True)
class CardCounts:
    """What a card counts: the customer's earlier tickets, an incident's parts, nano-dollars."""

    earlier: int
    parts: int
    nano_dollars: int


def card_counts(session: Session, ticket: Ticket) -> CardCounts:
    """Count for the card of a ticket."""
    return _counts(session, ticket)[0]


@dataclass(frozen=True)
class _Seldom:
    """What few tickets have, so that it is asked for only there; and how many decisions."""

    decisions: int
    drafts: bool
    revisions: bool
    proposals: bool


def _counts(session: Session, ticket: Ticket) -> tuple[CardCounts, _Seldom]:
    about = {"this": ticket.id, "requester": ticket.requester_id}
    found = session.connection().execute(_COUNTING, about).one()
    earlier, parts, cost, decisions, *seldom = found
    return CardCounts(earlier, parts, cost or 0), _Seldom(decisions, *map(bool, seldom))


_COUNTING = select(
    select(func.count())
    .where(
        col(Ticket.requester_id) == bindparam("requester"),
        col(Ticket.id) < bindparam("this"),
    )
    .scalar_subquery(),
    select(func.count()).where(col(Ticket.incident_id) == bindparam("this")).scalar_subquery(),
    select(func.sum(func.coalesce(CallRow.recost, CallRow.nano_dollars)))
    .where(col(CallRow.ticket_id) == bindparam("this"))
    .scalar_subquery(),
    select(func.count()).where(col(Decision.ticket_id) == bindparam("this")).scalar_subquery(),
    exists().where(col(DraftRow.ticket_id) == bindparam("this")),
    exists().where(
        col(Message.ticket_id) == bindparam("this"),
        col(Revision.message_key) == col(Message.key),
    ),
    exists().where(col(ProposalRow.ticket_id) == bindparam("this")),
)


def card_at(session: Session, channel_id: str, ts: str) -> CardRow | None:
    """The card that stands at this place in Slack, or None when the place holds no card."""
    query = select(CardRow).where(col(CardRow.ts) == ts, col(CardRow.channel_id) == channel_id)
    return session.scalars(query).first()


def claim_card(
    session: Session, ticket_id: int, channel_id: str, stale: datetime
) -> tuple[CardRow, bool] | None:
    """Claim the posting of a card; None when it is posted, or was begun by another after `stale`.

    A claim made before `stale` is of a process that died. The second value says that there was one,
    so that the card may stand already.
    """
    now = utc_now()
    before = lookup.find_row(session, CardRow, ticket_id)
    begun = before is not None and before.begun_at > NEVER
    claim = {"ticket": ticket_id, "channel": channel_id, "now": now, "stale": stale}
    if session.connection().execute(_CLAIMING, claim).first() is None:
        return None
    claimed = lookup.find_row(session, CardRow, ticket_id)
    return None if claimed is None else (claimed, begun)


_FRESH = {
    "ticket_id": bindparam("ticket"),
    "channel_id": bindparam("channel"),
    "edition": 1,
    "shown": 0,
    "picture": "",
    "signs": "",
}
_BEGINNING = (
    insert(table_of(CardRow))
    .values(**_FRESH, begun_at=bindparam("now"))
    .on_conflict_do_nothing()
    .returning(col(CardRow.ticket_id))
)
_CLAIMING = (
    insert(table_of(CardRow))
    .values(**_FRESH, begun_at=bindparam("now"))
    .on_conflict_do_update(
        index_elements=["ticket_id"],
        set_={"begun_at": bindparam("now")},
        where=col(CardRow.ts).is_(None) & (col(CardRow.begun_at) < bindparam("stale")),
    )
    .returning(col(CardRow.ticket_id))
)


def release_card(session: Session, ticket_id: int, stale: datetime) -> None:
    """Give a claim back: the card could not be posted, or was, and somebody may try again.

    It reads from here on like the claim of a process that died before `stale`.
    """
    _set(session, ticket_id, begun_at=stale - timedelta(microseconds=1))


def card_lost(session: Session, ticket_id: int, ts: str) -> None:
    """Somebody deleted the card in Slack: it may be posted anew, under the next edition."""
    row = session.get(CardRow, ticket_id, populate_existing=True)
    if row is not None and row.ts == ts:
        row.ts, row.edition, row.shown, row.picture = None, row.edition + 1, 0, ""
        row.begun_at = NEVER


def card_drawn(
    session: Session,
    ticket_id: int,
    version: int,
    picture: str,
    names: str,
    post: Post | None = None,
) -> bool:
    """Write down what the card shows; False when the ticket has changed in the meantime.

    `names` are the signs that it wants on the customer's message, `post` is the card if it was
    posted and not redrawn.
    """
    place = {}
    if post is not None:
        insert_new(session, [post])
        place = {"ts": post.ts}
    ticket = session.connection().execute(_DRAWN, {"ticket": ticket_id}).first()
    if ticket is None:
        return False
    if ticket.signs is not None and ticket.signs != names:
        # The message that began the ticket is to carry other signs.
        key = signs.sign_key(ticket.channel_id, ticket.thread_ts)
        signs.want_signs(session, key, ticket.signs, names)
    _set(session, ticket_id, shown=version, picture=picture, signs=names, **place)
    return bool(ticket.version == version)


_DRAWN = (
    select(col(Ticket.version), col(Ticket.channel_id), col(Ticket.thread_ts), col(CardRow.signs))
    .outerjoin(CardRow, col(CardRow.ticket_id) == col(Ticket.id))
    .where(col(Ticket.id) == bindparam("ticket"))
)


def cards_behind(session: Session) -> Sequence[int]:
    """The tickets whose card is begun but not posted, or older than the ticket."""
    query = (
        select(col(CardRow.ticket_id))
        .join(Ticket, col(Ticket.id) == col(CardRow.ticket_id))
        .where(col(CardRow.ts).is_(None) | (col(CardRow.shown) < col(Ticket.version)))
    )
    return session.scalars(query).all()


def _set(session: Session, ticket_id: int, **values: object) -> None:
    session.connection().execute(_SETTING, {"ticket": ticket_id, **values})


_SETTING = update(table_of(CardRow)).where(col(CardRow.ticket_id) == bindparam("ticket"))
