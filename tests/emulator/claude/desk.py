"""A small desk: the prompt, schema and passages that the tests send."""

import json
from typing import Any, cast

from anthropic import AsyncAnthropic
from anthropic.types import Message, SearchResultBlockParam

HAIKU = "claude-haiku-5-5"
SONNET = "claude-sonnet-5-5"
OPUS = "claude-opus-5-5"

SYSTEM = """You sort the post of a bicycle shop.
<intents>
<intent name="booking">The customer wants a repair appointment in the workshop.
<example>Can I bring my bike in for a service on Friday?</example>
<example>Cho mình đặt lịch sửa xe</example></intent>
<intent name="delivery">The customer asks where an order is or when it arrives.
<example>Where is my order?</example>
<example>Đơn hàng của tôi đâu rồi</example></intent>
<intent name="cancel_order">The customer wants to cancel an order.
<example>Please cancel my order</example>
<example>Hủy đơn hàng giúp mình</example></intent>
<intent name="refund">The customer wants money back.
<example>I want a refund</example>
<example>Mình muốn hoàn tiền</example></intent>
<intent name="other">Anything else.</intent>
</intents>"""

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
WORDS = {"type": "array", "items": TEXT}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def record(**properties: object) -> dict[str, Any]:
    """A closed object that requires every property."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties),
    }


def one_of(*values: str) -> dict[str, Any]:
    """A string out of a list."""
    return {"type": "string", "enum": list(values)}


SCHEMA = record(
    summary=TEXT,
    intent=one_of("booking", "delivery", "cancel_order", "refund", "other"),
    confidence={"type": "number"},
    complexity=one_of("simple", "complex", "creative"),
    sentiment=one_of("positive", "neutral", "negative"),
    urgency=one_of("low", "normal", "high", "urgent"),
    language=TEXT,
    wants_human=FLAG,
    entities=record(order_ids=WORDS, emails=WORDS, products=WORDS),
    product=maybe(TEXT),
    issue_type=TEXT,
    action_needed=FLAG,
    reply=maybe(TEXT),
)

PASSAGES: list[SearchResultBlockParam] = [
    {
        "type": "search_result",
        "source": "kb://delivery",
        "title": "Delivery times",
        "content": [
            {"type": "text", "text": "Standard delivery takes 3 working days. Express takes one."},
            {"type": "text", "text": "You can track a parcel with the link in the e-mail."},
        ],
        "citations": {"enabled": True},
    },
    {
        "type": "search_result",
        "source": "kb://hoan-tien",
        "title": "Hoàn tiền",
        "content": [
            {"type": "text", "text": "Sản phẩm phải còn nguyên tem."},
            {"type": "text", "text": "Chúng tôi hoàn tiền trong 7 ngày. Phí giao không hoàn lại."},
        ],
        "citations": {"enabled": True},
    },
]


def text_of(message: Message) -> str:
    """All text of a reply."""
    return "".join(block.text for block in message.content if block.type == "text")


async def ask(client: AsyncAnthropic, **changes: Any) -> Message:
    """A plain question to Haiku without thinking, with the changes given."""
    request: dict[str, Any] = {
        "model": HAIKU,
        "max_tokens": 500,
        "thinking": {"type": "disabled"},
        "messages": [{"role": "user", "content": "How long does delivery take?"}],
    }
    kept = {key: value for key, value in (request | changes).items() if value is not None}
    return cast("Message", await client.messages.create(**kept))


def triage_request(message: str, schema: dict[str, Any] = SCHEMA) -> dict[str, Any]:
    """What is changed to make the question a triage call."""
    return {
        "system": [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": f"<message>{message}</message>"}],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }


async def triage(
    client: AsyncAnthropic, message: str, schema: dict[str, Any] = SCHEMA
) -> dict[str, Any]:
    """The verdict on a message."""
    reply = await ask(client, **triage_request(message, schema))
    return cast("dict[str, Any]", json.loads(text_of(reply)))


async def answer(client: AsyncAnthropic, message: str, **changes: Any) -> Message:
    """Sonnet's answer from the passages."""
    content = [*PASSAGES, {"type": "text", "text": f"<message>{message}</message>"}]
    request = {"model": SONNET, "thinking": None, "max_tokens": 2000}
    return await ask(
        client, **request | {"messages": [{"role": "user", "content": content}]} | changes
    )
