"""What people do to a ticket, whatever they press, type or choose: each a rule and a change.

Every act is one transaction of `storage.actions.acts`: it is noted under its key, so that Slack may
deliver it twice; the rule sees the ticket as it stands and answers what is to be written; whoever
is second is told who was faster. Then the card is drawn anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.answers.approved import fingerprint
from bot.answers.streaming import AnswerStreams
from bot.messages.channel_modes import ChannelModes
from bot.messages.inbound import File
from bot.text.phrases import phrase
from bot.tickets.card_state import NOT_A_REQUEST
from bot.tickets.cards import CardKeeper
from bot.tickets.incident_links import incident_over
from bot.tickets.outbox import Outbox
from storage.actions import acts
from storage.actions.acts import (
    Act,
    ActKey,
    ActRule,
    ActSubject,
    AlreadyDone,
    Judgement,
    SeenTicket,
)
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import notes
from storage.tickets.changes import ChangeBy, ChangeSource, Conflict, NotAllowed, NoTicket
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.tables import Ticket

LONGEST_TAG = 40
LONGEST_ANSWER = 12_000  # Slack refuses some 13,000 characters in the blocks of one message
TOO_LONG = f"One message holds {LONGEST_ANSWER:,} characters; please send two."
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
    def act_key(self) -> ActKey:
        return ActKey(ChangeBy(self.who, self.source), self.key)


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

        def rule(seen: SeenTicket) -> Act:
            ticket = seen.ticket
            _alive(ticket)
            mine = ticket.assignee_id == actor.who
            if mine and ticket.human_since:
                raise ActionRefused(f"{ticket.number} is yours already.")
            expecting = {"assignee_id": ticket.assignee_id if mine else None}
            return Act(to=_taken(ticket, actor), expecting=expecting)

        await self._act(actor, number, rule)

    async def resume(self, actor: Actor, number: int) -> None:
        """Give the ticket back to the bot, and tell the customer so."""

        def rule(seen: SeenTicket) -> Act:
            ticket = seen.ticket
            _alive(ticket)
            if ticket.human_since is None:
                raise ActionRefused(f"The bot is at work on {ticket.number} already.")
            said = phrase("resumed", ticket.language)
            return Act(
                to={"human_since": None, "assignee_id": None},
                tells=self._told(ticket, f"resumed:{actor.key}", said),
            )

        await self._act(actor, number, rule)

    async def solve(self, actor: Actor, number: int) -> None:
        """The customer has what they asked for."""

        def rule(seen: SeenTicket) -> Act:
            if seen.ticket.status == "solved":
                raise ActionRefused(f"{seen.ticket.number} is solved already.")
            return Act(
                to={"status": "solved"},
                ignores=True,
                solves=True,
                tells=incident_over(seen.ticket, seen.linked),
            )

        await self._act(actor, number, rule)

    async def tell_all(self, actor: Actor, number: int, text: str) -> int:
        """Say the same to every customer of an incident; answers how many tickets get it."""
        if not text.strip():
            raise ActionRefused("There is nothing to send: write the words after ?tellall.")
        _sendable(text)

        def rule(seen: SeenTicket) -> Act:
            if not seen.linked:
                raise ActionRefused(
                    f"{seen.ticket.number} is no incident: nothing is linked to it."
                )
            parent = seen.ticket.incident_id or number
            return Act(
                tells=[
                    OutboxRow(
                        key=f"tellall:{actor.key}:{each}",
                        ticket_id=each,
                        agent_id=actor.who,
                        text=text.strip(),
                    )
                    for each in (parent, *(part.ticket_id for part in seen.linked))
                ]
            )

        return len(await self._act(actor, number, rule))

    async def reopen(self, actor: Actor, number: int) -> None:
        """It was not the end of it."""

        def rule(seen: SeenTicket) -> Act:
            if seen.ticket.status not in ("solved", "closed"):
                raise ActionRefused(f"{seen.ticket.number} is open already.")
            tags = [tag for tag in seen.ticket.tags if tag != NOT_A_REQUEST]
            why = f"re-opened from the {actor.source}"
            return Act(to={"status": "open", "tags": tags}, reopened=why)

        await self._act(actor, number, rule)

    async def recategorise(self, actor: Actor, number: int, category: str) -> None:
        """Say what the ticket is really about."""

        def rule(seen: SeenTicket) -> Act:
            if category not in {intent.name for intent in self._desk.intents}:
                raise ActionRefused(f"{category} is no category of this desk.")
            before = seen.ticket.intent
            if category == before:
                raise ActionRefused(f"{seen.ticket.number} is {category} already.")
            judged = Judgement("category", before=before, after=category)
            return Act(to={"intent": category}, judgements=[judged])

        await self._act(actor, number, rule)

    async def dismiss(self, actor: Actor, number: int, reason: str, comment: str) -> None:
        """It was no request: close the ticket, and let the bot learn from it."""

        def rule(seen: SeenTicket) -> Act:
            ticket = seen.ticket
            _alive(ticket)
            judged = Judgement("not_a_request", before=ticket.intent, after=reason, comment=comment)
            tags = [*ticket.tags, NOT_A_REQUEST]
            return Act(to={"status": "closed", "tags": tags}, judgements=[judged], ignores=True)

        await self._act(actor, number, rule)

    async def reply(
        self,
        actor: Actor,
        number: int,
        text: str,
        *,
        markup: str | None = None,
        files: Sequence[File] = (),
    ) -> int:
        """Answer the customer through the bot; the ticket in whose thread it is said.

        That is another one where this one was merged: there the matter goes on. `markup` are the
        words as Slack shows them, made safe; the files are shared with them.
        """
        if not text.strip():
            raise ActionRefused("There is nothing to send.")
        _sendable(text.strip(), markup)

        def rule(seen: SeenTicket) -> Act:
            words = OutboxRow(
                key=actor.key,
                ticket_id=there,
                agent_id=actor.who,
                text=text.strip(),
                markup=markup,
                files=[each.model_dump() for each in files],
            )
            return Act(to=_spoken(seen.ticket, actor), says=words, ignores=True, instead=text)

        there = (await self._store.read(acts.find_surviving_ticket, number)).ticket_id
        await self._act(actor, there, rule)
        return there

    async def send_draft(
        self, actor: Actor, number: int, draft_key: str, text: str | None = None
    ) -> None:
        """Send a draft as it is, or with another `text`; a draft goes out once, by one agent."""

        def rule(seen: SeenTicket) -> Act:
            draft = seen.draft
            if draft is None or draft.ticket_id != number:
                raise ActionRefused(f"{seen.ticket.number} has no such draft.")
            _undecided(draft, seen.sent)
            said = (draft.text if text is None else text).strip()
            _sendable(said)
            words = OutboxRow(
                key=f"draft:{draft_key}",
                ticket_id=number,
                agent_id=actor.who,
                text=said,
                sources=draft.sources,
            )
            return Act(to=_spoken(seen.ticket, actor), says=words, sends=said)

        await self._act(actor, number, rule, ActSubject(draft=draft_key))

    async def note(self, actor: Actor, number: int, text: str) -> None:
        """Keep something among the agents. Never for the customer."""
        if not text.strip():
            raise ActionRefused("There is nothing to note.")
        await self._act(actor, number, lambda _: Act(note=text.strip()))

    async def revise_note(self, key: str, text: str) -> None:
        """The message that a note was written as says something else now, or nothing any more."""
        await self._store.write(notes.revise_note, key, text)

    async def tag(self, actor: Actor, number: int, words: Sequence[str]) -> None:
        """Mark the ticket with tags, in lower case, each once."""
        wanted = [word.strip("#,").lower()[:LONGEST_TAG] for word in words]

        def rule(seen: SeenTicket) -> Act:
            tags = list(dict.fromkeys([*seen.ticket.tags, *filter(None, wanted)]))
            if tags == seen.ticket.tags:
                raise ActionRefused(f"{seen.ticket.number} has no new tag from that.")
            if len(tags) > MOST_TAGS:
                raise ActionRefused(f"A ticket has room for {MOST_TAGS} tags.")
            return Act(to={"tags": tags})

        await self._act(actor, number, rule)

    async def edit(
        self, actor: Actor, number: int, seen: Mapping[str, Any], wanted: Mapping[str, Any]
    ) -> None:
        """Change owner, priority, status, wake-up time or link, given what the person saw."""

        def rule(found: SeenTicket) -> Act:
            given = dict(wanted)
            if given.get("assignee_id") and found.ticket.human_since is None:
                given["human_since"] = utc_now()
            return Act(to=given, expecting=seen)

        await self._act(actor, number, rule)

    async def hold(self, actor: Actor, number: int, until: datetime) -> None:
        """Put the ticket aside until a moment (UTC)."""
        await self.edit(actor, number, {}, {"status": "on_hold", "wake_at": until})

    async def merge(self, actor: Actor, number: int, into: int) -> None:
        """Close the ticket in favour of another one, and tell its customer where it goes on."""

        def rule(seen: SeenTicket) -> Act:
            there = seen.target.number if seen.target is not None else ""
            said = phrase("merged", seen.ticket.language, ticket=there)
            return Act(merges=True, tells=self._told(seen.ticket, f"merged:{actor.key}", said))

        await self._act(actor, number, rule, ActSubject(into=into))
        self._cards.touch(into)

    async def rate(self, actor: Actor, number: int, rating: str, comment: str) -> None:
        """The customer says how it went; nobody else can."""

        def rule(seen: SeenTicket) -> Act:
            if seen.ticket.requester_id != actor.who:
                raise ActionRefused("Only the person who asked can rate the answer.")
            # A later word replaces an earlier one.
            key = f"rating:{number}"
            return Act(judgements=[Judgement("rating", after=rating, comment=comment, key=key)])

        await self._act(actor, number, rule)

    async def _act(
        self, actor: Actor, number: int, rule: ActRule, subject: ActSubject | None = None
    ) -> Sequence[str]:
        """Carry it out, and send what it says; the keys of that."""
        ticket, said = await act_once(self._store, actor, number, rule, subject)
        if ticket.human_since is not None:
            # A person has the word: what the bot is writing there ends at once.
            self._streams.stop(ticket.channel_id, ticket.thread_ts, actor.who)
        self._cards.touch(number)
        for key in sorted(said):
            await self._outbox.send(key)
        return said

    def _told(self, ticket: Ticket, key: str, said: str) -> Sequence[OutboxRow]:
        """What the desk itself says to the customer, where it may speak at all."""
        if not self._modes.speaks(ticket.channel_id):
            return ()
        return (OutboxRow(key=key, ticket_id=ticket.ticket_id, text=said),)


async def act_once(
    store: Database, actor: Actor, number: int, rule: ActRule, subject: ActSubject | None = None
) -> tuple[Ticket, Sequence[str]]:
    """An act on a ticket, under the key by which it counts once; the keys of what it says.

    Raises one of `REFUSALS`, having changed nothing.
    """
    try:
        return await store.write(
            acts.carry_out_once, actor.act_key, number, rule, fingerprint, subject
        )
    except AlreadyDone as error:
        raise ActionRepeated(str(error)) from None


def _taken(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    return {
        "assignee_id": ticket.assignee_id or actor.who,
        "human_since": ticket.human_since or utc_now(),
    }


def _spoken(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    """An agent's words are on their way: from now on it is the customer's turn."""
    status = "pending" if ticket.status != "on_hold" else "on_hold"
    return {**_taken(ticket, actor), "status": status}


def too_long(text: str, markup: str | None = None) -> bool:
    """Whether one message cannot hold the words."""
    return max(len(text), len(markup or "")) > LONGEST_ANSWER


def _sendable(text: str, markup: str | None = None) -> None:
    if too_long(text, markup):
        raise ActionRefused(TOO_LONG)


def _undecided(draft: DraftRow, sent: OutboxRow | None) -> None:
    """Refuse when somebody has decided about the draft already."""
    if draft.fate == "waiting":
        return
    if sent is not None:
        who = f"<@{sent.agent_id}>" if sent.agent_id else "Somebody"
        raise ActionRefused(f"{who} has sent this draft already; nothing was sent.")
    if draft.fate == "replaced":
        raise ActionRefused("There is a newer draft on the card; nothing was sent.")
    if draft.fate == "withdrawn":
        raise ActionRefused("The customer deleted the question; nothing was sent.")
    raise ActionRefused("Somebody has answered without this draft; nothing was sent.")


def _alive(ticket: Ticket) -> None:
    if ticket.status in ("solved", "closed"):
        raise ActionRefused(f"{ticket.number} is {ticket.status}: re-open it first.")
