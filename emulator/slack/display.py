"""Blocks and messages drawn as lines of text."""

from collections.abc import Callable, Iterable, Iterator

from emulator.slack.elements import label, options
from emulator.slack.mrkdwn import rendered
from emulator.slack.wire import JSON

Names = Callable[[str], str | None]
RULE = "———"


def lines(blocks: Iterable[JSON], name_of: Names) -> list[str]:
    """What a person reads and can press, line by line."""
    return [line for block in blocks for line in _block(block, name_of) if line.strip()]


def _block(block: JSON, name_of: Names) -> Iterator[str]:
    draw = DRAWN.get(str(block.get("type")), _inlined)
    yield from draw(block, name_of)


def _inlined(block: JSON, name_of: Names) -> Iterator[str]:
    yield from _inline(block, name_of).split("\n")


def _actions(block: JSON, name_of: Names) -> Iterator[str]:
    del name_of
    yield " ".join(pressable(e) for e in block.get("elements", []))


def _context(block: JSON, name_of: Names) -> Iterator[str]:
    yield "  ".join(_inline(e, name_of) for e in block.get("elements", []))


def _divider(block: JSON, name_of: Names) -> Iterator[str]:
    del block, name_of
    yield RULE


def _input(block: JSON, name_of: Names) -> Iterator[str]:
    yield f"{_inline(block.get('label'), name_of)}: {pressable(block['element'])}"


def _table(block: JSON, name_of: Names) -> Iterator[str]:
    for row in block.get("rows", []):
        yield " | ".join(_inline(cell, name_of) for cell in row)


def _container(block: JSON, name_of: Names) -> Iterator[str]:
    yield _inline(block.get("title"), name_of)
    yield from lines(block.get("child_blocks", []), name_of)


def _section(block: JSON, name_of: Names) -> Iterator[str]:
    yield from _inline(block.get("text"), name_of).split("\n")
    for field in block.get("fields", []):
        yield from _inline(field, name_of).split("\n")
    if accessory := block.get("accessory"):
        yield pressable(accessory)


def _card(block: JSON, name_of: Names) -> Iterator[str]:
    for part in ("title", "subtitle", "body"):
        yield _inline(block.get(part), name_of)
    yield " ".join(pressable(e) for e in block.get("actions", []))


def _task(block: JSON, name_of: Names) -> Iterator[str]:
    status = f" ({block['status']})" if block.get("status") else ""
    yield f"{_inline(block.get('title'), name_of)}{status}"
    for task in block.get("tasks", []):
        yield from _task(task, name_of)


def pressable(element: JSON) -> str:
    """An element in brackets: [Button], [Select ▾], [Good] [Bad]."""
    match element.get("type"):
        case "feedback_buttons":
            parts = (element.get("positive_button", {}), element.get("negative_button", {}))
            return " ".join(f"[{label(part)}]" for part in parts)
        case "button" | "icon_button" | "workflow_button":
            return f"[{label(element)}]"
        case "image":
            return f"(image: {element.get('alt_text', '')})"
        case "plain_text_input" | "email_text_input" | "url_text_input" | "number_input":
            return f"[{element.get('initial_value') or label(element)}]"
        case "overflow" | "checkboxes" | "radio_buttons":
            names = [_inline(o.get("text"), lambda _: None) for o in options(element)]
            return f"[{' / '.join(names)}]"
        case _:
            return f"[{label(element)} ▾]"


def _inline(node: object, name_of: Names) -> str:
    if not isinstance(node, dict):
        return node if isinstance(node, str) else ""
    match node.get("type"):
        case "plain_text" | "raw_text" | "raw_number":
            return str(node.get("text"))
        case "mrkdwn" | "markdown":
            return rendered(str(node.get("text")), name_of)
        case "image" | "video":
            return f"(image: {node.get('alt_text', '')})"
        case "rich_text":
            return _rich(node, name_of)
    return _inline(node.get("text"), name_of) or _inline(node.get("title"), name_of)


def _rich(node: JSON, name_of: Names) -> str:
    kind = node.get("type")
    match kind:
        case "text":
            return str(node.get("text", ""))
        case "link":
            return str(node.get("text") or node.get("url", ""))
        case "user" | "usergroup" | "channel":
            known = name_of(str(node.get(f"{kind}_id")))
            return f"{'#' if kind == 'channel' else '@'}{known or node.get(f'{kind}_id')}"
        case "broadcast":
            return f"@{node.get('range')}"
        case "emoji":
            return f":{node.get('name')}:"
    glue = "\n" if kind in ("rich_text", "rich_text_list") else ""
    mark = "• " if kind == "rich_text_list" else ""
    return glue.join(mark + _rich(child, name_of) for child in node.get("elements", []))


DRAWN: dict[str, Callable[[JSON, Names], Iterator[str]]] = {
    "section": _section,
    "actions": _actions,
    "context_actions": _actions,
    "context": _context,
    "divider": _divider,
    "input": _input,
    "table": _table,
    "data_table": _table,
    "container": _container,
    "card": _card,
    "plan": _task,
    "task_card": _task,
}
