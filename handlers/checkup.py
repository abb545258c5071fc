"""Checks of the Slack side: tokens, scopes, and the channels the bot has to be in."""

from collections.abc import Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.desk import Desk
from bot.finding import Finding, ok, warning, wrong
from handlers.manifest import SCOPES

TOKEN_ERRORS = {
    "invalid_auth": "is not valid: copy it again from the app's page",
    "not_authed": "is empty",
    "account_inactive": "belongs to an app that was removed: install it again",
    "token_revoked": "was revoked: install the app again",
    "not_allowed_token_type": "is of the wrong kind",
    "missing_scope": "lacks the scope connections:write: make it again with that scope",
}


async def check_slack(client: AsyncWebClient, app_token: str, desk: Desk) -> Sequence[Finding]:
    """Everything that has to be right in the workspace, in the order a newcomer meets it."""
    try:
        who = await client.auth_test()
    except SlackApiError as error:
        return [wrong("SLACK_BOT_TOKEN", _token_problem(error))]
    except (aiohttp.ClientError, TimeoutError) as error:
        return [wrong("Slack", f"could not be reached ({type(error).__name__})")]
    return [
        ok("SLACK_BOT_TOKEN", f"is valid: @{who['user']} in {who['team']}"),
        _scopes(who),
        await _app_token(client, app_token),
        *await _agents(client, desk, str(who["user_id"])),
        *await _channels(client, desk),
    ]


def _scopes(who: AsyncSlackResponse) -> Finding:
    granted = {each.strip() for each in who.headers.get("x-oauth-scopes", "").split(",")}
    missing = [f"{scope} (to {why})" for scope, why in SCOPES.items() if scope not in granted]
    if missing:
        return wrong(
            "scopes",
            f"missing {', '.join(missing)}: add under OAuth & Permissions and install again",
        )
    return ok("scopes", f"all {len(SCOPES)} are granted")


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        return wrong("SLACK_APP_TOKEN", _token_problem(error))
    return ok("SLACK_APP_TOKEN", "opens Socket Mode")


async def _agents(client: AsyncWebClient, desk: Desk, bot_user: str) -> Sequence[Finding]:
    channel = desk.desk.agents_channel
    joined = await _channel(client, "desk.agents_channel", channel)
    if joined.grade == "wrong":
        return [joined]
    members = await client.conversations_members(channel=channel, limit=200)
    people = [member for member in members["members"] if member != bot_user]
    if not people:
        return [joined, warning("agents", "nobody but the bot is in the agents' channel yet")]
    return [joined, ok("agents", f"{len(people)} in the agents' channel")]


async def _channels(client: AsyncWebClient, desk: Desk) -> Sequence[Finding]:
    if desk.channels:
        return [await _channel(client, "channels", each.id) for each in desk.channels]
    joined = await client.users_conversations(types="public_channel,private_channel", limit=200)
    watched = [each for each in joined["channels"] if each["id"] != desk.desk.agents_channel]
    if not watched:
        return [warning("channels", "the bot is in no support channel yet: /invite it to one")]
    names = ", ".join(f"#{each['name']}" for each in watched)
    return [ok("channels", f"watching {names}")]


async def _channel(client: AsyncWebClient, key: str, channel: str) -> Finding:
    try:
        info = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        return wrong(key, f"{channel}: Slack says {error.response.get('error')}; check the id")
    if not info.get("is_member"):
        return wrong(key, f"the bot is not in #{info['name']}: type /invite @deskhand there")
    return ok(key, f"the bot is in #{info['name']}")


def _token_problem(error: SlackApiError) -> str:
    code = str(error.response.get("error"))
    return TOKEN_ERRORS.get(code, f"was refused by Slack ({code})")
