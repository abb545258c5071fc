"""What the API rejects in system prompts and messages: roles, blocks, citations, breakpoints."""

from collections.abc import Iterator

from emulator.claude.errors import Json, invalid
from emulator.claude.models import Model
from emulator.claude.pictures import check_pictures
from emulator.claude.request import blocks
from emulator.claude.tool_turns import check_tool_turns

BREAKPOINTS = 4

_USER_BLOCKS = frozenset({"text", "image", "document", "search_result", "tool_result"})
_ASSISTANT_BLOCKS = frozenset({"text", "thinking", "redacted_thinking", "tool_use"})


def check_content(body: Json, model: Model) -> None:
    """Rejects messages and system prompts the API does not take.

    Raises:
        Refused: 400 with the block's path in front of the message.
    """
    _check_system(body.get("system"))
    messages = body.get("messages")
    if not isinstance(messages, list):
        raise invalid("messages: Field required")
    if not messages:
        raise invalid("messages: at least one message is required")
    for index, turn in enumerate(messages):
        _check_turn(turn, f"messages.{index}")
    _check_ends(messages, model)
    check_pictures(_pictures(messages))
    _check_citations(body, messages)
    check_tool_turns(messages)
    _check_breakpoints(body)


def _check_system(system: object) -> None:
    if system is not None and not isinstance(system, str | list):
        raise invalid("system: Input should be a string or a list of text blocks")
    for index, block in enumerate(blocks(system)):
        _check_text(block, f"system.{index}")


def _check_turn(turn: object, where: str) -> None:
    if not isinstance(turn, dict):
        raise invalid(f"{where}: Input should be an object")
    role, content = turn.get("role"), turn.get("content")
    if role not in ("user", "assistant", "system"):
        raise invalid(f"{where}.role: Input should be 'user' or 'assistant'")
    if not isinstance(content, str | list):
        raise invalid(f"{where}.content: Field required")
    if not content:
        raise invalid(f"{where}: all messages must have non-empty content")
    for index, block in enumerate(blocks(content)):
        _check_block(block, str(role), f"{where}.content.{index}")


def _check_block(block: object, role: str, where: str) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    known = _ASSISTANT_BLOCKS if role == "assistant" else _USER_BLOCKS
    if not isinstance(block, dict) or kind not in known:
        raise invalid(f"{where}: '{kind}' blocks are not permitted in {role} messages")
    if kind == "text":
        _check_text(block, where)
        if role == "user" and isinstance(block.get("citations"), list) and block["citations"]:
            raise invalid(f"{where}.citations: not permitted on text blocks of user messages")
    if kind == "search_result":
        _check_search_result(block, where)
    for index, inner in enumerate(blocks(block.get("content")) if kind == "tool_result" else []):
        _check_block(inner, role, f"{where}.content.{index}")


def _check_text(block: Json, where: str) -> None:
    if block.get("type") != "text" or not isinstance(block.get("text"), str):
        raise invalid(f"{where}.text: Field required")
    if not block["text"].strip():
        raise invalid(f"{where}: text content blocks must contain non-whitespace text")


def _check_search_result(block: Json, where: str) -> None:
    for name in ("source", "title"):
        if not isinstance(block.get(name), str) or not block[name]:
            raise invalid(f"{where}.{name}: Field required")
    if not isinstance(block.get("content"), list) or not block["content"]:
        raise invalid(f"{where}.content: at least one text block is required")
    for index, part in enumerate(block["content"]):
        _check_block(part, "user", f"{where}.content.{index}")
        if part["type"] != "text":
            raise invalid(f"{where}.content.{index}: only text blocks are permitted")


def _check_ends(messages: list[Json], model: Model) -> None:
    if messages[0]["role"] == "assistant":
        raise invalid("messages: first message must use the user role")
    if messages[-1]["role"] == "assistant" and not model.prefill:
        raise invalid(
            "This model does not support assistant message prefill. The conversation must end"
            " with a user message."
        )


def _check_citations(body: Json, messages: list[Json]) -> None:
    sources = [
        block
        for turn in messages
        for outer in blocks(turn["content"])
        for block in _with_inner(outer)
        if block.get("type") in ("search_result", "document")
    ]
    enabled = {_enabled(block) for block in sources if block["type"] == "search_result"}
    if len(enabled) > 1:
        raise invalid("All search_result blocks must have the same citations setting.")
    wants_json = (body.get("output_config") or {}).get("format")
    if wants_json and any(map(_enabled, sources)):
        raise invalid("output_config.format: cannot be used together with citations.")


def _pictures(messages: list[Json]) -> list[tuple[Json, str]]:
    """Every image of the messages and where it stands."""
    return [
        (block, f"messages.{number}.content.{place}")
        for number, turn in enumerate(messages)
        for place, outer in enumerate(blocks(turn["content"]))
        for block in _with_inner(outer)
        if block.get("type") == "image"
    ]


def _enabled(block: Json) -> bool:
    return bool((block.get("citations") or {}).get("enabled"))


def _with_inner(block: Json) -> list[Json]:
    return [block, *(blocks(block.get("content")) if block.get("type") == "tool_result" else [])]


def _check_breakpoints(body: Json) -> None:
    controls = list(_controls(body))
    if len(controls) > BREAKPOINTS:
        raise invalid(
            f"A maximum of {BREAKPOINTS} blocks with cache_control may be provided. Found"
            f" {len(controls)}."
        )
    for control in controls:
        if control.get("type") != "ephemeral" or control.get("ttl", "5m") not in ("5m", "1h"):
            raise invalid("cache_control: Input should be 'ephemeral' with ttl '5m' or '1h'")
    lifetimes = [control.get("ttl", "5m") for control in controls]
    if "5m" in lifetimes and "1h" in lifetimes[lifetimes.index("5m") :]:
        raise invalid("cache_control: a ttl='1h' block must not come after a ttl='5m' block")


def _controls(body: Json) -> Iterator[Json]:
    """Every cache_control, in prompt order; the automatic one counts and comes last."""
    content = [outer for turn in body["messages"] for outer in blocks(turn["content"])]
    inner = [block for outer in content for block in _with_inner(outer)]
    for block in (*(body.get("tools") or ()), *blocks(body.get("system") or []), *inner, body):
        if block.get("cache_control"):
            yield block["cache_control"]
