"""What `deskhand init` asks of Slack and Claude, one thing at a time, before there is a desk."""

from collections.abc import Sequence

from bot.checks.finding import Finding, ok
from bot.checks.model_access import check_claude
from bot.config.desk_file import default_desk
from bot.config.settings import Settings
from handlers.connection import client as slack_client
from handlers.slack.checks import CHECK_PATIENCE, check_app_token, check_bot_token
from handlers.slack.invitations import BotChannel, bot_channels

__all__ = [
    "BotChannel",
    "api_key_findings",
    "app_token_findings",
    "bot_token_findings",
    "invited_to",
    "signing_secret_findings",
]


async def bot_token_findings(settings: Settings) -> Sequence[Finding]:
    """Whether SLACK_BOT_TOKEN is one, and what it may do."""
    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        found, _ = await check_bot_token(slack.once, default_desk())
        return found


async def app_token_findings(settings: Settings) -> Sequence[Finding]:
    """Whether SLACK_APP_TOKEN opens Socket Mode."""
    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        given = settings.slack_app_token
        token = given.get_secret_value() if given else None
        return await check_app_token(slack.once, token)


async def signing_secret_findings(settings: Settings) -> Sequence[Finding]:
    """Only its shape can be told: no call of Slack's takes it."""
    if settings.slack_signing_secret is None:
        return []
    return [ok("SLACK_SIGNING_SECRET", "has the shape of one; Slack's first request tells more")]


async def api_key_findings(settings: Settings) -> Sequence[Finding]:
    """Whether ANTHROPIC_API_KEY opens the models that a new desk uses."""
    return await check_claude(settings, default_desk())


async def invited_to(settings: Settings) -> Sequence[BotChannel]:
    """The channels that the bot is in, by their names.

    Raises:
        SettingsError: Slack does not say, and waiting does not help.
        NotNow: Slack cannot be asked now.
    """
    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        return await bot_channels(slack.once)
