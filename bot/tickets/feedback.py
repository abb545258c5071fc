"""What people make of an automatic answer: it solved it, it takes a person, it was good or bad.

Like `bot.tickets.actions`, each act is one transaction under a key, and raises one of its
`REFUSALS` having changed nothing.
"""

from collections.abc import Callable

from bot.messages.channel_modes import ChannelModes
from bot.text.phrases import Phrase, phrase
from bot.tickets import corrections
from bot.tickets.actions import ActionRefused, Actor, act_once
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from storage.answers import posted
from storage.db.columns import utc_now
from storage.db.database import Database, Session
from storage.tickets import cards, changes, outbox
from storage.tickets.changes import ChangeSource
from storage.tickets.models import Ticket
from storage.tickets.outbox import OutboxRow

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

        def work(session: Session, ticket: Ticket) -> None:
            _check(session, ticket, who, about, place, agent=agent)
            if ticket.status in ("solved", "closed"):
                raise ActionRefused(
                    f"{ticket.number} is {ticket.status} already; nothing was changed."
                )
            corrections.correct_ignored_drafts(session, number, None, who)
            corrections.correct_feedback_choice(session, ticket, about, "solved", who)
            changes.change_ticket(session, ticket, actor.by, status="solved")

        actor = _choice(who, about)
        return await self._act(actor, number, work, "solved_chosen")

    async def person(
        self, who: str, number: int, about: str, place: MessagePlace, *, agent: bool
    ) -> str:
        """It takes a person: the agents get the ticket, and the customer's word for it."""
        keys = {"line": f"person:{about}", "note": f"asked:{about}"}

        def work(session: Session, ticket: Ticket) -> None:
            _check(session, ticket, who, about, place, agent=agent)
            said: Phrase = "added" if ticket.handed_over_at else "handed_over"
            since = ticket.handed_over_at or utc_now()
            corrections.correct_feedback_choice(session, ticket, about, "needs_human", who)
            changes.change_ticket(session, ticket, actor.by, status="open", handed_over_at=since)
            if self._modes.speaks(ticket.channel_id):
                line = phrase(said, ticket.language, ticket=ticket.number)
                outbox.put_in_outbox(
                    session, OutboxRow(key=keys["line"], ticket_id=number, text=line)
                )
            if cards.card_of_ticket(session, number) is not None:
                # A card that is only drawn anew would ring no bell.
                asked = ASKED.format(ticket=ticket.number)
                outbox.put_in_outbox(
                    session, OutboxRow(key=keys["note"], ticket_id=number, kind="note", text=asked)
                )

        actor = _choice(who, about)
        told = await self._act(actor, number, work, "person_chosen")
        for key in keys.values():
            await self._outbox.send(key)
        return told

    async def opinion(self, actor: Actor, number: int, about: str, opinion: str, why: str) -> None:
        """A thumb for the answer; the latest word of each person counts."""
        if opinion not in ("good", "bad"):
            raise ActionRefused("There is no such opinion. Nothing was changed.")

        def work(session: Session, ticket: Ticket) -> None:
            _belongs(session, ticket, about)
            corrections.correct_opinion(session, ticket, about, opinion, why, actor.who)

        await self._store.write(act_once, actor, number, work)
        self._cards.touch(number)

    async def _act(
        self, actor: Actor, number: int, work: Callable[[Session, Ticket], None], told: Phrase
    ) -> str:
        ticket = await self._store.write(act_once, actor, number, work)
        self._cards.touch(number)
        return phrase(told, ticket.language)


def _choice(who: str, about: str) -> Actor:
    """An answer is chosen about once, whoever presses."""
    source: ChangeSource = "thread"
    return Actor(who, source, f"choice:{about}")


def _check(
    session: Session, ticket: Ticket, who: str, about: str, place: MessagePlace, *, agent: bool
) -> None:
    if not agent and ticket.requester_id != who:
        raise ActionRefused(STRANGER)
    _belongs(session, ticket, about)
    if posted.answer_at(session, about, *place) is None:
        raise ActionRefused("This button does not stand under that answer. Nothing was changed.")


def _belongs(session: Session, ticket: Ticket, about: str) -> None:
    post = posted.find_answer(session, about)
    if post is None or post.ticket_id != ticket.id:
        raise ActionRefused(f"{ticket.number} has no such answer. Nothing was changed.")
