"""The blueprint's bot in as few lines as it takes: it classifies, answers and posts, nothing else.

It stores nothing, knows no articles, shows no sign and forgives no failure. It is the measure of
what a message has to cost: `python -m benchmarks` runs it under the same load as the desk.
"""

import asyncio
import json
import os
from typing import Any

from anthropic import AsyncAnthropic
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

HAIKU, SONNET = "claude-haiku-5-5", "claude-sonnet-5"
CLASSIFY = "Classify the customer's message of an online shop: intent, confidence, complexity."
ANSWER = "Answer the customer of an online shop in their language, in at most three sentences."
VERDICT = {
    "type": "object",
    "properties": {
        "intent": {
            "type": "string",
            "enum": [
                "cancel_order",
                "track_shipping",
                "refund_request",
                "product_inquiry",
                "complaint",
                "other",
            ],
        },
        "confidence": {"type": "number"},
        "complexity": {"type": "string", "enum": ["simple", "complex", "creative"]},
    },
    "required": ["intent", "confidence", "complexity"],
    "additionalProperties": False,
}


async def answer(claude: AsyncAnthropic, text: str) -> str:
    """One call to classify, one to answer by the model that the complexity asks for."""
    verdict = await _ask(
        claude,
        HAIKU,
        CLASSIFY,
        text,
        output_config={"format": {"type": "json_schema", "schema": VERDICT}},
    )
    model = HAIKU if json.loads(verdict)["complexity"] == "simple" else SONNET
    return await _ask(claude, model, ANSWER, text)


async def _ask(claude: AsyncAnthropic, model: str, system: str, text: str, **more: Any) -> str:
    reply = await claude.messages.create(
        model=model,
        max_tokens=1_000,
        system=system,
        messages=[{"role": "user", "content": text}],
        **more,
    )
    return "".join(block.text for block in reply.content if block.type == "text")


async def main() -> None:
    """Answer every message of every channel until the process is told to stop."""
    address = os.environ["SLACK_API_URL"]
    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], base_url=address, proxy="")
    claude = AsyncAnthropic(
        api_key=os.environ["ANTHROPIC_API_KEY"], base_url=os.environ["ANTHROPIC_BASE_URL"]
    )
    app = AsyncApp(client=client)

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        if event.get("bot_id") or event.get("subtype"):
            return
        said = await answer(claude, event["text"])
        key = f"{event['team']}:{event['channel']}:{event['ts']}:answer"
        await client.chat_postMessage(
            channel=event["channel"],
            thread_ts=event.get("thread_ts") or event["ts"],
            text=said,
            metadata={"event_type": "plain_post", "event_payload": {"key": key}},
        )

    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], proxy="")
    await handler.start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())
