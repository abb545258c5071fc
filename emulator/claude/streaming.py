"""A reply as server-sent events, in the order the API sends them."""

from collections.abc import Iterator

from emulator.claude.errors import Json
from emulator.claude.messages import Reply
from emulator.claude.wire import dumps

PIECE = 48
"""Characters of text in one delta."""

OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def encode(event: Json) -> bytes:
    """One event with its `event:` line."""
    return f"event: {event['type']}\ndata: {dumps(event)}\n\n".encode()


def events(reply: Reply) -> list[Json]:
    """All events of a reply, message_start to message_stop."""
    start, delta = _start(reply), reply.forged(_delta(reply))
    start["message"] = reply.forged(start["message"])
    return [start, *_middle(reply), delta, {"type": "message_stop"}]


def broken(reply: Reply, ending: Json | None) -> list[Json]:
    """The first half of the events, then the ending (an error event) or nothing."""
    half, _rest = halves(reply)
    return [*half, ending] if ending else half


def halves(reply: Reply) -> tuple[list[Json], list[Json]]:
    """The events in two halves; the first holds some text, where there is any."""
    whole = events(reply)
    middle = max(3, len(whole) // 2)
    return whole[:middle], whole[middle:]


def _start(reply: Reply) -> Json:
    usage = reply.usage | {"output_tokens": 1}
    usage.pop("output_tokens_details", None)
    fresh: Json = {"content": [], "stop_reason": None, "stop_details": None, "stop_sequence": None}
    return {"type": "message_start", "message": reply.body() | fresh | {"usage": usage}}


def _middle(reply: Reply) -> Iterator[Json]:
    for index, block in enumerate(reply.content):
        yield {"type": "content_block_start", "index": index, "content_block": _opened(block)}
        if index == 0:
            yield {"type": "ping"}
        for delta in _deltas(block):
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}


def _opened(block: Json) -> Json:
    match block["type"]:
        case "thinking":
            return {"type": "thinking", "thinking": "", "signature": ""}
        case "tool_use":
            return block | {"input": {}}
    return {"type": "text", "text": ""} | ({"citations": []} if "citations" in block else {})


def _deltas(block: Json) -> Iterator[Json]:
    match block["type"]:
        case "thinking":
            for piece in _pieces(block["thinking"]):
                yield {"type": "thinking_delta", "thinking": piece}
            yield {"type": "signature_delta", "signature": block["signature"]}
        case "tool_use":
            for piece in _pieces(dumps(block["input"])):
                yield {"type": "input_json_delta", "partial_json": piece}
        case _:
            for citation in block.get("citations", ()):
                yield {"type": "citations_delta", "citation": citation}
            for piece in _pieces(block["text"]):
                yield {"type": "text_delta", "text": piece}


def _pieces(text: str) -> list[str]:
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def _delta(reply: Reply) -> Json:
    return {
        "type": "message_delta",
        "delta": {
            "stop_reason": reply.stop_reason,
            "stop_sequence": reply.stop_sequence,
            "stop_details": reply.stop_details,
        },
        "usage": {
            key: value
            for key, value in reply.usage.items()
            if key not in ("cache_creation", "service_tier")
        },
    }
