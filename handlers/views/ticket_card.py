"""A ticket's card in the agents' channel: a pure builder, open, in one line, or ended."""

from collections.abc import Sequence
from datetime import timedelta

from bot.text.money import dollars
from bot.workspace.card import CARD_QUOTE, Card, CardDraft, CardReasoning
from handlers.views.blocks import (
    FALLBACK,
    Block,
    context,
    header,
    section,
    section_parts,
    sources_line,
)
from handlers.views.card_links import card_links
from handlers.views.elements import button, category_label, plain_text_object, select
from handlers.views.ids import ActionId
from handlers.views.mrkdwn import (
    channel_mention,
    clipped,
    escape,
    harmless_mrkdwn,
    local_time,
    mrkdwn_link,
    person_mention,
)
from handlers.views.proposal import proposal_blocks

# All blocks of a message together may hold some 13,000 characters; the rest leaves room for this.
DRAFT = 7_000
ASIDE = 1_500
DRAFT_PARTS = 3
TITLE = 200
QUOTED = 2_000
REASON = 500
WITHOUT_TITLE = "a message without words"
STATUS = {
    "open": "🟢 Open",
    "pending": "💬 Pending, on the customer",
    "on_hold": "⏸️ On hold",
    "solved": "✅ Solved",
    "closed": "🔒 Closed",
}
REVISED = {"edited": "✏️ _edited by its author_", "deleted": "🗑️ _deleted by its author_"}
HINT = "Reply here with `>` to answer the customer; anything else stays a note among agents."


def card_message(
    ticket: Card, permalink: str | None, apart: str | None = None
) -> tuple[str, list[Block]]:
    """The fallback text and the blocks of a card.

    Full for a person's work, short for the bot's, one line when it has ended. `apart` is what sets
    the requester apart from the workspace's own people.
    """
    where = _where(ticket, permalink, apart)
    fallback = clipped(escape(f"{ticket.number}: {_title(ticket)} ({ticket.status})"), FALLBACK)
    if ticket.ended:
        # Once an incident is over, everybody wants to hear of it.
        everybody = [_actions(ticket, _all(ticket))] if ticket.affected else []
        return fallback, [_ended(ticket), *everybody]
    if ticket.handed_over or ticket.silenced or ticket.draft or ticket.owner:
        return fallback, _full(ticket, where, permalink)
    return fallback, _short(ticket, where)


def _ended(ticket: Card) -> Block:
    if ticket.merged_into:
        what = f"🔀 *{ticket.number}* merged into *T-{ticket.merged_into}*"
    elif ticket.dismissed:
        what = f"🚫 *{ticket.number}* not a request"
    else:
        what = f"{STATUS[ticket.status].split()[0]} *{ticket.number}* {ticket.status}"
    ended = [f"{what} by {_who(ticket.ended_by)}"]
    if ticket.ended_at:
        ended[0] += f" {local_time(ticket.ended_at)}"
        ended.append(_lasted(ticket.ended_at - ticket.opened_at))
    if ticket.revised:
        ended.append(REVISED[ticket.revised])
    ended += [dollars(ticket.thought.nano_dollars), _subject(ticket)]
    again = button(ActionId.REOPEN, "Re-open", str(ticket.ticket_id))
    return {**section(" · ".join(ended)), "accessory": again}


def _short(ticket: Card, where: str) -> list[Block]:
    """A ticket that the bot has dealt with: two lines, and the means to step in."""
    number = str(ticket.ticket_id)
    buttons = [
        button(ActionId.TAKE, "Take", number),
        button(ActionId.SOLVE, "Solve", number),
        button(ActionId.NOT_A_REQUEST, "Not a request", number),
        *_all(ticket),
        button(ActionId.MORE, "More…", number),
    ]
    return [
        section(f"*{ticket.number}* · {_subject(ticket)}\n{where}"),
        context(clipped(f"🤖 {_thought(ticket.thought)}{_marks(ticket)}", ASIDE)),
        _actions(ticket, [*_category(ticket), *buttons]),
    ]


def _full(ticket: Card, where: str, permalink: str | None) -> list[Block]:
    blocks = [
        header(f"{ticket.number} · {_title(ticket)}"),
        section(where),
        section(_quote(ticket, permalink)),
        {"type": "section", "fields": [_field(each) for each in _facts(ticket)]},
        context(clipped(f"🤖 {_thought(ticket.thought)}{_marks(ticket)}", ASIDE)),
    ]
    if ticket.draft:
        blocks += _draft(ticket.draft, ticket.thought.faults)
    blocks += [block for each in ticket.proposals for block in proposal_blocks(ticket, each)]
    blocks += _unseen(ticket)
    blocks += [
        *_notes(ticket.thought),
        _actions(ticket, [*_category(ticket), *_buttons(ticket)]),
        *card_links(ticket, _title(ticket), permalink),
        context(HINT),
    ]
    return blocks


def _unseen(ticket: Card) -> list[Block]:
    """That more changes wait than are shown."""
    unseen = ticket.waiting - sum(each.fate == "waiting" for each in ticket.proposals)
    if not unseen:
        return []
    wait = "more waits" if unseen == 1 else "more wait"
    return [context(f"⚙️ {unseen} {wait}, shown when one of these is decided.")]


def _where(ticket: Card, permalink: str | None, apart: str | None) -> str:
    earlier = f"{ticket.earlier} earlier ticket{'s' if ticket.earlier != 1 else ''}"
    who = f"{person_mention(ticket.requester)}{f' ({apart})' if apart else ''}"
    seen = [
        f"{who} in {channel_mention(ticket.channel)}",
        local_time(ticket.opened_at),
        earlier,
    ]
    if permalink:
        seen.append(mrkdwn_link(permalink, "open the thread"))
    if ticket.link:
        seen.append(mrkdwn_link(ticket.link, "linked issue"))
    if ticket.revised:
        seen.append(REVISED[ticket.revised])
    return " · ".join(seen)


def _quote(ticket: Card, permalink: str | None) -> str:
    """What opened the ticket; what is too long for a card is cut, with a link to all of it."""
    lines = [f">{escape(line)}" for line in clipped(ticket.quote, CARD_QUOTE).splitlines()]
    quoted = clipped("\n".join(lines) or ">_nothing said_", QUOTED)
    if len(ticket.quote) > CARD_QUOTE or quoted.endswith("…"):
        quoted += f"\n{mrkdwn_link(permalink, 'read all of it')}" if permalink else ""
    if ticket.files:
        quoted += f"\n📎 {escape(clipped(', '.join(ticket.files), TITLE))}"
    return quoted


def _facts(ticket: Card) -> list[str]:
    status = STATUS[ticket.status]
    if ticket.wake_at:
        status = f"{status} until {local_time(ticket.wake_at)}"
    due = local_time(ticket.due) if ticket.due else "–"
    owner = _who(ticket.owner) if ticket.owner else "nobody yet"
    return [
        f"*Status*\n{status}",
        f"*Priority*\n{escape(ticket.priority)}",
        f"*Owner*\n{owner}",
        f"*Due*\n{'🔥 missed: ' if ticket.late else ''}{due}",
    ]


def _thought(thought: CardReasoning) -> str:
    said = [escape(thought.intent or "not triaged")]
    if thought.confidence is not None:
        said[0] += f" {thought.confidence:.2f}"
    if thought.model:
        said.append(escape(thought.model))
    said += [dollars(thought.nano_dollars), _outcome(thought)]
    return " · ".join(said)


def _outcome(thought: CardReasoning) -> str:
    reason = harmless_mrkdwn(clipped(thought.reason, REASON))
    told = thought.outcome.replace("_", " ")
    return f"*{told}*: {reason}" if told else reason or "no decision yet"


def _marks(ticket: Card) -> str:
    if ticket.affected:
        more = f"{ticket.affected} more ticket{'s' if ticket.affected != 1 else ''}"
        return f" · 🚨 incident: {more}{_tags(ticket)}"
    if ticket.incident:
        return f" · 🔗 part of incident T-{ticket.incident}{_tags(ticket)}"
    return _tags(ticket)


def _tags(ticket: Card) -> str:
    tags = "".join(f" · `{escape(tag)}`" for tag in ticket.tags)
    return f"{tags} · 🔇 the bot keeps quiet here" if ticket.silenced else tags


def _notes(thought: CardReasoning) -> list[Block]:
    """What is handed over with the ticket: what was found, and what is not known."""
    notes = [f"🔎 {harmless_mrkdwn(clipped(each, REASON))}" for each in thought.lookups]
    if thought.found:
        notes.append(f"📚 Found: {sources_line(thought.found)}")
    if thought.unknown:
        notes.append(f"❓ Not known: {harmless_mrkdwn(clipped(thought.unknown, REASON))}")
    return [context(clipped("\n".join(notes), ASIDE))] if notes else []


def _draft(draft: CardDraft, faults: Sequence[str]) -> list[Block]:
    shown = filter(
        str.strip, section_parts(clipped(harmless_mrkdwn(draft.text), DRAFT), DRAFT_PARTS)
    )
    blocks = [section(f"*Draft* ({escape(draft.model or 'no model')})"), *map(section, shown)]
    if draft.sources:
        blocks.append(context(clipped(f"Sources: {sources_line(draft.sources)}", ASIDE)))
    if faults:
        told = "; ".join(dict.fromkeys(faults))
        blocks.append(context(clipped(f"⚠️ Check before sending: {harmless_mrkdwn(told)}", ASIDE)))
    return blocks


def _buttons(ticket: Card) -> list[Block]:
    number = str(ticket.ticket_id)
    buttons = [
        button(ActionId.TAKE, "Take", number, primary=True),
        button(ActionId.REPLY, "Reply", number),
    ]
    if ticket.owner and ticket.silenced:
        del buttons[0]
    if ticket.draft:
        drafted = f"{number} {ticket.draft.key}"
        buttons.append(button(ActionId.SEND_DRAFT, "Send draft", drafted))
        buttons.append(button(ActionId.EDIT_DRAFT, "Edit draft", drafted))
    buttons.append(button(ActionId.SOLVE, "Solve", number))
    if ticket.silenced:
        buttons.append(button(ActionId.RESUME, "Resume bot", number))
    buttons.append(button(ActionId.NOT_A_REQUEST, "Not a request", number))
    return [*buttons, *_all(ticket), button(ActionId.MORE, "More…", number)]


def _all(ticket: Card) -> list[Block]:
    """One word for everybody, on the card that stands for an incident."""
    if not ticket.affected:
        return []
    return [button(ActionId.TELL_ALL, f"Tell all {ticket.affected + 1}…", str(ticket.ticket_id))]


def _category(ticket: Card) -> list[Block]:
    names = {name: category_label(name) for name in ticket.categories}
    if not names:
        return []
    menu = select(names, ticket.category)
    return [{**menu, "action_id": ActionId.CATEGORY, "placeholder": plain_text_object("Category")}]


def _actions(ticket: Card, elements: list[Block]) -> Block:
    return {"type": "actions", "block_id": f"ticket:{ticket.ticket_id}", "elements": elements}


def _field(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def _title(ticket: Card) -> str:
    return ticket.title or " ".join(ticket.quote.split()) or WITHOUT_TITLE


def _subject(ticket: Card) -> str:
    return escape(clipped(_title(ticket), TITLE))


def _who(user: str | None) -> str:
    """A person by mention; what is no user id is a part of the desk, such as its timer."""
    return "the desk" if user is None else person_mention(user)


def _lasted(span: timedelta) -> str:
    minutes = max(round(span.total_seconds() / 60), 0)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
