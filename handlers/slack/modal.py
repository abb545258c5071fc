"""Modals opened and pushed. Slack takes a trigger for three seconds, and once."""

from collections.abc import Awaitable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.tickets.refusals import ActionRefused
from handlers.web_api.posting import code_of

# What Slack says to a trigger that came too late or was used.
EXPIRED_TRIGGER = (
    "expired_trigger_id",
    "exchanged_trigger_id",
    "invalid_trigger_id",
    "trigger_expired",
)
TOO_LATE = "That took too long, so Slack did not open the form. Please press again."


async def open_modal(
    client: AsyncWebClient, trigger: str, view: dict[str, Any], too_late: str = TOO_LATE
) -> None:
    """Show a modal; raises ActionRefused with the sentence `too_late` when it came too late."""
    await _in_time(client.views_open(trigger_id=trigger, view=view), too_late)


async def push_modal(
    client: AsyncWebClient, trigger: str, view: dict[str, Any], too_late: str = TOO_LATE
) -> None:
    """Show a modal on top of the one that is open; raises as `open_modal`."""
    await _in_time(client.views_push(trigger_id=trigger, view=view), too_late)


async def _in_time(opening: Awaitable[Any], too_late: str) -> None:
    try:
        await opening
    except SlackApiError as error:
        if code_of(error) not in EXPIRED_TRIGGER:
            raise
        raise ActionRefused(too_late) from error
