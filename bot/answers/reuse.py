"""Giving an approved answer again, without a model, while its articles still say so."""

from datetime import timedelta

from bot.answers.approved import Approved, Evidence, fingerprint, unchanged_passages
from bot.config.desk import Desk
from bot.knowledge.citations import CitedArticle
from storage.answers.approved import approval_and_passages
from storage.db.columns import utc_now
from storage.db.database import Database


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
        if mark is None:
            return None
        since = utc_now() - timedelta(days=self._terms.days)
        intents = sorted(self._terms.intents)
        known = await self._store.read(approval_and_passages, mark, intents, since)
        if known is None:
            return None
        found, standing = known
        rests_on = [Evidence.model_validate(each) for each in found.evidence]
        passages = unchanged_passages(rests_on, standing)
        if passages is None:
            return None
        return Approved(
            message_key=found.message_key,
            ticket_id=found.ticket_id,
            text=found.answer,
            triage=found.triage,
            sources=tuple(CitedArticle.model_validate(each) for each in found.sources),
            passages=passages,
            approved_by=found.approved_by,
            nano_dollars=found.nano_dollars,
        )
