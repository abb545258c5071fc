"""Block Kit's limits as tables: docs.slack.dev/reference/block-kit, and the typed SDK."""

from dataclasses import dataclass, field
from typing import Literal

MARKDOWN_TOTAL = 12_000
PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


Kind = Literal["blocks", "words", "controls", "feedback", "accessories", "inputs", "objects"]


@dataclass(frozen=True)
class Text:
    """A text object."""

    longest: int
    types: tuple[str, ...] = PLAIN
    required: bool = False


@dataclass(frozen=True)
class Str:
    """A bare string."""

    longest: int
    required: bool = False


@dataclass(frozen=True)
class Items:
    """Children: blocks, elements, or objects of one shape; `many=False` is a single one."""

    most: int
    of: Kind = "objects"
    each: "Node | None" = field(default=None)
    many: bool = True
    required: bool = False


Node = dict[str, Text | Str | Items]


def one(of: Kind, *, required: bool = False) -> Items:
    """A single child."""
    return Items(1, of, many=False, required=required)


CONFIRM: Node = {
    "title": Text(100, required=True),
    "text": Text(300, ANY_TEXT, required=True),
    "confirm": Text(30),
    "deny": Text(30),
}
OPTION: Node = {
    "text": Text(75, ANY_TEXT, required=True),
    "value": Str(150),
    "description": Text(75, ANY_TEXT),
}
GROUP: Node = {"label": Text(75, required=True), "options": Items(100, each=OPTION, required=True)}
FEEDBACK: Node = {"text": Text(75, required=True), "value": Str(2000)}

BASE: Node = {"action_id": Str(255), "confirm": Items(1, each=CONFIRM, many=False)}
FIELD: Node = {**BASE, "placeholder": Text(150)}
CHOICE: Node = {
    **FIELD,
    "options": Items(100, each=OPTION),
    "option_groups": Items(100, each=GROUP),
}
FEW: Node = {**BASE, "options": Items(10, each=OPTION, required=True)}
BUTTON: Node = {**BASE, "text": Text(75, required=True), "value": Str(2000), "url": Str(3000)}
IMAGE: Node = {"image_url": Str(3000), "alt_text": Str(2000, required=True)}

OTHERS = (
    "external_select",
    "multi_external_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "multi_conversations_select",
    "channels_select",
    "multi_channels_select",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)
WORDS: dict[str, Node] = {
    "image": IMAGE,
    "plain_text": {"text": Str(3000, required=True)},
    "mrkdwn": {"text": Str(3000, required=True)},
}
FEEDBACK_ELEMENTS: dict[str, Node] = {
    "icon_button": {**BASE, "text": Text(75, required=True), "value": Str(2000)},
    "feedback_buttons": {
        **BASE,
        "positive_button": Items(1, each=FEEDBACK, many=False, required=True),
        "negative_button": Items(1, each=FEEDBACK, many=False, required=True),
    },
}
INPUTS: dict[str, Node] = {
    "checkboxes": FEW,
    "radio_buttons": FEW,
    "static_select": CHOICE,
    "multi_static_select": CHOICE,
    "plain_text_input": {**FIELD, "initial_value": Str(3000)},
    **dict.fromkeys(OTHERS, FIELD),
}
CONTROLS: dict[str, Node] = {
    **INPUTS,
    "button": BUTTON,
    "workflow_button": BUTTON,
    "overflow": {**BASE, "options": Items(5, each=OPTION, required=True)},
}

FIELDS = Items(10, each={"text": Str(2000, required=True)})
BLOCKS: dict[str, Node] = {
    "section": {
        "text": Text(3000, ANY_TEXT),
        "fields": FIELDS,
        "accessory": one("accessories"),
        "block_id": Str(255),
    },
    "header": {"text": Text(150, required=True), "block_id": Str(255)},
    "divider": {"block_id": Str(255)},
    "image": {**IMAGE, "title": Text(2000), "block_id": Str(255)},
    "actions": {"elements": Items(25, "controls", required=True), "block_id": Str(255)},
    "context": {"elements": Items(10, "words", required=True), "block_id": Str(255)},
    "context_actions": {"elements": Items(5, "feedback", required=True), "block_id": Str(255)},
    "input": {
        "label": Text(2000, required=True),
        "hint": Text(2000),
        "element": one("inputs", required=True),
        "block_id": Str(255),
    },
    "markdown": {"text": Str(MARKDOWN_TOTAL, required=True)},
    "rich_text": {"elements": Items(1000, required=True), "block_id": Str(255)},
    "table": {"rows": Items(100, required=True), "column_settings": Items(20)},
    "data_table": {"rows": Items(100, required=True)},
    "data_visualization": {"title": Str(50)},
    "video": {"title": Text(200, required=True), "alt_text": Str(2000, required=True)},
    "file": {"external_id": Str(255, required=True)},
    "alert": {"text": Text(3000, ANY_TEXT, required=True)},
    "card": {
        "title": Text(150, ANY_TEXT),
        "subtitle": Text(150, ANY_TEXT),
        "body": Text(200, ANY_TEXT),
    },
    "carousel": {"elements": Items(10, "blocks", required=True)},
    "container": {"child_blocks": Items(10, "blocks", required=True)},
    "task_card": {"task_id": Str(255, required=True), "title": Str(3000, required=True)},
    "plan": {"title": Str(3000, required=True)},
}

KINDS: dict[Kind, dict[str, Node]] = {
    "blocks": BLOCKS,
    "words": WORDS,
    "controls": CONTROLS,
    "feedback": FEEDBACK_ELEMENTS,
    "accessories": {**CONTROLS, "image": IMAGE},
    "inputs": INPUTS,
}
