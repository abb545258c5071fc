"""Token estimates, the same for the same request every time.

The 5 and 5.5 models: 0.4 tokens per ASCII character (2.5 characters a token, as documented) and
0.9 per other character, which puts Vietnamese, a quarter of whose characters carry marks, near
1.9 characters a token. The older tokenizer needs 1.3 times fewer.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.claude.errors import Json
from emulator.claude.models import Model
from emulator.claude.pictures import picture
from emulator.claude.request import blocks
from emulator.claude.wire import dumps

TURN = 4
TOOLS_PROMPT = 290
FORMAT_PROMPT = 45


def count(text: str, model: Model) -> int:
    """The tokens of a text for a model."""
    ascii_length = len(text.encode("ascii", "ignore"))
    units = 0.4 * ascii_length + 0.9 * (len(text) - ascii_length)
    return math.ceil(units if model.dense_tokens else units / 1.3)


@dataclass(frozen=True)
class Piece:
    """One block of the prompt in cache order, and the breakpoint it carries, if any."""

    text: str
    tokens: int
    ttl: str | None


def pieces(body: Json, model: Model) -> list[Piece]:
    """The prompt as the model reads it: format, tools, system, messages."""
    found = [*_format(body, model), *_tools(body, model)]
    found += [_piece(block, model) for block in blocks(body.get("system") or [])]
    for turn in body["messages"]:
        found += _turn(turn, model)
    return _automatic(found, body)


def total(body: Json, model: Model) -> int:
    """All input tokens of a request, cached or not."""
    return sum(piece.tokens for piece in pieces(body, model))


def _format(body: Json, model: Model) -> Iterator[Piece]:
    wanted = (body.get("output_config") or {}).get("format")
    if wanted:
        text = dumps(wanted)
        yield Piece(text, count(text, model) + FORMAT_PROMPT, None)


def _tools(body: Json, model: Model) -> Iterator[Piece]:
    tools = body.get("tools") or []
    for number, tool in enumerate(tools):
        text = dumps({key: value for key, value in tool.items() if key != "cache_control"})
        prompt = TOOLS_PROMPT if number == 0 else 0
        yield Piece(text, count(text, model) + prompt, _ttl(tool))


def _turn(turn: Json, model: Model) -> list[Piece]:
    found = [_piece(block, model) for block in blocks(turn["content"])]
    first = found[0] if found else Piece("", 0, None)
    opening = Piece(f"{turn['role']}\n{first.text}", first.tokens + TURN, first.ttl)
    return [opening, *found[1:]]


def _piece(block: Json, model: Model) -> Piece:
    kind = block.get("type")
    if kind == "text":
        return Piece(block["text"], count(block["text"], model), _ttl(block))
    text = dumps({key: value for key, value in block.items() if key != "cache_control"})
    if kind == "image":
        return Piece(text, picture(block).tokens, _ttl(block))
    return Piece(text, count(text, model), _ttl(block))


def _automatic(found: list[Piece], body: Json) -> list[Piece]:
    """Top-level cache_control puts a breakpoint on the last block."""
    ttl = _ttl(body)
    if ttl is None or not found or found[-1].ttl:
        return found
    last = found[-1]
    return [*found[:-1], Piece(last.text, last.tokens, ttl)]


def _ttl(block: Json) -> str | None:
    control = block.get("cache_control")
    return (control.get("ttl") or "5m") if control else None
