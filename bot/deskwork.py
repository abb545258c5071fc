"""What people do to a ticket, whatever they press, type or choose: each a rule and a change.

Every act is one transaction: it is noted under its key, so that Slack may deliver it twice; the
ticket changes through `storage.lifecycle`, which says who was faster; and the card is drawn anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import judging, reuse
from bot.cards import Cards
from bot.linking import incident_over
from bot.modes import Modes
from bot.phrases import phrase
from bot.picture import NOT_A_REQUEST
from bot.relaying import Relays
from bot.streaming import Streams
from storage import acts, lifecycle, notes, relays, together
from storage.columns import utc_now
from storage.database import Database, Session
from storage.lifecycle import By, Conflict, NotAllowed, NoTicket, Source
from storage.models import Ticket
from storage.relays import Relay

LONGEST_TAG = 40
LONGEST_ANSWER = 12_000  # Slack refuses some 13,000 characters in the blocks of one message
MOST_TAGS = 20


class Refused(Exception):
    """The act is not possible, and nothing was changed; the sentence says why."""


class Repeated(Refused):
    """The very same act was carried out before: it was delivered twice, or replayed."""


# Everything an act may raise for a reason that people should read.
REFUSALS = (Refused, Conflict, NoTicket, NotAllowed)


def told(error: Exception) -> str:
    """A refusal as a sentence, with the one who was faster by name."""
    if not isinstance(error, Conflict):
        return str(error)
    who = f"<@{error.who}> was faster" if error.who else "It has changed in the meantime"
    return f"{who}: the {error.what} is {error.now or 'empty'} now. Nothing was changed."


def elsewhere(number: int, there: int) -> str:
    """What an agent reads whose answer went to the ticket that this one was merged into."""
    return (
        f"T-{number} was merged into T-{there}: your answer went to the thread of T-{there}, "
        "and only there."
    )


@dataclass(frozen=True)
class Hand:
    """Who acts, from where, and the key under which this act counts once."""

    who: str
    source: Source
    key: str

    @property
    def by(self) -> By:
        return By(self.who, self.source)


class Deskwork:
    """The acts of agents (and the customer's rating). Callers have checked who may act.

    Each raises one of `REFUSALS`, having changed nothing.
    """

    def __init__(
        self, store: Database, cards: Cards, mouth: Relays, modes: Modes, streams: Streams
    ) -> None:
        self._store = store
        self._cards = cards
        self._relays = mouth
        self._modes = modes
        self._desk = modes.desk
        self._streams = streams

    async def take(self, hand: Hand, number: int) -> None:
        """Make the ticket one's own; the bot keeps quiet on it from now on."""

        def work(session: Session, ticket: Ticket) -> None:
            _alive(ticket)
            if ticket.assignee_id == hand.who and ticket.human_since:
                raise Refused(f"{ticket.number} is yours already.")
            expecting = {"assignee_id": ticket.assignee_id if _mine(ticket, hand) else None}
            self._take(session, ticket, hand, expecting=expecting)

        await self._act(hand, number, work)

    async def resume(self, hand: Hand, number: int) -> None:
        """Give the ticket back to the bot, and tell the customer so."""
        key = f"resumed:{hand.key}"

        def work(session: Session, ticket: Ticket) -> None:
            _alive(ticket)
            if ticket.human_since is None:
                raise Refused(f"The bot is at work on {ticket.number} already.")
            lifecycle.change(session, ticket, hand.by, human_since=None, assignee_id=None)
            self._tell(session, ticket, key, phrase("resumed", ticket.language))

        await self._act(hand, number, work)
        await self._relays.send(key)

    async def solve(self, hand: Hand, number: int) -> None:
        """The customer has what they asked for."""

        def work(session: Session, ticket: Ticket) -> None:
            if ticket.status == "solved":
                raise Refused(f"{ticket.number} is solved already.")
            judging.ignored_drafts(session, number, None, hand.who)
            reuse.approve_solved(session, ticket, hand.who)
            lifecycle.change(session, ticket, hand.by, status="solved")
            offer = incident_over(session, ticket)
            offered.update([offer.key] if offer else [])

        offered: set[str] = set()
        await self._act(hand, number, work)
        for key in offered:
            await self._relays.send(key)

    async def tell_all(self, hand: Hand, number: int, text: str) -> int:
        """Say the same to every customer of an incident; answers how many tickets were told."""
        if not text.strip():
            raise Refused("There is nothing to send: write the words after ?tellall.")
        if len(text) > LONGEST_ANSWER:
            raise Refused(f"One message holds {LONGEST_ANSWER:,} characters; please send two.")

        def work(session: Session, ticket: Ticket) -> None:
            parent = ticket.incident_id or number
            linked = together.linked(session, parent)
            if not linked:
                raise Refused(f"{ticket.number} is no incident: nothing is linked to it.")
            for each in (parent, *(part.id or 0 for part in linked)):
                relay = Relay(
                    key=f"tellall:{hand.key}:{each}",
                    ticket_id=each,
                    agent_id=hand.who,
                    text=text.strip(),
                )
                relays.send(session, relay)
                keys.add(relay.key)

        keys: set[str] = set()
        await self._act(hand, number, work)
        for key in sorted(keys):
            await self._relays.send(key)
        return len(keys)

    async def reopen(self, hand: Hand, number: int) -> None:
        """It was not the end of it."""

        def work(session: Session, ticket: Ticket) -> None:
            if ticket.status not in ("solved", "closed"):
                raise Refused(f"{ticket.number} is open already.")
            judging.reopened(session, ticket, f"re-opened from the {hand.source}", hand.who)
            tags = [tag for tag in ticket.tags if tag != NOT_A_REQUEST]
            lifecycle.change(session, ticket, hand.by, status="open", tags=tags)

        await self._act(hand, number, work)

    async def recategorise(self, hand: Hand, number: int, category: str) -> None:
        """Say what the ticket is really about."""

        def work(session: Session, ticket: Ticket) -> None:
            if category not in {intent.name for intent in self._desk.intents}:
                raise Refused(f"{category} is no category of this desk.")
            if category == ticket.intent:
                raise Refused(f"{ticket.number} is {category} already.")
            judging.recategorised(session, ticket, category, hand.who)
            lifecycle.change(session, ticket, hand.by, intent=category)

        await self._act(hand, number, work)

    async def dismiss(self, hand: Hand, number: int, reason: str, comment: str) -> None:
        """It was no request: close the ticket, and let the bot learn from it."""

        def work(session: Session, ticket: Ticket) -> None:
            _alive(ticket)
            judging.dismissed(session, ticket, reason, comment, hand.who)
            judging.ignored_drafts(session, number, None, hand.who)
            tags = [*ticket.tags, NOT_A_REQUEST]
            lifecycle.change(session, ticket, hand.by, status="closed", tags=tags)

        await self._act(hand, number, work)

    async def reply(self, hand: Hand, number: int, text: str) -> int:
        """Answer the customer through the bot; the ticket in whose thread it is said.

        That is another one where this one was merged: there the matter goes on.
        """
        if not text.strip():
            raise Refused("There is nothing to send.")

        def work(session: Session, ticket: Ticket) -> None:
            judging.ignored_drafts(session, there, text, hand.who)
            relay = Relay(key=hand.key, ticket_id=there, agent_id=hand.who, text=text.strip())
            self._speak(session, ticket, hand, relay)

        there = await self._store.read(_survivor, number)
        await self._act(hand, there, work)
        await self._relays.send(hand.key)
        return there

    async def send_draft(
        self, hand: Hand, number: int, draft_key: str, text: str | None = None
    ) -> None:
        """Send a draft as it is, or with another `text`; a draft goes out once, by one agent."""
        key = f"draft:{draft_key}"

        def work(session: Session, ticket: Ticket) -> None:
            draft = relays.draft(session, draft_key)
            if draft is None or draft.ticket_id != number:
                raise Refused(f"{ticket.number} has no such draft.")
            _undecided(session, draft)
            said = (draft.text if text is None else text).strip()
            judging.sent(session, draft, said, hand.who)
            relay = Relay(
                key=key,
                ticket_id=number,
                agent_id=hand.who,
                text=said,
                sources=draft.sources,
            )
            self._speak(session, ticket, hand, relay)

        await self._act(hand, number, work)
        await self._relays.send(key)

    async def note(self, hand: Hand, number: int, text: str) -> None:
        """Keep something among the agents. Never for the customer."""
        if not text.strip():
            raise Refused("There is nothing to note.")

        def work(session: Session, _ticket: Ticket) -> None:
            notes.keep(session, hand.key, number, hand.who, text.strip())

        await self._act(hand, number, work)

    async def tag(self, hand: Hand, number: int, words: Sequence[str]) -> None:
        """Mark the ticket with tags, in lower case, each once."""
        wanted = [word.strip("#,").lower()[:LONGEST_TAG] for word in words]

        def work(session: Session, ticket: Ticket) -> None:
            tags = list(dict.fromkeys([*ticket.tags, *filter(None, wanted)]))
            if tags == ticket.tags:
                raise Refused(f"{ticket.number} has no new tag from that.")
            if len(tags) > MOST_TAGS:
                raise Refused(f"A ticket has room for {MOST_TAGS} tags.")
            lifecycle.change(session, ticket, hand.by, tags=tags)

        await self._act(hand, number, work)

    async def edit(
        self, hand: Hand, number: int, seen: Mapping[str, Any], wanted: Mapping[str, Any]
    ) -> None:
        """Change owner, priority, status, wake-up time or link, given what the person saw."""

        def work(session: Session, ticket: Ticket) -> None:
            given = dict(wanted)
            if given.get("assignee_id") and ticket.human_since is None:
                given["human_since"] = utc_now()
            lifecycle.change(session, ticket, hand.by, expecting=seen, **given)

        await self._act(hand, number, work)

    async def hold(self, hand: Hand, number: int, until: datetime) -> None:
        """Put the ticket aside until a moment (UTC)."""
        await self.edit(hand, number, {}, {"status": "on_hold", "wake_at": until})

    async def merge(self, hand: Hand, number: int, into: int) -> None:
        """Close the ticket in favour of another one, and tell its customer where it goes on."""
        key = f"merged:{hand.key}"

        def work(session: Session, ticket: Ticket) -> None:
            target = lifecycle.survivor(session, lifecycle.ticket(session, into))
            lifecycle.merge(session, ticket, target, hand.by)
            said = phrase("merged", ticket.language, ticket=target.number)
            self._tell(session, ticket, key, said)

        await self._act(hand, number, work)
        self._cards.touch(into)
        await self._relays.send(key)

    async def rate(self, hand: Hand, number: int, rating: str, comment: str) -> None:
        """The customer says how it went; nobody else can."""

        def work(session: Session, ticket: Ticket) -> None:
            if ticket.requester_id != hand.who:
                raise Refused("Only the person who asked can rate the answer.")
            judging.rated(session, ticket, rating, comment, hand.who)

        await self._act(hand, number, work)

    async def _act(self, hand: Hand, number: int, work: Callable[[Session, Ticket], None]) -> None:
        ticket = await self._store.write(once, hand, number, work)
        if ticket.human_since is not None:
            # A person has the word: what the bot is writing there ends at once.
            self._streams.stop(ticket.channel_id, ticket.thread_ts, hand.who)
        self._cards.touch(number)

    def _tell(self, session: Session, ticket: Ticket, key: str, said: str) -> None:
        """Write down what the desk itself says to the customer, where it may speak at all."""
        if self._modes.speaks(ticket.channel_id):
            relays.send(session, Relay(key=key, ticket_id=ticket.id or 0, text=said))

    def _take(self, session: Session, ticket: Ticket, hand: Hand, **options: Any) -> None:
        since = ticket.human_since or utc_now()
        owner = ticket.assignee_id or hand.who
        lifecycle.change(session, ticket, hand.by, assignee_id=owner, human_since=since, **options)

    def _speak(self, session: Session, ticket: Ticket, hand: Hand, relay: Relay) -> None:
        """Put an agent's words on their way: from now on it is the customer's turn."""
        if len(relay.text) > LONGEST_ANSWER:
            raise Refused(f"One message holds {LONGEST_ANSWER:,} characters; please send two.")
        known = relays.send(session, relay)
        if known is not None:
            raise Refused(f"{_person(known.agent_id)} has sent it already; nothing was sent.")
        status = "pending" if ticket.status != "on_hold" else "on_hold"
        self._take(session, ticket, hand, status=status)


def once(
    session: Session, hand: Hand, number: int, work: Callable[[Session, Ticket], None]
) -> Ticket:
    """An act on a ticket, under the key by which it counts once."""
    if not acts.first_time(session, hand.key):
        raise Repeated("That was done already; nothing was changed.")
    ticket = lifecycle.ticket(session, number)
    before = ticket.version
    work(session, ticket)
    if ticket.version == before:
        lifecycle.touch(ticket, utc_now())
    return ticket


def _survivor(session: Session, number: int) -> int:
    return lifecycle.survivor(session, lifecycle.ticket(session, number)).id or 0


def _undecided(session: Session, draft: relays.Draft) -> None:
    """Raise Refused when somebody has decided about the draft already."""
    if draft.fate == "waiting":
        return
    sent = relays.find(session, f"draft:{draft.message_key}")
    if sent is not None:
        raise Refused(f"{_person(sent.agent_id)} has sent this draft already; nothing was sent.")
    if draft.fate == "replaced":
        raise Refused("There is a newer draft on the card; nothing was sent.")
    raise Refused("Somebody has answered without this draft; nothing was sent.")


def _alive(ticket: Ticket) -> None:
    if ticket.status in ("solved", "closed"):
        raise Refused(f"{ticket.number} is {ticket.status}: re-open it first.")


def _mine(ticket: Ticket, hand: Hand) -> bool:
    return ticket.assignee_id == hand.who


def _person(user: str | None) -> str:
    return f"<@{user}>" if user else "Somebody"
