"""What people make of an automatic answer: it solved it, it takes a person, it was good or bad.

Like those of `bot.tickets.actions`, each act is one transaction under a key, and raises one of the
`REFUSALS` having changed nothing.
"""

from collections.abc import Sequence

from bot.messages.channel_modes import ChannelModes
from bot.text.phrases import Phrase, phrase
from bot.tickets.act_rules import Actor
from bot.tickets.actions import act_once
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tickets.refusals import ActionRefused
from storage.actions.acts import Act, ActRule, ActSubject, Judgement, SeenTicket
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets.audit import ChangeSource
from storage.tickets.corrections import CorrectionKind
from storage.tickets.outbox import OutboxRow
from storage.tickets.tables import Ticket

STRANGER = "Only the person who asked, or an agent, can choose this. Nothing was changed."
ASKED = "🙋 {ticket}: a person is asked for, under the bot's answer."

MessagePlace = tuple[str, str]


class AnswerFeedback:
    """The acts under an answer. `about` is the key of the message that was answered."""

    def __init__(
        self, store: Database, drawn: CardKeeper, outgoing: Outbox, modes: ChannelModes
    ) -> None:
        self._store = store
        self._cards = drawn
        self._outbox = outgoing
        self._modes = modes

    async def solved(
        self, who: str, number: int, about: str, place: MessagePlace, *, agent: bool
    ) -> str:
        """It solved it: so is the ticket. Answers the line that says so in the thread."""

        def rule(seen: SeenTicket) -> Act:
            _check(seen, who, agent=agent)
            ticket = seen.ticket
            if ticket.status in ("solved", "closed"):
                raise ActionRefused(
                    f"{ticket.number} is {ticket.status} already; nothing was changed."
                )
            return Act(to={"status": "solved"}, ignores=True, judgements=[_chosen("solved", about)])

        return await self._act(_choice(who, about), number, rule, about, place, "solved_chosen")

    async def person(
        self, who: str, number: int, about: str, place: MessagePlace, *, agent: bool
    ) -> str:
        """It takes a person: the agents get the ticket, and the customer's word for it."""

        def rule(seen: SeenTicket) -> Act:
            _check(seen, who, agent=agent)
            since = seen.ticket.handed_over_at or utc_now()
            return Act(
                to={"status": "open", "handed_over_at": since},
                judgements=[_chosen("needs_human", about)],
                tells=[*self._line(seen.ticket, about), *_bell(seen, about)],
            )

        return await self._act(_choice(who, about), number, rule, about, place, "person_chosen")

    async def opinion(self, actor: Actor, number: int, about: str, opinion: str, why: str) -> None:
        """A thumb for the answer; the latest word of each person counts."""
        if opinion not in ("good", "bad"):
            raise ActionRefused("There is no such opinion. Nothing was changed.")

        def rule(seen: SeenTicket) -> Act:
            _belongs(seen)
            key = f"feedback:{about}:{actor.who}"
            judged = Judgement("feedback", after=opinion, comment=why, key=key, about=about)
            return Act(judgements=[judged])

        await act_once(self._store, actor, number, rule, ActSubject(about=about))
        self._cards.touch(number)

    async def _act(
        self,
        actor: Actor,
        number: int,
        rule: ActRule,
        about: str,
        place: MessagePlace,
        told: Phrase,
    ) -> str:
        subject = ActSubject(about=about, place=place)
        ticket, said = await act_once(self._store, actor, number, rule, subject)
        self._cards.touch(number)
        for key in said:
            await self._outbox.send(key)
        return phrase(told, ticket.language)

    def _line(self, ticket: Ticket, about: str) -> Sequence[OutboxRow]:
        """What the customer hears, where the desk may speak at all."""
        if not self._modes.speaks(ticket.channel_id):
            return ()
        said: Phrase = "added" if ticket.handed_over_at else "handed_over"
        line = phrase(said, ticket.language, ticket=ticket.number)
        return (OutboxRow(key=f"person:{about}", ticket_id=ticket.ticket_id, text=line),)


def _bell(seen: SeenTicket, about: str) -> Sequence[OutboxRow]:
    """What the agents hear: a card that is only drawn anew would ring no bell."""
    if not seen.card:
        return ()
    number, text = seen.ticket.ticket_id, ASKED.format(ticket=seen.ticket.number)
    return (OutboxRow(key=f"asked:{about}", ticket_id=number, kind="note", text=text),)


def _chosen(kind: CorrectionKind, about: str) -> Judgement:
    return Judgement(kind, key=f"{kind}:{about}", about=about)


def _choice(who: str, about: str) -> Actor:
    """An answer is chosen about once, whoever presses."""
    source: ChangeSource = "thread"
    return Actor(who, source, f"choice:{about}")


def _check(seen: SeenTicket, who: str, *, agent: bool) -> None:
    if not agent and who not in (seen.ticket.requester_id, seen.asker):
        raise ActionRefused(STRANGER)
    _belongs(seen)
    if not seen.in_place:
        raise ActionRefused("This button does not stand under that answer. Nothing was changed.")


def _belongs(seen: SeenTicket) -> None:
    if seen.answer is None or seen.answer.ticket_id != seen.ticket.id:
        raise ActionRefused(f"{seen.ticket.number} has no such answer. Nothing was changed.")
