"""What a nightly run asked and was answered, in storage: a log for `bot.batch.message_batches`.

It is read once, at the beginning of a look, and written through. An answer stands for its key,
even if the ticket was edited meanwhile: nothing is asked, or paid, a second time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.batch.log import SubmittedBatch
from bot.llm.calls import Completion, Question
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.nightly import nights
from storage.nightly.tables import NightBatch, NightReply
from storage.tickets.tables import CallRow, Ticket


class NightLog:
    """The log of one nightly run. `tickets` are those it asks about, by number."""

    def __init__(self, store: Database, due: datetime, tickets: Mapping[int, Ticket]) -> None:
        self._store = store
        self._due = due
        self._tickets = tickets
        self._replies: dict[str, Completion] = {}
        self._tries: Counter[str] = Counter()
        self.sendings: dict[str, SubmittedBatch] = {}

    async def open_log(self) -> "NightLog":
        """Take in what was written down by earlier looks."""
        replies = await self._store.read(nights.night_replies, self._due)
        self._replies = {key: Completion.model_validate(each) for key, each in replies.items()}
        for row in await self._store.read(nights.night_batches, self._due):
            if row.fetched:
                # One that never reached the API was no try.
                self._tries.update(row.keys if row.batch else ())
            else:
                self.sendings[row.name] = SubmittedBatch(
                    row.name, self._open(row), row.at, row.batch
                )
        return self

    def _open(self, row: NightBatch) -> frozenset[str]:
        """The keys of a batch that still wait for an answer; all, while its id is not known."""
        answered = self._replies.keys() if row.batch else ()
        return frozenset(row.keys).difference(answered)

    def tries(self, key: str) -> int:
        """How many batches have left a question unanswered."""
        return self._tries[key]

    async def reply(self, key: str, question: Question) -> Completion | None:  # noqa: ARG002
        """The answer under this key, if it has been paid for."""
        return self._replies.get(key)

    async def answered(self, key: str, question: Question, reply: Completion) -> None:  # noqa: ARG002
        """Write an answer down, in one transaction with its line in the ledger."""
        self._replies[key] = reply
        row = NightReply(key=key, due_at=self._due, reply=reply.model_dump(mode="json"))
        await self._store.write(nights.night_answered, row, self._call(key, reply))

    async def sending(self, name: str, keys: Sequence[str]) -> SubmittedBatch:
        """Write down that a batch is about to be submitted."""
        sending = self.sendings[name] = SubmittedBatch(name, frozenset(keys), utc_now())
        row = NightBatch(name=name, due_at=self._due, keys=list(keys), at=sending.at)
        await self._store.write(nights.add_night_batch, row)
        return sending

    async def sent(self, sending: SubmittedBatch, batch: str) -> None:
        """Write down the id that the API gave a batch."""
        sending.batch = batch
        await self._store.write(nights.night_batch_sent, sending.name, batch)

    async def fetched(self, sending: SubmittedBatch) -> None:
        """Write down that a batch is over."""
        self.sendings.pop(sending.name, None)
        await self._store.write(nights.night_batch_fetched, sending.name)

    def _call(self, key: str, reply: Completion) -> CallRow:
        ticket = self._tickets[int(key.partition("-")[0])]
        return CallRow(
            key=f"night:{key}",
            ticket_id=ticket.id,
            intent=ticket.intent,
            channel_id=ticket.channel_id,
            requester_id=ticket.requester_id,
            **reply.call.model_dump(),
        )
