"""The channels that the bot was invited to, as a newcomer chooses among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from handlers.connection.unreached import FAILURES
from handlers.slack.checks import no_answer
from handlers.web_api.pagination import bot_conversations


@dataclass(frozen=True)
class BotChannel:
    """A channel that the bot is in."""

    id: str
    name: str
    private: bool


async def bot_channels(client: AsyncWebClient) -> Sequence[BotChannel]:
    """All of them, by their names.

    Raises:
        SettingsError: Slack does not say, and waiting does not help.
        NotNow: Slack cannot be asked now.
    """
    try:
        listed = await bot_conversations(client)
    except FAILURES as error:
        raise no_answer(error) from None
    found = [BotChannel(each["id"], each["name"], bool(each.get("is_private"))) for each in listed]
    return sorted(found, key=lambda each: each.name)
