"""A question as the body of an API request."""

import copy
import hashlib
import json
import re
from functools import lru_cache
from itertools import cycle
from typing import Any, Literal

from bot.llm import sdk
from bot.llm.calls import Question, ToolOffer
from bot.llm.models import model_options

# Patterns that the API takes; of others the model reads, as of all it does not take.
SIMPLE = re.compile(r"(?:(?!\(\?|\\[bB\d]).)+")
Ttl = Literal["5m", "1h"]


def request_body(question: Question, ttl: Ttl = "5m") -> dict[str, Any]:
    """The body of a question; `ttl` is how long the API keeps its system prompt at hand."""
    options = model_options(question.model, question.effort)
    output = options.pop("output_config", {})
    if question.schema is not None:
        output["format"] = {
            "type": "json_schema",
            "schema": _strict(json.dumps(question.schema)),
        }
    body: dict[str, Any] = {
        "model": question.model,
        "max_tokens": question.max_tokens,
        "system": [
            {
                "type": "text",
                "text": question.prompt.text,
                "cache_control": {"type": "ephemeral", "ttl": ttl},
            }
        ],
        "messages": _messages(question),
        **options,
    }
    if question.tools:
        body["tools"] = [_tool(each) for each in question.tools]
        body["tool_choice"] = {"type": "none" if question.settle else "auto"}
    if output:
        body["output_config"] = output
    if question.user:
        # The API wants an opaque id: never a name, an address or the Slack id itself.
        digest = hashlib.sha256(question.user.encode()).hexdigest()[:32]
        body["metadata"] = {"user_id": digest}
    return body


def _messages(question: Question) -> list[dict[str, Any]]:
    """The question, then the model's turns and the tools', one after the other."""
    roles = cycle(("assistant", "user"))
    later = [
        {"role": role, "content": list(turn)}
        for role, turn in zip(roles, question.turns, strict=False)
    ]
    return [{"role": "user", "content": question.content}, *later]


def _tool(offer: ToolOffer) -> dict[str, Any]:
    """A tool whose arguments the API holds to their schema, as far as it knows its words."""
    plain = json.loads(json.dumps(offer.schema))
    patterns = {
        name: each.pop("pattern")
        for name, each in plain["properties"].items()
        if SIMPLE.fullmatch(str(each.get("pattern", "")))
    }
    schema = copy.deepcopy(_strict(json.dumps(plain)))
    for name, pattern in patterns.items():
        schema["properties"][name]["pattern"] = pattern
    return {
        "name": offer.name,
        "description": offer.about,
        "input_schema": schema,
        "strict": True,
    }


@lru_cache(maxsize=64)
def _strict(schema: str) -> dict[str, Any]:
    """A schema as the API takes it; each is sent thousands of times."""
    return sdk.transform_schema(json.loads(schema))
