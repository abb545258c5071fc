"""The agents' part of the day: tickets that need a person are worked from their cards."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.app.bot import Bot
from demo.day import Played
from demo.script import Person
from demo.stage import Stage
from emulator.slack import Message
from storage.cards import cards
from storage.tickets import audit, tickets
from storage.tickets.tables import Change, Ticket


@dataclass(frozen=True)
class Presses:
    """A button on the card of the ticket that the scene `on` opened; a form may follow."""

    who: Person
    label: str
    on: str
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Writes:
    """Words under the card of a ticket: a note, or with `>` an answer, or a macro."""

    who: Person
    text: str
    on: str


@dataclass(frozen=True)
class Worked:
    """What an agent did, the ticket afterwards, and the rows that it left in the audit.

    `heard` counts the threads in which customers were told something.
    """

    act: Presses | Writes
    ticket: Ticket
    changes: tuple[Change, ...]
    heard: int
    told: str | None


WORK: tuple[Presses | Writes, ...] = (
    Presses("mai", "Take", "human"),
    Writes("mai", "Her invoice of 12 November went to the wrong address.", "human"),
    Writes("mai", "> Hi Sara, I have just sent you the invoice again.", "human"),
    Presses("mai", "Solve", "human"),
    Presses("mai", "Re-open", "human"),
    Writes("mai", "?hold 2d", "human"),
    Presses("mai", "Do it", "cancel"),
    Presses("mai", "Send draft", "vip"),
    Presses("mai", "Not a request", "unknown", (("reason_field", "chatter"),)),
    Presses("mai", "Resume bot", "complaint"),
    Presses("mai", "Tell all 3…", "down", (("text_field", "The payment page works again."),)),
    Presses("sara", "Take", "screenshot"),
)


async def work(stage: Stage, bot: Bot, played: Played) -> AsyncIterator[Worked]:
    """Do the agents' work on the tickets of the scenes that were played."""
    for act in WORK:
        before = await _changes(stage, bot, played.scenes[act.on])
        said = _said(stage, played)
        told = await _do(stage, bot, act, played.scenes[act.on])
        ticket = await _ticket(stage, bot, played.scenes[act.on])
        changes = await _changes(stage, bot, played.scenes[act.on])
        heard = _said(stage, played) - said
        yield Worked(act, ticket, changes[len(before) :], heard, told)


async def _do(stage: Stage, bot: Bot, act: Presses | Writes, asked: Message) -> str | None:
    """Act, wait until everything has come to rest, and answer what only the actor was told."""
    card, person = await _card(stage, bot, asked), stage.people[act.who]
    heard = len(stage.slack.ephemerals)
    told: list[str] = []
    match act:
        case Presses() if act.label not in str(card.blocks):
            return "the card has no such button now"
        case Presses():
            outcome = await person.click(card, act.label)
            told = [each.text for each in outcome.responses]
            if act.form:
                (form,) = stage.slack.views(person)
                await person.submit(form, dict(act.form))
        case Writes():
            await person.reply(card, act.text)
    await stage.slack.until(lambda: stage.slack.delivered, timeout=60)
    await bot.pipeline.wait_idle()
    told += [each.text for each in stage.slack.ephemerals[heard:] if each.text not in told]
    return told[0] if told else None


def _said(stage: Stage, played: Played) -> int:
    """How much the bot has said so far where customers ask."""
    bot = stage.slack.bot_user_id
    threads = [stage.slack.thread(each) for each in played.scenes.values() if not each.thread_ts]
    return sum(said.user == bot for thread in threads for said in thread)


async def _card(stage: Stage, bot: Bot, asked: Message) -> Message:
    ticket = await _ticket(stage, bot, asked)
    row = await bot.store.read(cards.card_of_ticket, ticket.ticket_id)
    if row is None:
        raise LookupError(f"{ticket.number} has no card")
    standing = stage.slack.messages(stage.channels["desk"])
    return next(each for each in standing if each.ts == row.ts)


async def _ticket(stage: Stage, bot: Bot, asked: Message) -> Ticket:
    ticket = await bot.store.read(
        tickets.ticket_of_thread, stage.slack.team_id, asked.channel, asked.ts
    )
    if ticket is None:
        raise LookupError("the scene opened no ticket")
    return ticket


async def _changes(stage: Stage, bot: Bot, asked: Message) -> tuple[Change, ...]:
    ticket = await _ticket(stage, bot, asked)
    return tuple(await bot.store.read(audit.ticket_changes, ticket.ticket_id))
