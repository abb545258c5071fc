"""What a person sees in blocks of Block Kit: texts, labels to press, and the block that says so."""

from collections.abc import Iterable, Iterator
from typing import Any

JSON = dict[str, Any]
# What holds a text that is read, by its `type`; the rest of the types hold such.
TEXTS = {"plain_text", "mrkdwn", "markdown", "text", "raw_text", "link"}
PRESSED = {"button", "overflow", "workflow_button"}
CHOSEN = {"static_select", "multi_static_select", "radio_buttons", "checkboxes"}


def texts(blocks: Iterable[JSON]) -> list[str]:
    """Every text that is read, in its order, as it was sent: not what is pressed or chosen."""
    return [text for block in blocks for text in _read(block)]


def elements(blocks: Iterable[JSON], *kinds: str) -> list[JSON]:
    """The interactive elements of these types, in their order; without types all of them."""
    found = [each for block in blocks for each in _elements(block)]
    return [each for each in found if not kinds or each["type"] in kinds]


def buttons(blocks: Iterable[JSON]) -> list[str]:
    """What can be pressed: the labels of buttons and of what an overflow menu offers."""
    return [label for each in elements(blocks, *PRESSED) for label in _labels(each)]


def chosen(element: JSON) -> str | None:
    """The value that a menu shows before anybody chose."""
    option = element.get("initial_option")
    return None if option is None else str(option["value"])


def shown(blocks: Iterable[JSON]) -> str:
    """Everything that can be read on these blocks, a line for each text; labels as `[Label]`."""
    given = list(blocks)
    labels = (label for each in elements(given) for label in _labels(each))
    return "\n".join([*texts(given), *(f"[{label}]" for label in labels)])


def block_saying(blocks: Iterable[JSON], words: str) -> JSON:
    """The one block whose texts hold these words."""
    given = list(blocks)
    found = [block for block in given if any(words in text for text in _read(block))]
    assert len(found) == 1, f"{len(found)} blocks say {words!r}:\n{shown(given)}"
    return found[0]


def _read(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _read(each)
    elif isinstance(node, dict) and node.get("type") not in PRESSED | CHOSEN:
        kind = node.get("type")
        if kind in TEXTS and isinstance(node.get("text"), str):
            yield node["text"]
        elif kind == "user":
            yield f"<@{node['user_id']}>"
        elif kind == "image":
            yield node["alt_text"]
        for name, value in node.items():
            if name not in {"placeholder", "confirm"}:
                yield from _read(value)


def _elements(node: Any) -> Iterator[JSON]:
    if isinstance(node, list):
        for each in node:
            yield from _elements(each)
    elif isinstance(node, dict):
        if "action_id" in node:
            yield node
        else:
            yield from _elements(list(node.values()))


def _labels(element: JSON) -> Iterator[str]:
    if "text" in element:
        yield element["text"]["text"]
    for option in element.get("options", []):
        yield option["text"]["text"]
