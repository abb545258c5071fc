"""A question as the body of an API request."""

import hashlib
import json
from functools import lru_cache
from typing import Any, Literal

import anthropic

from bot.llm.calls import Question
from bot.llm.models import model_options

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
        "messages": [{"role": "user", "content": question.content}],
        **options,
    }
    if output:
        body["output_config"] = output
    if question.user:
        # The API wants an opaque id: never a name, an address or the Slack id itself.
        digest = hashlib.sha256(question.user.encode()).hexdigest()[:32]
        body["metadata"] = {"user_id": digest}
    return body


@lru_cache(maxsize=64)
def _strict(schema: str) -> dict[str, Any]:
    """A schema as the API takes it; each is sent thousands of times."""
    return anthropic.transform_schema(json.loads(schema))
