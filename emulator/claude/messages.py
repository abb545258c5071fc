"""From a valid request to the reply: JSON verdict, forced tool call, cited answer or own words."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from emulator.claude import looking, outcomes, quoting, supporting, writing
from emulator.claude.errors import Json
from emulator.claude.faults import Fault
from emulator.claude.models import Model
from emulator.claude.obeying import obedient
from emulator.claude.reading import Reading
from emulator.claude.request import Request
from emulator.claude.spoiling import CITED, spoil
from emulator.claude.thinking import thinking_block, thinking_tokens
from emulator.claude.tokens import count
from emulator.claude.verdict import Verdict
from emulator.claude.wire import dumps


@dataclass
class Reply:
    """What the model said, before it is put into JSON or events."""

    id: str
    model: str
    content: list[Json]
    stop_reason: str
    usage: Json
    stop_sequence: str | None = None
    stop_details: Json | None = None
    # What a gateway makes of the usage: itself, or nothing of the kind.
    claimed: tuple[Any, ...] | None = None

    def body(self) -> Json:
        """The JSON body of a non-streamed reply."""
        return self.forged(self._body())

    def forged(self, body: Json) -> Json:
        """The body with its usage as a fault leaves it."""
        if self.claimed is None:
            return body
        rest = {name: value for name, value in body.items() if name != "usage"}
        return rest | ({"usage": self.claimed[0]} if self.claimed else {})

    def _body(self) -> Json:
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": self.content,
            "stop_reason": self.stop_reason,
            "stop_sequence": self.stop_sequence,
            "stop_details": self.stop_details,
            "usage": self.usage,
        }


@dataclass
class _Draft:
    content: list[Json]
    stop_reason: str = "end_turn"
    stop_sequence: str | None = None
    stop_details: Json | None = None
    thought: int = 0
    thinking: list[Json] = field(default_factory=list)


def reply(body: Json, model: Model, usage: Json, fault: Fault | None, number: str) -> Reply:
    """The reply to a request; `usage` holds its input side, `number` makes its ids."""
    draft = _draft(body, model, number)
    if fault:
        _refuse(draft, fault) if fault.kind == "refusal" else _spoil(draft, fault, body)
    _stop(draft, body.get("stop_sequences") or [])
    output = _limit(draft, model, body["max_tokens"])
    if body["max_tokens"] == 0:
        draft = _Draft([], "max_tokens")
    return Reply(
        f"msg_standin_{number}",
        model.id,
        draft.thinking + draft.content,
        draft.stop_reason,
        usage
        | {
            "output_tokens": output,
            "output_tokens_details": {"thinking_tokens": draft.thought},
            "service_tier": "standard",
        },
        draft.stop_sequence,
        draft.stop_details,
        _claimed(fault),
    )


def _claimed(fault: Fault | None) -> tuple[Any, ...] | None:
    """The usage that a fault names; without one it is left out."""
    if fault is None or fault.kind != "usage":
        return None
    return (fault.options["usage"],) if "usage" in fault.options else ()


def _draft(body: Json, model: Model, number: str) -> _Draft:
    reading = Reading(Request(body))
    forced = _forced_tool(body)
    if forced:
        filled = Verdict(forced["input_schema"], reading).fill()
        call = {"type": "tool_use", "id": f"toolu_standin_{number}", "name": forced["name"]}
        return _Draft([call | {"input": filled}], "tool_use")
    thought = thinking_tokens(body, model, reading)
    thinking = [thinking_block(body, number)] if thought else []
    uses = looking.wanted(body, reading)
    if uses:
        calls = [
            {"type": "tool_use", "id": f"toolu_standin_{number}_{place}", **use}
            for place, use in enumerate(uses)
        ]
        return _Draft(calls, "tool_use", thought=thought, thinking=thinking)
    return _Draft(_said(body, reading), thought=thought, thinking=thinking)


def _said(body: Json, reading: Reading) -> list[Json]:
    wanted = (body.get("output_config") or {}).get("format")
    if wanted and supporting.wanted(wanted["schema"]):
        return [_text(dumps(supporting.readings(reading.request.asked)))]
    if wanted:
        return [_text(dumps(Verdict(wanted["schema"], reading).fill()))]
    talk = writing.greeting(reading)
    if talk:
        return [_text(talk)]
    if reading.creative:
        facts = quoting.answer(reading, quoting.CLOSE) or []
        return [_text(writing.creation(reading) + ("\n\n" if facts else "")), *facts]
    looked = looking.results(body, reading)
    if looked:
        return looking.answer(reading, looked)
    return _from_articles(reading)


def _from_articles(reading: Reading) -> list[Json]:
    aside = outcomes.vague(reading) or outcomes.elsewhere(reading)
    if aside:
        return [_text(aside)]
    return quoting.answer(reading) or [_text(outcomes.instead(reading))]


def _forced_tool(body: Json) -> Json | None:
    choice, tools = body.get("tool_choice") or {}, body.get("tools") or []
    if choice.get("type") == "any":
        return tools[0] if tools else None
    if choice.get("type") == "tool":
        return next((tool for tool in tools if tool["name"] == choice["name"]), None)
    return None


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _refuse(draft: _Draft, fault: Fault) -> None:
    draft.content, draft.thinking, draft.thought = [], [], 0
    draft.stop_reason = "refusal"
    category = fault.options.get("category")
    draft.stop_details = {"type": "refusal", "category": category, "explanation": None}


def _spoil(draft: _Draft, fault: Fault, body: Json) -> None:
    texts = [block for block in draft.content if block["type"] == "text"]
    if not texts:
        return
    schema = ((body.get("output_config") or {}).get("format") or {}).get("schema") or {}
    joined = "".join(block["text"] for block in texts)
    if fault.kind == "obeys":
        draft.content = obedient(Request(body), schema, joined)
        return
    spoiled = spoil(joined, fault, schema, Request(body).system)
    if spoiled == joined:
        return
    draft.content = [_text(spoiled)] if spoiled else []
    if spoiled and (fault.kind in CITED or fault.options.get("cited")):
        cited = [each for block in texts for each in block.get("citations") or ()]
        draft.content[0] |= {"citations": cited} if cited else {}
    if fault.kind == "truncated":
        draft.stop_reason = "max_tokens"


def _stop(draft: _Draft, sequences: list[str]) -> None:
    if not sequences:
        return
    pattern = re.compile("|".join(re.escape(sequence) for sequence in sequences))
    for number, block in enumerate(draft.content):
        found = pattern.search(block.get("text") or "")
        if found:
            draft.content = [
                *draft.content[:number],
                block | {"text": block["text"][: found.start()]},
            ]
            draft.stop_reason, draft.stop_sequence = "stop_sequence", found.group()
            return


def _limit(draft: _Draft, model: Model, max_tokens: int) -> int:
    """Cuts what exceeds `max_tokens`; returns the output tokens to bill."""
    left = max_tokens - draft.thought
    kept: list[Json] = []
    for block in draft.content:
        cost = _cost(block, model)
        if cost > left:
            draft.stop_reason = "max_tokens"
            kept += _cut(block, max(left, 0) / cost)
            draft.content, draft.thought = kept, min(draft.thought, max_tokens)
            return max_tokens
        left -= cost
        kept.append(block)
    return max_tokens - left


def _cost(block: Json, model: Model) -> int:
    if block["type"] == "text":
        return count(block["text"], model)
    return count(json.dumps(block["input"], ensure_ascii=False), model) + 20


def _cut(block: Json, share: float) -> list[Json]:
    if block["type"] != "text":
        return []
    text = block["text"][: int(len(block["text"]) * share)]
    return [block | {"text": text}] if text else []
