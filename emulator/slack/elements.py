"""Blocks as a person meets them: what is spoken, what can be pressed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from emulator.slack.wire import JSON

CONTAINERS = ("elements", "fields", "accessory", "element", "child_blocks", "actions", "rows")


@dataclass(frozen=True)
class Spoken:
    """A text in which mentions are live; in markdown a bare @channel may be, too."""

    text: str
    markdown: bool = False


@dataclass(frozen=True)
class Found:
    """An element of a block that a person can use."""

    block: JSON
    element: JSON

    @property
    def block_id(self) -> str:
        """Where it stands."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """What the app calls it."""
        return str(self.element.get("action_id", ""))


def spoken(blocks: Iterable[JSON]) -> Iterator[Spoken]:
    """Every text of the blocks that parses mentions; plain_text never does."""
    for node in _nodes(list(blocks)):
        match node.get("type"):
            case "mrkdwn":
                yield Spoken(str(node.get("text", "")))
            case "markdown":
                yield Spoken(str(node.get("text", "")), markdown=True)
            case "broadcast":
                yield Spoken(f"<!{node.get('range')}>")
            case "usergroup":
                yield Spoken(f"<!subteam^{node.get('usergroup_id')}>")


def _nodes(value: object) -> Iterator[JSON]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from _nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from _nodes(child)


def usable(blocks: Iterable[JSON]) -> Iterator[Found]:
    """The interactive elements, in the order they stand."""
    for block in blocks:
        for node in _nodes(block):
            if "action_id" in node:
                yield Found(block, node)


def find(blocks: Iterable[JSON], wanted: str) -> Found:
    """The element with this action_id or label, or the one in the block of this block_id.

    Raises LookupError naming what there is.
    """
    choices = list(usable(blocks))
    for found in choices:
        if wanted in (found.action_id, label(found.element)):
            return found
    for found in choices:
        if found.block_id == wanted:
            return found
    there = ", ".join(f"{f.action_id} [{label(f.element)}]" for f in choices) or "none"
    raise LookupError(f"no element {wanted!r}; there is: {there}")


def label(element: JSON) -> str:
    """What is written on a button or in an empty field."""
    for name in ("text", "placeholder"):
        if isinstance(text := element.get(name), dict):
            return str(text.get("text", ""))
    if positive := element.get("positive_button"):
        negative = element.get("negative_button", {})
        return f"{label(positive)} | {label(negative)}"
    return str(element.get("type", ""))


def options(element: JSON) -> list[JSON]:
    """The options of a select, an overflow menu or check boxes, groups flattened."""
    grouped = [o for g in element.get("option_groups", []) for o in g.get("options", [])]
    return [*element.get("options", []), *grouped]


def chosen(element: JSON, value: Any) -> JSON:
    """The state of an element after a person gave it this value.

    Options may be named by value or label; raises LookupError for one that is not offered.
    """
    kind = str(element.get("type"))
    names = {
        "static_select": "selected_option",
        "external_select": "selected_option",
        "radio_buttons": "selected_option",
        "overflow": "selected_option",
        "checkboxes": "selected_options",
        "multi_static_select": "selected_options",
        "multi_external_select": "selected_options",
        "users_select": "selected_user",
        "multi_users_select": "selected_users",
        "conversations_select": "selected_conversation",
        "multi_conversations_select": "selected_conversations",
        "channels_select": "selected_channel",
        "multi_channels_select": "selected_channels",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
    }
    name = names.get(kind, "value")
    if name == "selected_option" and isinstance(value, str):
        value = _option(element, value)
    elif name == "selected_options" and value is not None:
        value = [_option(element, v) if isinstance(v, str) else v for v in value]
    return {"type": kind, name: value}


def _option(element: JSON, wanted: str) -> JSON:
    offered = options(element)
    for option in offered:
        if wanted in (option.get("value"), option.get("text", {}).get("text")):
            return option
    if str(element.get("type", "")).endswith("external_select"):
        return {"text": {"type": "plain_text", "text": wanted}, "value": wanted}
    labels = [option.get("text", {}).get("text") for option in offered]
    raise LookupError(f"no option {wanted!r} in {labels}")


def initial(element: JSON) -> JSON:
    """The state of an element that nobody touched."""
    for name, given in element.items():
        if name.startswith("initial_"):
            state = chosen(element, None)
            state[next(key for key in state if key != "type")] = given
            return state
    empty: list[JSON] | None = [] if element.get("type") == "checkboxes" else None
    return chosen(element, empty)
