"""A ticket as its card shows it: pure, from what the store knows of it."""

from collections.abc import Sequence
from typing import Any

from bot.config.desk import Desk
from bot.knowledge.citations import CitedArticle
from bot.messages.inbound import file_titles
from bot.messages.outcomes import SPOKEN
from bot.text.money import parts_text
from bot.tickets.sla import next_target
from bot.workspace.card import Card, CardDraft, CardLink, CardProposal, CardReasoning
from storage.cards.cards import CardFacts
from storage.tickets import bursts
from storage.tickets.messages import Revised
from storage.tickets.outbox import DraftRow
from storage.tickets.proposals import ProposalRow
from storage.tickets.tables import Decision, Message

# A card shows less; that it does is for it to say.
QUOTE_LENGTH = 3_000
# Proposals that a card shows: those that wait, oldest first, and the newest of the settled ones.
PROPOSALS = 3
# Outcomes of messages that nothing was made of.
NO_REASONING = ("noted", "joined", "cancelled", "left_alone")
NOT_A_REQUEST = "not_a_request"  # the tag of a ticket that was none


def wants_card(facts: CardFacts, desk: Desk) -> bool:
    """Whether the agents should see the ticket: not one that is only shadowed or was withdrawn.

    With `cards = "people"` a ticket that the bot settled alone gets no card either.
    """
    ticket = facts.ticket
    if facts.row is not None or ticket.human_since or ticket.assignee_id:
        return True
    if ticket.handed_over_at and facts.decisions:
        # Without a decision its story is on its way, and has nothing to say to the agents yet.
        return True
    if desk.desk.cards == "people":
        return False
    return any(each.outcome in SPOKEN for each in facts.decisions)


def draw_card(facts: CardFacts, desk: Desk) -> Card:
    """The card of a ticket, from what the store knew of it."""
    ticket = facts.ticket
    first = next((each for each in facts.said if each.author == "customer"), None)
    opening = [each for each in facts.said if first and (each is first or _joined(each, first))]
    shown = [each for each in opening if facts.revised.get(each.key) != "deleted"]
    return Card(
        ticket_id=ticket.ticket_id,
        version=ticket.version,
        title=ticket.title,
        requester=ticket.requester_id,
        earlier=facts.counts.earlier,
        channel=ticket.channel_id,
        ts=ticket.thread_ts,
        quote="\n".join(each.text for each in shown if each.text)[:QUOTE_LENGTH],
        files=tuple(name for each in shown for name in file_titles(each.files)),
        revised=_revised(facts, opening),
        status=ticket.status,
        priority=ticket.priority,
        owner=ticket.assignee_id,
        opened_at=ticket.opened_at,
        category=ticket.intent,
        categories=tuple(intent.name for intent in desk.intents),
        thought=_thought(facts),
        draft=_proposal(facts.draft) if facts.draft is not None else None,
        proposals=tuple(_change(each, desk) for each in _shown(facts.proposals)),
        waiting=sum(each.fate == "waiting" for each in facts.proposals),
        handed_over=ticket.handed_over_at is not None,
        silenced=ticket.human_since is not None,
        due=ticket.due_at or (next_target(facts.clock, desk.service) if facts.clock else None),
        late=ticket.late is not None,
        wake_at=ticket.wake_at,
        tags=tuple(tag for tag in ticket.tags if tag != NOT_A_REQUEST),
        link=ticket.link,
        links=tuple(CardLink(name=name, template=to) for name, to in desk.links.items()),
        merged_into=ticket.merged_into,
        incident=ticket.incident_id,
        affected=facts.counts.parts,
        dismissed=NOT_A_REQUEST in ticket.tags,
        **_end(facts),
    )


def _revised(facts: CardFacts, opening: Sequence[Message]) -> Revised | None:
    """Whether what opened the ticket is no longer as it was sent: gone as a whole, or edited."""
    became = [facts.revised.get(each.key) for each in opening]
    if not any(became):
        return None
    return "deleted" if all(each == "deleted" for each in became) else "edited"


def _joined(message: Message, first: Message) -> bool:
    """Whether a message was more of the first one, and answered with it."""
    return message.part_of == first.key and message.outcome in (None, bursts.JOINED)


def _end(facts: CardFacts) -> dict[str, Any]:
    """Who brought the ticket to its end, and when."""
    ticket, ended = facts.ticket, facts.ended
    if ticket.status not in ("solved", "closed"):
        return {}
    if ended is None:
        return {"ended_at": ticket.solved_at or ticket.status_since}
    return {"ended_by": ended.who, "ended_at": ended.at}


def _thought(facts: CardFacts) -> CardReasoning:
    decided, ticket = facts.decisions, facts.ticket
    latest = next((each for each in reversed(decided) if each.outcome not in NO_REASONING), None)
    triage = (latest.triage if latest else None) or {}
    return CardReasoning(
        intent=triage.get("intent") or ticket.intent,
        confidence=triage.get("confidence", ticket.confidence),
        model=latest.model if latest else None,
        reason=latest.reason if latest else "",
        outcome=latest.outcome if latest else "",
        nano_dollars=facts.counts.nano_dollars,
        **_notes(latest),
    )


def _notes(latest: Decision | None) -> dict[str, Any]:
    """What the gate leaves to the agents: its doubts about a draft, or what was found instead."""
    gate = (latest.gate if latest else None) or {}
    notes: dict[str, Any] = {"faults": [each["told"] for each in gate.get("faults", ())]}
    notes["lookups"] = gate.get("lookups", ())
    if gate.get("outcome") == "hand_over":
        notes |= {"unknown": gate.get("unknown", ""), "found": gate.get("found", ())}
    return notes


def _shown(rows: Sequence[ProposalRow]) -> Sequence[ProposalRow]:
    """Those for which there is room; what waits for a person is never hidden by what does not."""
    waiting = [row for row in rows if row.fate == "waiting"][:PROPOSALS]
    others = [row for row in rows if row.fate != "waiting"]
    newest = others[max(len(others) - (PROPOSALS - len(waiting)), 0) :]
    return [row for row in rows if row in (*waiting, *newest)]


def _change(row: ProposalRow, desk: Desk) -> CardProposal:
    tool = desk.tools.get(row.tool)
    check = desk.tools.get(tool.check) if tool else None
    unit = check.units.get(tool.amount, "") if tool and check else ""
    return CardProposal(
        key=row.key,
        edition=row.edition,
        what=row.what,
        why=row.why,
        before=tuple(row.before),
        after=tool.done_text(row.arguments, "en") if tool else "",
        worth="" if row.amount is None else f"{parts_text(row.amount)} {unit}".strip(),
        fate=row.fate,
        missing=row.people - len(row.approvals),
        result=row.result,
    )


def _proposal(draft: DraftRow) -> CardDraft:
    return CardDraft(
        key=draft.message_key,
        text=draft.text,
        sources=tuple(CitedArticle.model_validate(each) for each in draft.sources),
        model=draft.model,
    )
