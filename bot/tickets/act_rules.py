"""The rule of each act: what it makes of a ticket as it stands, or the sentence that refuses it.

Rules wait for nothing and ask nobody. Each sees the ticket within the transaction of
`storage.actions.acts`, answers an `Act`, or raises `ActionRefused`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.messages.inbound import File
from bot.text.phrases import phrase
from bot.tickets.card_state import NOT_A_REQUEST
from bot.tickets.incident_links import incident_over
from bot.tickets.refusals import ActionRefused
from storage.actions.acts import Act, ActKey, Judgement, SeenTicket
from storage.db.columns import utc_now
from storage.tickets.audit import ChangeBy, ChangeSource
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.tables import Ticket

LONGEST_TAG = 40
LONGEST_ANSWER = 12_000  # Slack refuses some 13,000 characters in the blocks of one message
MOST_TAGS = 20

# Whether the desk may say anything of its own in a channel.
Speaks = Callable[[str], bool]


@dataclass(frozen=True)
class Actor:
    """Who acts, from where, and the key under which this act counts once."""

    who: str
    source: ChangeSource
    key: str

    @property
    def act_key(self) -> ActKey:
        return ActKey(ChangeBy(self.who, self.source), self.key)


def take_rule(seen: SeenTicket, actor: Actor) -> Act:
    """The ticket is theirs, unless somebody else has it."""
    ticket = seen.ticket
    _alive(ticket)
    mine = ticket.assignee_id == actor.who
    if mine and ticket.human_since:
        raise ActionRefused(f"{ticket.number} is yours already.")
    expecting = {"assignee_id": ticket.assignee_id if mine else None}
    return Act(to=_taken(ticket, actor), expecting=expecting)


def resume_rule(seen: SeenTicket, actor: Actor, speaks: Speaks) -> Act:
    """Nobody has the ticket, and the customer hears that the bot is back."""
    ticket = seen.ticket
    _alive(ticket)
    if ticket.human_since is None:
        raise ActionRefused(f"The bot is at work on {ticket.number} already.")
    said = phrase("resumed", ticket.language)
    return Act(
        to={"human_since": None, "assignee_id": None},
        tells=_told(ticket, f"resumed:{actor.key}", said, speaks),
    )


def solve_rule(seen: SeenTicket, *, vouches: bool = True) -> Act:
    """It is solved; of an incident, agents are told who else asked."""
    if seen.ticket.status == "solved":
        raise ActionRefused(f"{seen.ticket.number} is solved already.")
    return Act(
        to={"status": "solved"},
        ignores=True,
        solves=vouches,
        tells=incident_over(seen.ticket, seen.linked),
    )


def tell_all_rule(seen: SeenTicket, actor: Actor, text: str) -> Act:
    """The same words in every ticket of the incident, the one that stands for all included."""
    if not seen.linked:
        raise ActionRefused(f"{seen.ticket.number} is no incident: nothing is linked to it.")
    parent = seen.ticket.incident_id or seen.ticket.ticket_id
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


def reopen_rule(seen: SeenTicket, actor: Actor) -> Act:
    """It is open, and a request after all."""
    if seen.ticket.status not in ("solved", "closed"):
        raise ActionRefused(f"{seen.ticket.number} is open already.")
    tags = [tag for tag in seen.ticket.tags if tag != NOT_A_REQUEST]
    why = f"re-opened from the {actor.source}"
    return Act(to={"status": "open", "tags": tags}, reopened=why)


def recategorise_rule(seen: SeenTicket, category: str, known: Collection[str]) -> Act:
    """Another of the `known` categories, kept as a correction of triage."""
    if category not in known:
        raise ActionRefused(f"{category} is no category of this desk.")
    before = seen.ticket.intent
    if category == before:
        raise ActionRefused(f"{seen.ticket.number} is {category} already.")
    judged = Judgement("category", before=before, after=category)
    return Act(to={"intent": category}, judgements=[judged])


def dismiss_rule(seen: SeenTicket, reason: str, comment: str) -> Act:
    """Closed as no request, kept as a correction of triage."""
    ticket = seen.ticket
    _alive(ticket)
    judged = Judgement("not_a_request", before=ticket.intent, after=reason, comment=comment)
    tags = [*ticket.tags, NOT_A_REQUEST]
    return Act(to={"status": "closed", "tags": tags}, judgements=[judged], ignores=True)


def reply_rule(
    seen: SeenTicket, actor: Actor, text: str, markup: str | None = None, files: Sequence[File] = ()
) -> Act:
    """An agent's words to the customer and the files with them, said instead of any draft."""
    words = OutboxRow(
        key=actor.key,
        ticket_id=seen.ticket.ticket_id,
        agent_id=actor.who,
        text=text.strip(),
        markup=markup,
        files=[each.model_dump() for each in files],
    )
    return Act(to=_spoken(seen.ticket, actor), says=words, ignores=True, instead=text)


def send_draft_rule(seen: SeenTicket, actor: Actor, text: str | None) -> Act:
    """The draft that the act is about, as it is or with another `text`, if it waits still."""
    draft = seen.draft
    if draft is None or draft.ticket_id != seen.ticket.ticket_id:
        raise ActionRefused(f"{seen.ticket.number} has no such draft.")
    _undecided(draft, seen.sent)
    said = (draft.text if text is None else text).strip()
    check_length(said)
    words = OutboxRow(
        key=f"draft:{draft.message_key}",
        ticket_id=seen.ticket.ticket_id,
        agent_id=actor.who,
        text=said,
        sources=draft.sources,
    )
    return Act(to=_spoken(seen.ticket, actor), says=words, sends=said)


def tag_rule(seen: SeenTicket, words: Sequence[str]) -> Act:
    """The tags with those that are new, in lower case, each once."""
    wanted = [word.strip("#,").lower()[:LONGEST_TAG] for word in words]
    tags = list(dict.fromkeys([*seen.ticket.tags, *filter(None, wanted)]))
    if tags == seen.ticket.tags:
        raise ActionRefused(f"{seen.ticket.number} has no new tag from that.")
    if len(tags) > MOST_TAGS:
        raise ActionRefused(f"A ticket has room for {MOST_TAGS} tags.")
    return Act(to={"tags": tags})


def edit_rule(seen: SeenTicket, expecting: Mapping[str, Any], wanted: Mapping[str, Any]) -> Act:
    """The columns as wanted; a ticket that gets an owner is in a person's hands."""
    to = dict(wanted)
    if to.get("assignee_id") and seen.ticket.human_since is None:
        to["human_since"] = utc_now()
    return Act(to=to, expecting=expecting)


def merge_rule(seen: SeenTicket, actor: Actor, speaks: Speaks) -> Act:
    """Closed for another one, and the customer hears where it goes on."""
    there = seen.target.number if seen.target is not None else ""
    said = phrase("merged", seen.ticket.language, ticket=there)
    return Act(merges=True, tells=_told(seen.ticket, f"merged:{actor.key}", said, speaks))


def rate_rule(seen: SeenTicket, actor: Actor, rating: str, comment: str) -> Act:
    """How it went, by the one who asked; a later word replaces an earlier one."""
    if seen.ticket.requester_id != actor.who:
        raise ActionRefused("Only the person who asked can rate the answer.")
    key = f"rating:{seen.ticket.ticket_id}"
    return Act(judgements=[Judgement("rating", after=rating, comment=comment, key=key)])


def check_length(text: str, markup: str | None = None) -> None:
    """Raise ActionRefused for words that do not fit into one message, as kept or as shown."""
    if max(len(text), len(markup or "")) > LONGEST_ANSWER:
        raise ActionRefused(f"One message holds {LONGEST_ANSWER:,} characters; please send two.")


def _taken(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    return {
        "assignee_id": ticket.assignee_id or actor.who,
        "human_since": ticket.human_since or utc_now(),
    }


def _spoken(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    """An agent's words are on their way: from now on it is the customer's turn."""
    status = "pending" if ticket.status != "on_hold" else "on_hold"
    return {**_taken(ticket, actor), "status": status}


def _told(ticket: Ticket, key: str, said: str, speaks: Speaks) -> Sequence[OutboxRow]:
    """What the desk itself says to the customer, where it may speak at all."""
    if not speaks(ticket.channel_id):
        return ()
    return (OutboxRow(key=key, ticket_id=ticket.ticket_id, text=said),)


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
