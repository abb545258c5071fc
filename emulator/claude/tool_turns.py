"""What the API rejects about tools in a conversation: uses without results, and the reverse."""

from emulator.claude.errors import Json, invalid
from emulator.claude.request import blocks


def check_tool_turns(messages: list[Json]) -> None:
    """Rejects turns that break the order of uses and results.

    Raises:
        Refused: 400, naming the turn and the ids.
    """
    seen: set[str] = set()
    for index, turn in enumerate(messages):
        before = messages[index - 1] if index else None
        used = _uses(before) if before and before["role"] == "assistant" else []
        answered = _results(turn) if turn["role"] == "user" else []
        _check_results(turn, index, used, answered)
        for identifier in _uses(turn):
            if identifier in seen:
                raise invalid(f"messages.{index}: `tool_use` ids must be unique")
            seen.add(identifier)
    if _uses(messages[-1]):
        raise invalid(_without(len(messages) - 1, _uses(messages[-1])))


def _check_results(turn: Json, index: int, used: list[str], answered: list[str]) -> None:
    missing = [each for each in used if each not in answered]
    if missing:
        raise invalid(_without(index - 1, missing))
    strange = [each for each in answered if each not in used]
    if strange:
        raise invalid(
            f"messages.{index}.content: unexpected `tool_use_id` found in `tool_result` blocks:"
            f" {', '.join(strange)}. Each `tool_result` block must have a corresponding `tool_use`"
            " block in the previous message."
        )
    if len(set(answered)) < len(answered):
        raise invalid(f"messages.{index}: each tool_use must have a single result")
    kinds = [block.get("type") for block in blocks(turn["content"])]
    if "tool_result" in kinds and kinds[: len(answered)] != ["tool_result"] * len(answered):
        raise invalid(
            f"messages.{index}: `tool_result` blocks must come first in the content of the turn"
        )


def _without(index: int, missing: list[str]) -> str:
    return (
        f"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately"
        f" after: {', '.join(missing)}. Each `tool_use` block must have a corresponding"
        " `tool_result` block in the next message."
    )


def _uses(turn: Json) -> list[str]:
    if turn["role"] != "assistant":
        return []
    return [str(b.get("id")) for b in blocks(turn["content"]) if b.get("type") == "tool_use"]


def _results(turn: Json) -> list[str]:
    found = [b for b in blocks(turn["content"]) if b.get("type") == "tool_result"]
    return [str(block.get("tool_use_id")) for block in found]
