"""The elements that people use, as Block Kit: buttons, menus and the fields of forms."""

from collections.abc import Mapping
from typing import Any

from handlers.views.blocks import Block
from handlers.views.mrkdwn import clipped

LABEL = 75  # characters on a button or an option
PARAGRAPH = 3_000  # characters that one field takes


def plain_text_object(text: str) -> dict[str, Any]:
    """Text in which nothing is live."""
    return {"type": "plain_text", "text": text, "emoji": True}


def button(action: str, label: str, value: str, *, primary: bool = False) -> Block:
    """A button; its value comes back with the click."""
    pressed: Block = {
        "type": "button",
        "action_id": action,
        "text": plain_text_object(clipped(label, LABEL)),
        "value": value,
    }
    return {**pressed, "style": "primary"} if primary else pressed


def option(value: str, label: str) -> Block:
    """One of the things to choose from."""
    return {"text": plain_text_object(clipped(label, LABEL)), "value": value}


def select(names: Mapping[str, str], chosen: str | None) -> Block:
    """A menu of values by their labels; `chosen` is preset when it is one of them."""
    menu: Block = {
        "type": "static_select",
        "options": [option(value, label) for value, label in names.items()],
    }
    if chosen is not None and chosen in names:
        menu["initial_option"] = option(chosen, names[chosen])
    return menu


def field(name: str, label: str, element: Block, *, optional: bool = False) -> Block:
    """A field of a form, under one name for its block and its element."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text_object(label),
        "optional": optional,
        "element": {**element, "action_id": name},
    }


def line_input(*, hint: str = "", most: int) -> Block:
    """A field for one line."""
    typed: Block = {"type": "plain_text_input", "max_length": most}
    return {**typed, "placeholder": plain_text_object(hint)} if hint else typed


def paragraph_input(given: str) -> Block:
    """A field for many lines, with what stands in it at first."""
    typed: Block = {"type": "plain_text_input", "multiline": True, "max_length": PARAGRAPH}
    return {**typed, "initial_value": given[:PARAGRAPH]} if given else typed


def category_label(name: str) -> str:
    """A category's name as people read it."""
    return name.replace("_", " ").capitalize()
