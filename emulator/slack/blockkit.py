"""Block Kit's limits: what Slack refuses, and the ids it fills in."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from emulator.slack.known_keys import unknown_keys
from emulator.slack.shapes import BLOCKS, KINDS, MARKDOWN_TOTAL, Items, Node, Str, Text
from emulator.slack.wire import JSON

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100


def problems(
    blocks: list[JSON], most: int = MESSAGE_BLOCKS, refused: Collection[str] = ()
) -> list[str]:
    """Everything Slack would complain of, in its words, with JSON pointers.

    `refused` are types that this workspace does not take.
    """
    found = [*_refused(blocks, refused), *_all(blocks, most)]
    return [f"[ERROR] {what} [json-pointer:{where}]" for what, where in found]


Problem = tuple[str, str]


def _refused(blocks: list[Any], refused: Collection[str]) -> Iterator[Problem]:
    for index, block in enumerate(blocks):
        if isinstance(block, dict) and block.get("type") in refused:
            yield f"unsupported type: {block['type']}", f"/blocks/{index}/type"


def _all(blocks: list[Any], most: int) -> Iterator[Problem]:
    if len(blocks) > most:
        yield f"no more than {most} items allowed", "/blocks"
    for index, block in enumerate(blocks):
        yield from _node(block, BLOCKS, f"/blocks/{index}")
    for block_id in _repeated(blocks, "block_id"):
        yield f"`block_id` {block_id!r} already exists", "/blocks"
    markdown = [b for b in blocks if isinstance(b, dict) and b.get("type") == "markdown"]
    if sum(len(str(b.get("text", ""))) for b in markdown) > MARKDOWN_TOTAL:
        yield f"markdown must be less than {MARKDOWN_TOTAL + 1} characters in all", "/blocks"


def _repeated(nodes: list[Any], name: str) -> list[str]:
    ids = Counter(n[name] for n in nodes if isinstance(n, dict) and n.get(name))
    return [identifier for identifier, times in ids.items() if times > 1]


def _node(node: object, known: dict[str, Node], where: str) -> Iterator[Problem]:
    if not isinstance(node, dict):
        yield "must be an object", where
        return
    shape = known.get(str(node.get("type")))
    if shape is None:
        yield f"unsupported type: {node.get('type')}", f"{where}/type"
        return
    for key in unknown_keys(node):
        yield f"invalid additional property: {key}", where
    for name, rule in shape.items():
        value = node.get(name)
        if value is None:
            if rule.required:
                yield f"missing required field: {name}", where
        else:
            yield from _field(value, rule, f"{where}/{name}")
    if node["type"] == "section" and not (node.get("text") or node.get("fields")):
        yield "missing required field: text or fields", where


def _field(value: object, rule: Text | Str | Items, where: str) -> Iterator[Problem]:
    match rule:
        case Text():
            yield from _text(value, rule, where)
        case Str(longest=longest):
            if not isinstance(value, str):
                yield "must be a string", where
            elif len(value) > longest:
                yield f"must be less than {longest + 1} characters", where
        case Items():
            yield from _items(value, rule, where)


def _text(value: object, rule: Text, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict) or value.get("type") not in rule.types:
        yield f"must be a text object of type {' or '.join(rule.types)}", where
        return
    for key in unknown_keys(value):
        yield f"invalid additional property: {key}", where
    text = value.get("text")
    if not isinstance(text, str) or not text:
        yield "must be more than 0 characters", f"{where}/text"
    elif len(text) > rule.longest:
        yield f"must be less than {rule.longest + 1} characters", f"{where}/text"


def _items(value: object, rule: Items, where: str) -> Iterator[Problem]:
    children = value if rule.many else [value]
    if not isinstance(children, list) or not children:
        yield "must be a list with at least one item", where
        return
    if len(children) > rule.most:
        yield f"no more than {rule.most} items allowed", where
    known = KINDS.get(rule.of)
    for index, child in enumerate(children):
        place = f"{where}/{index}" if rule.many else where
        if known:
            yield from _node(child, known, place)
        elif rule.each:
            yield from _shape(child, rule.each, place)
    for action_id in _repeated(children, "action_id"):
        yield f"`action_id` {action_id!r} already exists", where


def _shape(node: object, shape: Node, where: str) -> Iterator[Problem]:
    yield from _node(
        {**node, "type": "it"} if isinstance(node, dict) else node, {"it": shape}, where
    )


def complete(blocks: list[JSON]) -> list[JSON]:
    """The blocks with the block_ids and action_ids that Slack fills in."""
    return [_completed(block) for block in blocks]


def _completed(block: JSON) -> JSON:
    full = {**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)}
    if block["type"] in ("actions", "context_actions"):
        full["elements"] = [_named(element) for element in block["elements"]]
    for name in ("accessory", "element"):
        if isinstance(inner := block.get(name), dict) and inner.get("type") != "image":
            full[name] = _named(inner)
    return full


def _named(element: JSON) -> JSON:
    return {**element, "action_id": element.get("action_id") or secrets.token_urlsafe(4)}
