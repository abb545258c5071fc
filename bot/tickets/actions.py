"""What people do to a ticket, whatever they press, type or choose.

Every act is one transaction of `storage.actions.acts`: it is noted under its key, so that Slack may
deliver it twice; its rule (`act_rules`) sees the ticket as it stands and answers what is to be
written; whoever is second is told who was faster. Then the card is drawn anew, and what is to be
said goes out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.answers.approved import fingerprint
from bot.answers.streaming import AnswerStreams
from bot.messages.channel_modes import ChannelModes
from bot.messages.inbound import File
from bot.tickets import act_rules as rules
from bot.tickets.act_rules import Actor
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tickets.refusals import ActionRefused, ActionRepeated
from storage.actions import acts
from storage.actions.acts import Act, ActRule, ActSubject, AlreadyDone
from storage.db.database import Database
from storage.intake import idempotency, notes
from storage.tickets import mergers
from storage.tickets.tables import Ticket


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
        self._speaks = modes.speaks
        self._categories = frozenset(intent.name for intent in modes.desk.intents)
        self._streams = streams

    async def take(self, actor: Actor, number: int) -> None:
        """Make the ticket one's own; the bot keeps quiet on it from now on."""
        await self._act(actor, number, partial(rules.take_rule, actor=actor))

    async def resume(self, actor: Actor, number: int) -> None:
        """Give the ticket back to the bot, and tell the customer so."""
        await self._act(actor, number, partial(rules.resume_rule, actor=actor, speaks=self._speaks))

    async def solve(self, actor: Actor, number: int, *, vouches: bool = True) -> None:
        """The customer has what they asked for; a program that says so `vouches` for no answer."""
        await self._act(actor, number, partial(rules.solve_rule, vouches=vouches))

    async def tell_all(self, actor: Actor, number: int, text: str) -> int:
        """Say the same to every customer of an incident; answers how many tickets get it."""
        if not text.strip():
            raise ActionRefused("There is nothing to send: write the words after ?tellall.")
        rules.check_length(text)
        rule = partial(rules.tell_all_rule, actor=actor, text=text)
        return len(await self._act(actor, number, rule))

    async def reopen(self, actor: Actor, number: int) -> None:
        """It was not the end of it."""
        await self._act(actor, number, partial(rules.reopen_rule, actor=actor))

    async def recategorise(self, actor: Actor, number: int, category: str) -> None:
        """Say what the ticket is really about."""
        rule = partial(rules.recategorise_rule, category=category, known=self._categories)
        await self._act(actor, number, rule)

    async def dismiss(self, actor: Actor, number: int, reason: str, comment: str) -> None:
        """It was no request: close the ticket, and let the bot learn from it."""
        rule = partial(rules.dismiss_rule, reason=reason, comment=comment)
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
        rules.check_length(text.strip(), markup)
        there = (await self._store.read(mergers.find_surviving_ticket, number)).ticket_id
        rule = partial(rules.reply_rule, actor=actor, text=text, markup=markup, files=files)
        await self._act(actor, there, rule)
        return there

    async def send_draft(
        self, actor: Actor, number: int, draft_key: str, text: str | None = None
    ) -> None:
        """Send a draft as it is, or with another `text`; a draft goes out once, by one agent."""
        rule = partial(rules.send_draft_rule, actor=actor, text=text)
        await self._act(actor, number, rule, ActSubject(draft=draft_key))

    async def note(self, actor: Actor, number: int, text: str) -> None:
        """Keep something among the agents. Never for the customer."""
        if not text.strip():
            raise ActionRefused("There is nothing to note.")
        await self._act(actor, number, lambda _: Act(note=text.strip()))

    async def revise_note(self, key: str, text: str, edited_ts: str) -> None:
        """The message that a note was written as says something else now, or nothing any more."""
        await self._store.write(notes.revise_note, key, text, edited_ts)

    async def answered(self, key: str) -> None:
        """What somebody typed was answered, be it that nothing was done: it is not again."""
        await self._store.write(idempotency.first_time, idempotency.answered_key(key))

    async def tag(self, actor: Actor, number: int, words: Sequence[str]) -> None:
        """Mark the ticket with tags, in lower case, each once."""
        await self._act(actor, number, partial(rules.tag_rule, words=words))

    async def edit(
        self, actor: Actor, number: int, seen: Mapping[str, Any], wanted: Mapping[str, Any]
    ) -> None:
        """Change owner, priority, status, wake-up time or link, given what the person saw."""
        rule = partial(rules.edit_rule, expecting=seen, wanted=wanted)
        await self._act(actor, number, rule)

    async def hold(self, actor: Actor, number: int, until: datetime) -> None:
        """Put the ticket aside until a moment (UTC)."""
        await self.edit(actor, number, {}, {"status": "on_hold", "wake_at": until})

    async def merge(self, actor: Actor, number: int, into: int) -> None:
        """Close the ticket in favour of another one, and tell its customer where it goes on."""
        rule = partial(rules.merge_rule, actor=actor, speaks=self._speaks)
        await self._act(actor, number, rule, ActSubject(into=into))
        self._cards.touch(into)

    async def rate(self, actor: Actor, number: int, rating: str, comment: str) -> None:
        """The customer says how it went; nobody else can."""
        rule = partial(rules.rate_rule, actor=actor, rating=rating, comment=comment)
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


def merged_answer_text(number: int, there: int) -> str:
    """What an agent reads whose answer went to the ticket that this one was merged into."""
    return (
        f"T-{number} was merged into T-{there}: your answer went to the thread of T-{there}, "
        "and only there."
    )
