"""Giving an approved answer again, without a model, while its articles still say so."""

from datetime import timedelta

from bot.answers.approved import Approved, Evidence, fingerprint, unchanged_passages
from bot.config.desk import Desk
from bot.knowledge.source import Source
from bot.messages.inbound import message_key as message_key_of
from storage.answers import approved
from storage.costs import ledger
from storage.db.columns import utc_now
from storage.db.database import Database, Session
from storage.knowledge import articles
from storage.tickets import corrections, messages
from storage.tickets.models import Ticket


class AnswerReuse:
    """The desk's approved answers, as a question meets them."""

    def __init__(self, store: Database, desk: Desk) -> None:
        self._store = store
        self._terms = desk.reuse

    async def find_reusable(self, question: str) -> Approved | None:
        """The approved answer to a question that stands alone; None without one that still holds.

        An answer holds while every passage that it cites says what it said, to the same readers.
        """
        mark = fingerprint(question) if self._terms.intents else None
        return None if mark is None else await self._store.read(self._find, mark)

    def _find(self, session: Session, mark: str) -> Approved | None:
        since = utc_now() - timedelta(days=self._terms.days)
        found = approved.find_approval(session, mark, sorted(self._terms.intents), since)
        if found is None:
            return None
        rests_on = [Evidence.model_validate(each) for each in found.evidence]
        now = articles.passages_of_sources(session, {each.source for each in rests_on})
        passages = unchanged_passages(rests_on, now)
        if passages is None:
            return None
        return Approved(
            message_key=found.message_key,
            ticket_id=found.ticket_id,
            text=found.answer,
            triage=found.triage,
            sources=tuple(Source.model_validate(each) for each in found.sources),
            passages=passages,
            approved_by=found.approved_by,
            nano_dollars=found.nano_dollars,
        )


def approve_answer(session: Session, message_key: str, answer: str, by: str) -> None:
    """An agent vouches for an answer: it was sent as drafted, or it solved the matter."""
    known = approved.question_of(session, message_key)
    if known is None:
        return
    decision, text = known
    mark = fingerprint(text)
    if mark is not None:
        approved.keep_approval(session, decision, answer, mark, by)


def withdraw_answer(session: Session, message_key: str) -> None:
    """What did not help one customer is not given to another, unless an agent approves it anew."""
    decision = ledger.find_decision(session, message_key)
    approved.withdraw_approval(session, (decision.reused if decision else None) or message_key)


def approve_solved(session: Session, ticket: Ticket, by: str) -> None:
    """An agent calls solved what the bot alone answered and the customer was glad of."""
    decision = approved.answering_decision(session, ticket.ticket_id)
    if decision is None or ticket.human_since is not None:
        return
    if not corrections.customer_was_glad(session, ticket.ticket_id):
        return
    answer = posted_answer(session, decision.message_key)
    if answer is not None:
        approve_answer(session, decision.message_key, answer, by)


def posted_answer(session: Session, message_key: str) -> str | None:
    """What the bot answered to a message, as it stands in the thread."""
    post = ledger.find_post(session, f"{message_key}:answer")
    if post is None:
        return None
    team = message_key.split(":", maxsplit=1)[0]
    said = messages.find_message(session, message_key_of(team, post.channel_id, post.ts))
    return said.text if said else None
