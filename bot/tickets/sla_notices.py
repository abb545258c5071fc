"""What is said when a timer comes: the SLA's notices to the agents, the follow-up to the customer.

Pure: `sla` decides what is due and `timers` has it written down; here is what becomes of each step.
"""

from collections.abc import Callable

from bot.text.phrases import Phrase, phrase
from bot.tickets.sla import TimerStep
from storage.tickets.due import TimerAct
from storage.tickets.outbox import OutboxRow
from storage.tickets.values import DueTicket


def timer_act(ticket: DueTicket, step: TimerStep, speaks: Callable[[str], bool]) -> TimerAct:
    """What a step does to its ticket, and what it says.

    `speaks` tells whether the bot may say anything to customers in a channel.
    """
    match step.kind:
        case "wake":
            told = f"⏰ {ticket.number} has woken up: it is open again."
            return TimerAct(to={"status": "open"}, says=_notice(ticket, step, told))
        case "remind":
            said = _tell(ticket, step, "reminder", speaks)
            return TimerAct(audit=("reminder", "sent"), says=said)
        case "close":
            silent = ticket.status == "solved"
            closing = None if silent else _tell(ticket, step, "closing", speaks)
            return TimerAct(to={"status": "closed"}, says=closing)
        case "ask_rating":
            said = _tell(ticket, step, "rating", speaks)
            return TimerAct(audit=("rating", "asked"), says=said)
        case "warn":
            told = f"⏳ {_promise(ticket, step)} is due soon."
            return TimerAct(audit=("warning", step.promise or ""), says=_notice(ticket, step, told))
        case "miss":
            told = f"🚨 {_promise(ticket, step)} is late."
            return TimerAct(to={"late": step.promise}, says=_notice(ticket, step, told))


def _promise(ticket: DueTicket, step: TimerStep) -> str:
    return f"{ticket.number} ({ticket.priority} priority): the {step.promise}"


def _notice(ticket: DueTicket, step: TimerStep, text: str) -> OutboxRow:
    """For the agents: it stands under the ticket's card, and calls its owner."""
    return OutboxRow(
        key=_key(ticket, step),
        ticket_id=ticket.ticket_id,
        agent_id=ticket.assignee_id,
        kind="note",
        text=text,
    )


def _tell(
    ticket: DueTicket, step: TimerStep, name: Phrase, speaks: Callable[[str], bool]
) -> OutboxRow | None:
    """For the customer, in their language, where the bot may speak at all."""
    if not speaks(ticket.channel_id):
        return None
    return OutboxRow(
        key=_key(ticket, step),
        ticket_id=ticket.ticket_id,
        kind="rating" if name == "rating" else "words",
        text=phrase(name, ticket.language, ticket=ticket.number),
    )


def _key(ticket: DueTicket, step: TimerStep) -> str:
    """What makes an announcement one: the same step for the same moment is said once."""
    about = f"{step.kind}:{step.promise}" if step.promise else step.kind
    return f"{about}:{ticket.ticket_id}:{step.due:%Y%m%dT%H%M%S}"
