"""What people do to a ticket, whatever they press, type or choose: each a rule and a change.

Every act is one transaction: it is noted under its key, so that Slack may deliver it twice; the
ticket changes through `storage.tickets.changes`, which says who was faster; and the card is drawn
anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.answers import reuse
from bot.answers.streaming import AnswerStreams
from bot.messages.channel_modes import ChannelModes
from bot.text.phrases import phrase
from bot.tickets import corrections
from bot.tickets.card_state import NOT_A_REQUEST
from bot.tickets.cards import CardKeeper
from bot.tickets.incidents import incident_over
from bot.tickets.outbox import Outbox
from storage.db.columns import utc_now
from storage.db.database import Database, Session
from storage.tickets import changes, idempotency, incidents, notes, outbox
from storage.tickets.changes import ChangeBy, ChangeSource, Conflict, NotAllowed, NoTicket
from storage.tickets.models import Ticket
from storage.tickets.outbox import OutboxRow

LONGEST_TAG = 40
LONGEST_ANSWER = 12_000  # Slack refuses some 13,000 characters in the blocks of one message
MOST_TAGS = 20


class ActionRefused(Exception):
    """The act is not possible, and nothing was changed; the sentence says why."""


class ActionRepeated(ActionRefused):
    """The very same act was carried out before: it was delivered twice, or replayed."""


# Everything an act may raise for a reason that people should read.
REFUSALS = (ActionRefused, Conflict, NoTicket, NotAllowed)


def refusal_text(error: Exception) -> str:
    """A refusal as a sentence, with the one who was faster by name."""
    if not isinstance(error, Conflict):
        return str(error)
    who = f"<@{error.who}> was faster" if error.who else "It has changed in the meantime"
    return f"{who}: the {error.what} is {error.now or 'empty'} now. Nothing was changed."


def merged_answer_text(number: int, there: int) -> str:
    """What an agent reads whose answer went to the ticket that this one was merged into."""
    return (
        f"T-{number} was merged into T-{there}: your answer went to the thread of T-{there}, "
        "and only there."
    )


@dataclass(frozen=True)
class Actor:
    """Who acts, from where, and the key under which this act counts once."""

    who: str
    source: ChangeSource
    key: str

    @property
    def by(self) -> ChangeBy:
        return ChangeBy(self.who, self.source)


class TicketActions:
    """The acts of agents (and the customer's rating). Callers have checked who may act.

    Each raises one of `REFUSALS`, having changed nothing.
    """

    def __init__(
        self,
        store: Database,
        cards: CardKeeper,
        outgoing: Outbox,
        modes: ChannelModes,
        streams: AnswerStreams,
    ) -> None:
        self._store = store
        self._cards = cards
        self._outbox = outgoing
        self._modes = modes
        self._desk = modes.desk
        self._streams = streams

    async def take(self, actor: Actor, number: int) -> None:
        """Make the ticket one's own; the bot keeps quiet on it from now on."""

        def work(session: Session, ticket: Ticket) -> None:
            _alive(ticket)
            if ticket.assignee_id == actor.who and ticket.human_since:
                raise ActionRefused(f"{ticket.number} is yours already.")
            expecting = {"assignee_id": ticket.assignee_id if _mine(ticket, actor) else None}
            self._take(session, ticket, actor, expecting=expecting)

        await self._act(actor, number, work)

    async def resume(self, actor: Actor, number: int) -> None:
        """Give the ticket back to the bot, and tell the customer so."""
        key = f"resumed:{actor.key}"

        def work(session: Session, ticket: Ticket) -> None:
            _alive(ticket)
            if ticket.human_since is None:
                raise ActionRefused(f"The bot is at work on {ticket.number} already.")
            changes.change_ticket(session, ticket, actor.by, human_since=None, assignee_id=None)
            self._tell(session, ticket, key, phrase("resumed", ticket.language))

        await self._act(actor, number, work)
        await self._outbox.send(key)

    async def solve(self, actor: Actor, number: int) -> None:
        """The customer has what they asked for."""

        def work(session: Session, ticket: Ticket) -> None:
            if ticket.status == "solved":
                raise ActionRefused(f"{ticket.number} is solved already.")
            corrections.correct_ignored_drafts(session, number, None, actor.who)
            reuse.approve_solved(session, ticket, actor.who)
            changes.change_ticket(session, ticket, actor.by, status="solved")
            offer = incident_over(session, ticket)
            offered.update([offer.key] if offer else [])

        offered: set[str] = set()
        await self._act(actor, number, work)
        for key in offered:
            await self._outbox.send(key)

    async def tell_all(self, actor: Actor, number: int, text: str) -> int:
        """Say the same to every customer of an incident; answers how many tickets were told."""
        if not text.strip():
            raise ActionRefused("There is nothing to send: write the words after ?tellall.")
        if len(text) > LONGEST_ANSWER:
            raise ActionRefused(
                f"One message holds {LONGEST_ANSWER:,} characters; please send two."
            )

        def work(session: Session, ticket: Ticket) -> None:
            parent = ticket.incident_id or number
            linked = incidents.linked_tickets(session, parent)
            if not linked:
                raise ActionRefused(f"{ticket.number} is no incident: nothing is linked to it.")
            for each in (parent, *(part.ticket_id for part in linked)):
                outbox_row = OutboxRow(
                    key=f"tellall:{actor.key}:{each}",
                    ticket_id=each,
                    agent_id=actor.who,
                    text=text.strip(),
                )
                outbox.put_in_outbox(session, outbox_row)
                keys.add(outbox_row.key)

        keys: set[str] = set()
        await self._act(actor, number, work)
        for key in sorted(keys):
            await self._outbox.send(key)
        return len(keys)

    async def reopen(self, actor: Actor, number: int) -> None:
        """It was not the end of it."""

        def work(session: Session, ticket: Ticket) -> None:
            if ticket.status not in ("solved", "closed"):
                raise ActionRefused(f"{ticket.number} is open already.")
            corrections.correct_reopened(
                session, ticket, f"re-opened from the {actor.source}", actor.who
            )
            tags = [tag for tag in ticket.tags if tag != NOT_A_REQUEST]
            changes.change_ticket(session, ticket, actor.by, status="open", tags=tags)

        await self._act(actor, number, work)

    async def recategorise(self, actor: Actor, number: int, category: str) -> None:
        """Say what the ticket is really about."""

        def work(session: Session, ticket: Ticket) -> None:
            if category not in {intent.name for intent in self._desk.intents}:
                raise ActionRefused(f"{category} is no category of this desk.")
            if category == ticket.intent:
                raise ActionRefused(f"{ticket.number} is {category} already.")
            corrections.correct_category(session, ticket, category, actor.who)
            changes.change_ticket(session, ticket, actor.by, intent=category)

        await self._act(actor, number, work)

    async def dismiss(self, actor: Actor, number: int, reason: str, comment: str) -> None:
        """It was no request: close the ticket, and let the bot learn from it."""

        def work(session: Session, ticket: Ticket) -> None:
            _alive(ticket)
            corrections.correct_dismissed(session, ticket, reason, comment, actor.who)
            corrections.correct_ignored_drafts(session, number, None, actor.who)
            tags = [*ticket.tags, NOT_A_REQUEST]
            changes.change_ticket(session, ticket, actor.by, status="closed", tags=tags)

        await self._act(actor, number, work)

    async def reply(self, actor: Actor, number: int, text: str) -> int:
        """Answer the customer through the bot; the ticket in whose thread it is said.

        That is another one where this one was merged: there the matter goes on.
        """
        if not text.strip():
            raise ActionRefused("There is nothing to send.")

        def work(session: Session, ticket: Ticket) -> None:
            corrections.correct_ignored_drafts(session, there, text, actor.who)
            outbox_row = OutboxRow(
                key=actor.key, ticket_id=there, agent_id=actor.who, text=text.strip()
            )
            self._speak(session, ticket, actor, outbox_row)

        there = await self._store.read(_survivor, number)
        await self._act(actor, there, work)
        await self._outbox.send(actor.key)
        return there

    async def send_draft(
        self, actor: Actor, number: int, draft_key: str, text: str | None = None
    ) -> None:
        """Send a draft as it is, or with another `text`; a draft goes out once, by one agent."""
        key = f"draft:{draft_key}"

        def work(session: Session, ticket: Ticket) -> None:
            draft = outbox.find_draft(session, draft_key)
            if draft is None or draft.ticket_id != number:
                raise ActionRefused(f"{ticket.number} has no such draft.")
            _undecided(session, draft)
            said = (draft.text if text is None else text).strip()
            corrections.correct_draft_sent(session, draft, said, actor.who)
            outbox_row = OutboxRow(
                key=key,
                ticket_id=number,
                agent_id=actor.who,
                text=said,
                sources=draft.sources,
            )
            self._speak(session, ticket, actor, outbox_row)

        await self._act(actor, number, work)
        await self._outbox.send(key)

    async def note(self, actor: Actor, number: int, text: str) -> None:
        """Keep something among the agents. Never for the customer."""
        if not text.strip():
            raise ActionRefused("There is nothing to note.")

        def work(session: Session, _ticket: Ticket) -> None:
            notes.keep_note(session, actor.key, number, actor.who, text.strip())

        await self._act(actor, number, work)

    async def tag(self, actor: Actor, number: int, words: Sequence[str]) -> None:
        """Mark the ticket with tags, in lower case, each once."""
        wanted = [word.strip("#,").lower()[:LONGEST_TAG] for word in words]

        def work(session: Session, ticket: Ticket) -> None:
            tags = list(dict.fromkeys([*ticket.tags, *filter(None, wanted)]))
            if tags == ticket.tags:
                raise ActionRefused(f"{ticket.number} has no new tag from that.")
            if len(tags) > MOST_TAGS:
                raise ActionRefused(f"A ticket has room for {MOST_TAGS} tags.")
            changes.change_ticket(session, ticket, actor.by, tags=tags)

        await self._act(actor, number, work)

    async def edit(
        self, actor: Actor, number: int, seen: Mapping[str, Any], wanted: Mapping[str, Any]
    ) -> None:
        """Change owner, priority, status, wake-up time or link, given what the person saw."""

        def work(session: Session, ticket: Ticket) -> None:
            given = dict(wanted)
            if given.get("assignee_id") and ticket.human_since is None:
                given["human_since"] = utc_now()
            changes.change_ticket(session, ticket, actor.by, expecting=seen, **given)

        await self._act(actor, number, work)

    async def hold(self, actor: Actor, number: int, until: datetime) -> None:
        """Put the ticket aside until a moment (UTC)."""
        await self.edit(actor, number, {}, {"status": "on_hold", "wake_at": until})

    async def merge(self, actor: Actor, number: int, into: int) -> None:
        """Close the ticket in favour of another one, and tell its customer where it goes on."""
        key = f"merged:{actor.key}"

        def work(session: Session, ticket: Ticket) -> None:
            target = changes.surviving_ticket(session, changes.get_ticket(session, into))
            changes.merge_ticket(session, ticket, target, actor.by)
            said = phrase("merged", ticket.language, ticket=target.number)
            self._tell(session, ticket, key, said)

        await self._act(actor, number, work)
        self._cards.touch(into)
        await self._outbox.send(key)

    async def rate(self, actor: Actor, number: int, rating: str, comment: str) -> None:
        """The customer says how it went; nobody else can."""

        def work(session: Session, ticket: Ticket) -> None:
            if ticket.requester_id != actor.who:
                raise ActionRefused("Only the person who asked can rate the answer.")
            corrections.correct_rated(session, ticket, rating, comment, actor.who)

        await self._act(actor, number, work)

    async def _act(
        self, actor: Actor, number: int, work: Callable[[Session, Ticket], None]
    ) -> None:
        ticket = await self._store.write(act_once, actor, number, work)
        if ticket.human_since is not None:
            # A person has the word: what the bot is writing there ends at once.
            self._streams.stop(ticket.channel_id, ticket.thread_ts, actor.who)
        self._cards.touch(number)

    def _tell(self, session: Session, ticket: Ticket, key: str, said: str) -> None:
        """Write down what the desk itself says to the customer, where it may speak at all."""
        if self._modes.speaks(ticket.channel_id):
            outbox.put_in_outbox(session, OutboxRow(key=key, ticket_id=ticket.ticket_id, text=said))

    def _take(self, session: Session, ticket: Ticket, actor: Actor, **options: Any) -> None:
        since = ticket.human_since or utc_now()
        owner = ticket.assignee_id or actor.who
        changes.change_ticket(
            session, ticket, actor.by, assignee_id=owner, human_since=since, **options
        )

    def _speak(self, session: Session, ticket: Ticket, actor: Actor, outbox_row: OutboxRow) -> None:
        """Put an agent's words on their way: from now on it is the customer's turn."""
        if len(outbox_row.text) > LONGEST_ANSWER:
            raise ActionRefused(
                f"One message holds {LONGEST_ANSWER:,} characters; please send two."
            )
        known = outbox.put_in_outbox(session, outbox_row)
        if known is not None:
            raise ActionRefused(f"{_person(known.agent_id)} has sent it already; nothing was sent.")
        status = "pending" if ticket.status != "on_hold" else "on_hold"
        self._take(session, ticket, actor, status=status)


def act_once(
    session: Session, actor: Actor, number: int, work: Callable[[Session, Ticket], None]
) -> Ticket:
    """An act on a ticket, under the key by which it counts once."""
    if not idempotency.first_time(session, actor.key):
        raise ActionRepeated("That was done already; nothing was changed.")
    ticket = changes.get_ticket(session, number)
    before = ticket.version
    work(session, ticket)
    if ticket.version == before:
        changes.touch_ticket(ticket, utc_now())
    return ticket


def _survivor(session: Session, number: int) -> int:
    return changes.surviving_ticket(session, changes.get_ticket(session, number)).ticket_id


def _undecided(session: Session, draft: outbox.DraftRow) -> None:
    """Raise Refused when somebody has decided about the draft already."""
    if draft.fate == "waiting":
        return
    sent = outbox.find_in_outbox(session, f"draft:{draft.message_key}")
    if sent is not None:
        raise ActionRefused(
            f"{_person(sent.agent_id)} has sent this draft already; nothing was sent."
        )
    if draft.fate == "replaced":
        raise ActionRefused("There is a newer draft on the card; nothing was sent.")
    raise ActionRefused("Somebody has answered without this draft; nothing was sent.")


def _alive(ticket: Ticket) -> None:
    if ticket.status in ("solved", "closed"):
        raise ActionRefused(f"{ticket.number} is {ticket.status}: re-open it first.")


def _mine(ticket: Ticket, actor: Actor) -> bool:
    return ticket.assignee_id == actor.who


def _person(user: str | None) -> str:
    return f"<@{user}>" if user else "Somebody"
