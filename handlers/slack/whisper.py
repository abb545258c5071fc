"""A word in a thread for one person's eyes only."""

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger("slack")


async def whisper(
    client: AsyncWebClient, channel: str, user: str, thread_ts: str, sentence: str
) -> None:
    """Tell one person something. Never raises: the ticket itself shows what was done."""
    try:
        await client.chat_postEphemeral(
            channel=channel, user=user, thread_ts=thread_ts, text=sentence
        )
    except (SlackClientError, OSError, TimeoutError) as error:
        log.warning("agent not told", user=user, error=type(error).__name__)
