"""The forms people fill in: pure builders. What we must know later travels in the form itself."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from bot.text.phrases import phrase
from bot.workspace.card import Card
from handlers.views.blocks import Block, context, section
from handlers.views.elements import (
    LABEL,
    PARAGRAPH,
    button,
    category_label,
    field,
    line_input,
    option,
    paragraph_input,
    plain_text_object,
    select,
)
from handlers.views.ids import ActionId, FieldId, FormId
from handlers.views.mrkdwn import clipped, local_time

View = dict[str, Any]
Rating = Literal["good", "bad"]

TITLE = 24  # of a modal
SUBJECT = 150
REASONS = {
    "chatter": "Small talk, nothing asked",
    "announcement": "An announcement",
    "not_ours": "Meant for somebody else",
    "duplicate": "Asked before",
    "spam": "Spam",
    "other": "Something else",
}
URGENCIES = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}


def new_ticket_modal(
    categories: Sequence[str],
    *,
    channel: str | None = None,
    category: str | None = None,
    text: str = "",
) -> View:
    """Ask the desk something. `channel` is where, None for a direct message."""
    names = {name: category_label(name) for name in categories}
    about = {"channel": channel}
    blocks = [
        field(FieldId.CATEGORY, "Category", select(names, category)),
        field(FieldId.TITLE, "Title", line_input(most=SUBJECT)),
        field(FieldId.DETAILS, "What happened, and what do you need?", paragraph_input(text)),
        field(FieldId.URGENCY, "Urgency", select(URGENCIES, "normal")),
    ]
    if channel:
        tick = {"type": "checkboxes", "options": [option("yes", "Keep it between me and the desk")]}
        blocks.append(field(FieldId.PRIVATE, "Private", tick, optional=True))
    return form_view(FormId.NEW_TICKET, "New ticket", "Send", about, blocks)


def reply_modal(number: int) -> View:
    """Answer the customer."""
    blocks = [
        field(FieldId.TEXT, "Your answer", paragraph_input("")),
        context("The customer reads it in their thread, under your name."),
    ]
    return form_view(FormId.REPLY, f"Reply in T-{number}", "Send", {"ticket": number}, blocks)


def tell_all_modal(number: int, others: int) -> View:
    """Say the same to everybody who is affected by an incident."""
    people = f"{others} more ticket{'s' if others != 1 else ''}"
    blocks = [
        field(FieldId.TEXT, "What everybody should read", paragraph_input("")),
        context(f"It goes to T-{number} and {people}, each in its thread, under your name."),
    ]
    return form_view(FormId.TELL_ALL, f"Tell all: T-{number}", "Send", {"ticket": number}, blocks)


def edit_draft_modal(number: int, key: str, text: str) -> View:
    """Change a draft before it is sent; a long one stands in several fields."""
    texts = field_pieces(text)
    blocks = [
        field(
            f"{FieldId.TEXT}{place or ''}",
            "The answer" if not place else "…",
            paragraph_input(piece),
        )
        for place, piece in enumerate(texts)
    ]
    about = {"ticket": number, "draft": key, "fields": len(texts)}
    return form_view(FormId.EDIT_DRAFT, f"Draft for T-{number}", "Send", about, blocks)


def not_a_request_modal(number: int) -> View:
    """Say why a message needed no ticket."""
    blocks = [
        field(FieldId.REASON, "What is it?", select(REASONS, None)),
        field(FieldId.COMMENT, "Anything to add?", paragraph_input(""), optional=True),
    ]
    about = {"ticket": number}
    return form_view(FormId.NOT_A_REQUEST, "Not a request", "Close ticket", about, blocks)


def more_modal(ticket: Card) -> View:
    """Everything else: owner, priority, a rest until later, a link; merging and the reasons."""
    number = str(ticket.ticket_id)
    people: Block = {"type": "users_select"}
    if ticket.owner:
        people["initial_user"] = ticket.owner
    address: Block = {"type": "url_text_input"}
    if ticket.link:
        address["initial_value"] = ticket.link
    resting = f"On hold until {local_time(ticket.wake_at)}." if ticket.wake_at else "Not on hold."
    blocks = [
        field(FieldId.OWNER, "Owner", people, optional=True),
        field(FieldId.PRIORITY, "Priority", select(URGENCIES, ticket.priority)),
        field(
            FieldId.WAKE,
            "Snooze for",
            line_input(hint="2d, 4h, or 2026-12-01", most=20),
            optional=True,
        ),
        context(resting),
        field(FieldId.LINK, "Linked issue", address, optional=True),
        {
            "type": "actions",
            "block_id": f"ticket:{number}",
            "elements": [
                button(ActionId.MERGE, "Merge…", number),
                button(ActionId.WHY, "Why?", number),
            ],
        },
    ]
    about = {
        "ticket": ticket.ticket_id,
        "owner": ticket.owner,
        "priority": ticket.priority,
        "link": ticket.link,
    }
    return form_view(FormId.MORE, f"{ticket.number}: more", "Save", about, blocks)


def merge_modal(number: int) -> View:
    """Choose the ticket that this one is the same as."""
    search = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain_text_object("A number, or words of its title"),
    }
    blocks = [
        field(FieldId.TARGET, f"T-{number} is the same as", search),
        context("It is closed, and what its customer says next belongs to the other ticket."),
    ]
    return form_view(FormId.MERGE, f"Merge T-{number}", "Merge", {"ticket": number}, blocks)


def rating_modal(number: int, rated: Rating, language: str | None) -> View:
    """What the customer wants to add to a rating, asked in their language."""
    more = phrase("tell_more", language)
    blocks = [
        context(phrase(rated, language)),
        field(FieldId.COMMENT, more, paragraph_input(""), optional=True),
    ]
    about = {"ticket": number, "rating": rated}
    send = phrase("send", language)
    form = form_view(FormId.RATING, phrase("rated", language), send, about, blocks)
    return {**form, "close": plain_text_object(phrase("cancel", language))}


def feedback_modal(number: int, about: str) -> View:
    """Why an answer was not helpful."""
    blocks = [
        context("👎 Thank you for telling us."),
        field(
            FieldId.COMMENT, "What was wrong with the answer?", paragraph_input(""), optional=True
        ),
    ]
    kept = {"ticket": number, "about": about}
    return form_view(FormId.FEEDBACK, "Not helpful", "Send", kept, blocks)


def reading_modal(title: str, blocks: list[Block]) -> View:
    """Something to read, with nothing to send off."""
    return {"type": "modal", "title": plain_text_object(clipped(title, TITLE)), "blocks": blocks}


def notice_modal(title: str, sentence: str) -> View:
    """A sentence for the one who pressed something in a form."""
    return reading_modal(title, [section(sentence)])


def ticket_options(tickets: Iterable[tuple[int, str]]) -> list[Block]:
    """Tickets to choose from, by number and title."""
    return [
        option(str(number), clipped(f"T-{number} · {title or 'no title yet'}", LABEL))
        for number, title in tickets
    ]


def draft_text(values: dict[str, Any], fields: int) -> str:
    """The text of an edited draft, put together from its fields."""
    names = [f"{FieldId.TEXT}{place or ''}" for place in range(fields)]
    typed = [str(((values.get(each) or {}).get(each) or {}).get("value") or "") for each in names]
    return "\n".join(piece for piece in typed if piece.strip()).strip()


def form_view(
    form: FormId, title: str, submit: str, about: dict[str, Any], blocks: list[Block]
) -> View:
    """A form to send off; `about` comes back with it."""
    return {
        "type": "modal",
        "callback_id": form,
        "private_metadata": json.dumps(about),
        "title": plain_text_object(clipped(title, TITLE)),
        "submit": plain_text_object(submit),
        "close": plain_text_object("Cancel"),
        "blocks": blocks,
    }


def field_pieces(text: str) -> list[str]:
    """A text in pieces that fit into a field each, cut at line ends where there are any."""
    cut_off: list[str] = []
    rest = text
    while len(rest) > PARAGRAPH:
        cut = rest.rfind("\n", 1, PARAGRAPH)
        cut = cut if cut > 0 else PARAGRAPH
        cut_off.append(rest[:cut])
        rest = rest[cut:].removeprefix("\n")
    return [*cut_off, rest]
