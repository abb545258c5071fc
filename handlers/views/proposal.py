"""A change that waits for an agent: as a card shows it, and as the form in which it is edited."""

import re
from collections.abc import Mapping
from typing import Any

from bot.workspace.card import Card, CardProposal
from handlers.views.blocks import Block, context, section
from handlers.views.elements import (
    PARAGRAPH,
    button,
    category_label,
    field,
    line_input,
    paragraph_input,
    select,
)
from handlers.views.ids import ActionId, FieldId, FormId
from handlers.views.modals import View, form_view
from handlers.views.mrkdwn import clipped, escape, harmless_mrkdwn, person_mention

TITLE = 200
TOLD = 300
# What is longer is edited in a field of many lines.
LINE = 80
FIGURE = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# Fifty thousand to some people and fifty to others.
THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
YES_NO = {"true": "Yes", "false": "No"}


def proposal_blocks(ticket: Card, proposal: CardProposal) -> list[Block]:
    """A change to agree to, to edit or to decline; afterwards what came of it."""
    title = f"*{clipped(escape(proposal.what), TITLE)}*"
    if proposal.fate != "waiting":
        result = clipped(harmless_mrkdwn(proposal.result), TOLD)
        return [context(f"⚙️ {title}: {proposal.fate} {result}".strip())]
    worth = f" · worth {escape(proposal.worth)}" if proposal.worth else ""
    more = "" if proposal.missing < 2 else f" · takes {proposal.missing} people"
    edited = " · ✏️ edited" if proposal.edition else ""
    stands = " · ".join(line for part in proposal.before for line in part.splitlines())
    told = {"Why": proposal.why, "It stands": stands, "Afterwards they read": proposal.after}
    lines = [
        clipped(f"{name}: {harmless_mrkdwn(text)}", TOLD) for name, text in told.items() if text
    ]
    first = f"⚙️ {title} for {person_mention(ticket.requester)}{worth}{more}{edited}"
    value = f"{ticket.ticket_id} {proposal.edition} {proposal.key}"
    return [
        section("\n".join([first, *lines])),
        {
            "type": "actions",
            "elements": [
                button(ActionId.DO_IT, "Do it", value, primary=True),
                button(ActionId.EDIT_IT, "Edit", value),
                button(ActionId.DECLINE, "Decline", value),
            ],
        },
    ]


def edit_proposal_modal(
    number: int, pressed: str, what: str, schemas: Mapping[str, Any], arguments: Mapping[str, Any]
) -> View:
    """A field for each argument of a change; for whom it is stands nowhere in it.

    `pressed` is what comes back with the form: which proposal, as which edition.
    """
    fields = [
        field(argument_field(place), category_label(name), _element(schema, arguments.get(name)))
        for place, (name, schema) in enumerate(schemas.items())
    ]
    blocks = [
        context(clipped(escape(what), TITLE)),
        *fields,
        context("It is looked up anew, and nobody has agreed to it yet: press *Do it* afterwards."),
    ]
    about = {"ticket": number, "proposal": pressed}
    return form_view(FormId.EDIT_IT, f"Edit: T-{number}", "Save", about, blocks)


def argument_field(place: int) -> str:
    """The name of the field for an argument of a change, by its place."""
    return f"{FieldId.ARGUMENT}{place}"


def typed_argument(schema: Mapping[str, Any], state: Mapping[str, Any]) -> object:
    """The argument that a field of the form holds, as its schema wants it.

    Raises:
        ValueError: it is no such number.
    """
    chosen = state.get("selected_option")
    typed = str(chosen["value"] if chosen else state.get("value") or "").strip()
    if "enum" in schema:
        return next((each for each in schema["enum"] if str(each) == typed), typed)
    match schema.get("type"):
        case "integer" | "number" if not FIGURE.fullmatch(typed) or THOUSANDS.fullmatch(typed):
            raise ValueError("expected a number")
        case "integer":
            return int(typed)
        case "number":
            return float(typed) if "." in typed else int(typed)
        case "boolean":
            return typed == "true"
        case _:
            return typed


def _element(schema: Mapping[str, Any], value: object) -> Block:
    given = "" if value is None else str(value)
    if schema.get("type") == "boolean":
        return select(YES_NO, given.lower())
    if schema.get("enum"):
        return select({str(each): str(each) for each in schema["enum"]}, given)
    if len(given) > LINE:
        return paragraph_input(given)
    element = line_input(most=PARAGRAPH)
    return {**element, "initial_value": given} if given else element
