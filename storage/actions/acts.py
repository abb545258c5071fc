"""An act on a ticket as one transaction: seen, judged by a rule, written down, counted once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from storage.answers import approved, posted
from storage.answers.approved import Fingerprint
from storage.cards import cards
from storage.db.columns import utc_now
from storage.intake import idempotency, notes
from storage.tickets import changes, corrections, incidents, mergers, messages, outbox
from storage.tickets.audit import ChangeBy
from storage.tickets.changes import NotAllowed
from storage.tickets.corrections import Correction, CorrectionKind
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.tables import Post, Ticket


class AlreadyDone(NotAllowed):
    """An act of this key was carried out before: it was delivered twice, or replayed."""

    def __init__(self) -> None:
        super().__init__("That was done already; nothing was changed.")


@dataclass(frozen=True)
class ActKey:
    """Who acts, from where, and the key under which the act counts once."""

    by: ChangeBy
    key: str


@dataclass(frozen=True)
class ActSubject:
    """What an act is about besides its ticket: a draft, an answer, where a button stands.

    `into` is the number of the ticket that it is to be merged into.
    """

    into: int | None = None
    draft: str | None = None
    about: str | None = None
    place: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class SeenTicket:
    """A ticket as the act finds it.

    `linked` are the parts of the incident it stands for or belongs to. Of the subject: `target` is
    the ticket to merge into, or what became of that in the end; the draft, and what was `sent` of
    it; the answer's post, whether the button stands under it, and who was answered.
    """

    ticket: Ticket
    linked: Sequence[Ticket] = ()
    target: Ticket | None = None
    card: bool = False
    draft: DraftRow | None = None
    sent: OutboxRow | None = None
    answer: Post | None = None
    in_place: bool = False
    asker: str | None = None


@dataclass(frozen=True)
class Judgement:
    """A correction that the act makes of the ticket's latest decision, or of the one `about`.

    `key` makes it one: with it judged again the newer one counts; None is one for each decision.
    """

    kind: CorrectionKind
    before: str | None = None
    after: str | None = None
    comment: str = ""
    key: str | None = None
    about: str | None = None


@dataclass(frozen=True)
class Act:
    """What an act comes to; everything is written, or nothing.

    `to` are columns of the ticket and their values, `expecting` what the person saw of them.
    `says` are an agent's words, which may not have been said before; `tells` are told once.
    `sends` is the text a draft is sent with. `instead` is what was said instead of the drafts that
    it `ignores`. `reopened` says why a ticket came back.
    """

    to: Mapping[str, Any] = field(default_factory=dict)
    expecting: Mapping[str, Any] | None = None
    says: OutboxRow | None = None
    tells: Sequence[OutboxRow] = ()
    judgements: Sequence[Judgement] = ()
    sends: str | None = None
    ignores: bool = False
    instead: str | None = None
    solves: bool = False
    reopened: str | None = None
    merges: bool = False
    note: str | None = None


ActRule = Callable[[SeenTicket], Act]


def carry_out_once(
    session: Session,
    key: ActKey,
    number: int,
    rule: ActRule,
    fingerprint: Fingerprint,
    subject: ActSubject | None = None,
) -> tuple[Ticket, Sequence[str]]:
    """Carry out what the rule makes of a ticket; the ticket, and the keys of what is to be sent.

    Raises:
        AlreadyDone: the act was carried out before.
        NoTicket, NotAllowed, Conflict: it is not possible, and whatever the rule raises.
    """
    if not idempotency.first_time(session, key.key):
        raise AlreadyDone
    ticket = changes.get_ticket(session, number)
    before = ticket.version
    seen = _seen(session, ticket, subject or ActSubject())
    act = rule(seen)
    _judge(session, seen, act, key.by.who, fingerprint)
    said = [_say(session, act.says)] if act.says is not None else []
    said += [row.key for row in act.tells if outbox.put_in_outbox(session, row) is None]
    if act.note is not None:
        noted = notes.as_revised(session, key.key, act.note)
        notes.keep_note(session, key.key, number, key.by.who, noted)
    if act.merges and seen.target is not None:
        mergers.merge_ticket(session, ticket, seen.target, key.by)
    changes.change_ticket(session, ticket, key.by, expecting=act.expecting, **act.to)
    if ticket.version == before:
        changes.touch_ticket(ticket, utc_now())
    return ticket, said


def _seen(session: Session, ticket: Ticket, subject: ActSubject) -> SeenTicket:
    number = ticket.ticket_id
    return SeenTicket(
        ticket,
        incidents.linked_tickets(session, ticket.incident_id or number),
        mergers.find_surviving_ticket(session, subject.into) if subject.into is not None else None,
        cards.card_of_ticket(session, number) is not None,
        outbox.find_draft(session, subject.draft) if subject.draft else None,
        outbox.find_in_outbox(session, f"draft:{subject.draft}") if subject.draft else None,
        posted.find_answer(session, subject.about) if subject.about else None,
        bool(subject.about)
        and posted.answer_at(session, subject.about or "", *subject.place) is not None,
        messages.asker_of(session, subject.about) if subject.about else None,
    )


def _say(session: Session, words: OutboxRow) -> str:
    known = outbox.put_in_outbox(session, words)
    if known is not None:
        who = f"<@{known.agent_id}>" if known.agent_id else "Somebody"
        raise NotAllowed(f"{who} has sent it already; nothing was sent.")
    return words.key


def _judge(
    session: Session, seen: SeenTicket, act: Act, who: str, fingerprint: Fingerprint
) -> None:
    """Keep what the act says about what the bot did."""
    ticket = seen.ticket
    if act.sends is not None and seen.draft is not None:
        approved.correct_draft_sent(session, seen.draft, act.sends, who, fingerprint)
    if act.ignores:
        corrections.correct_ignored_drafts(session, ticket.ticket_id, act.instead, who)
    if act.solves:
        approved.approve_solved(session, ticket, who, fingerprint)
    if act.reopened is not None:
        approved.correct_reopened(session, ticket, act.reopened, who)
    for each in act.judgements:
        decision = each.about or corrections.decision_of(session, ticket.ticket_id)
        correction = Correction(
            key=each.key or f"{each.kind}:{decision or ticket.ticket_id}",
            ticket_id=ticket.ticket_id,
            message_key=decision,
            kind=each.kind,
            before=each.before,
            after=each.after,
            comment=each.comment,
            by=who,
        )
        corrections.add_correction(session, correction)
