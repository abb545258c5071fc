"""Checks of the Slack side: tokens, scopes, and the channels the bot has to be in."""

from collections.abc import Mapping, Sequence
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.checks.finding import Finding, ok, unreachable, warning, wrong
from bot.config.desk import Desk
from bot.config.settings import SettingsError
from bot.unreached import NotNow, Unreached
from handlers.connection.client import installation_of
from handlers.connection.installation import Installation
from handlers.connection.unreached import FAILURES, SlackRefusal, refusal_of
from handlers.manifest import scopes_of
from handlers.slack.agents import AgentRule, Staff, read_staff
from handlers.slack.people import People
from handlers.views.mrkdwn import clipped
from handlers.web_api.pagination import bot_conversations

# Seconds for each question; nobody waits for an answer. Characters of a line of names.
CHECK_PATIENCE = 10.0
LINE = 200
TOKEN_ERRORS = {
    "invalid_auth": "is not valid: copy it again from the app's page",
    "not_authed": "is empty",
    "account_inactive": "belongs to an app that was removed: install it again",
    "token_revoked": "was revoked: install the app again",
    "not_allowed_token_type": "is of the wrong kind",
    "missing_scope": "lacks the scope connections:write: make it again with that scope",
}


async def check_slack(
    client: AsyncWebClient, app_token: str | None, desk: Desk
) -> Sequence[Finding]:
    """Everything that has to be right in the workspace, in the order a newcomer meets it.

    When Slack cannot be asked any more, that ends it; what it refuses to answer is told and passed.
    In HTTP mode there is no `app_token`.
    """
    found, at = await check_bot_token(client, desk)
    if at is None:
        return found
    for look in (
        partial(check_app_token, client, app_token),
        partial(_agents, client, desk, at),
        partial(_channels, client, desk),
        partial(_money, client, desk),
    ):
        try:
            found += await look()
        except FAILURES as error:
            match refusal_of(error):
                case Unreached() as why:
                    return [*found, _not_reached(why)]
                case SlackRefusal(code, passing):
                    told = f"refused to answer ({code})"
                    found.append(unreachable("Slack", told) if passing else _refused(told))
    return found


async def check_bot_token(
    client: AsyncWebClient, desk: Desk
) -> tuple[list[Finding], Installation | None]:
    """Whether the token is one and has the scopes; where it belongs to, if it is one."""
    try:
        who = await client.auth_test()
        at = installation_of(who)
        valid = ok("SLACK_BOT_TOKEN", f"is valid: @{who['user']} in {who['team']}")
    except FAILURES as error:
        return [_first_failure("SLACK_BOT_TOKEN", error)], None
    return [valid, _scopes(who, desk)], at


async def check_app_token(client: AsyncWebClient, token: str | None) -> Sequence[Finding]:
    """Whether the app-level token opens Socket Mode; in HTTP mode there is none."""
    if token is None:
        return [ok("SLACK_HTTP_PORT", "waits for Slack's requests; Slack tells whether it is seen")]
    try:
        await client.apps_connections_open(app_token=token)
    except FAILURES as error:
        return [_first_failure("SLACK_APP_TOKEN", error)]
    return [ok("SLACK_APP_TOKEN", "opens Socket Mode")]


def _first_failure(token: str, error: Exception) -> Finding:
    match refusal_of(error):
        case Unreached() as why:
            return _not_reached(why)
        case SlackRefusal(code, passing=True):
            return unreachable("Slack", f"does not take the app now ({code})")
        case SlackRefusal(code):
            return wrong(token, TOKEN_ERRORS.get(code, f"was refused by Slack ({code})"))


def _not_reached(why: Unreached) -> Finding:
    if why.passing:
        return unreachable("Slack", why.sentence)
    return wrong("SLACK_API_URL", f"Slack {why.sentence}")


def _refused(told: str) -> Finding:
    return wrong("Slack", f"{told}: put the scopes right")


def _scopes(who: AsyncSlackResponse, desk: Desk) -> Finding:
    wanted = scopes_of(emails=desk.knows_by_email)
    granted = {each.strip() for each in who.headers.get("x-oauth-scopes", "").split(",")}
    missing = [f"{scope} (to {why})" for scope, why in wanted.items() if scope not in granted]
    if missing:
        return wrong(
            "scopes",
            f"missing {', '.join(missing)}: add under OAuth & Permissions and install again",
        )
    return ok("scopes", f"all {len(wanted)} are granted")


async def _agents(client: AsyncWebClient, desk: Desk, at: Installation) -> Sequence[Finding]:
    """Who counts as agent, who was left out and why, and admins who are none."""
    joined = await check_channel(client, "desk.agents_channel", desk.desk.agents_channel)
    if joined.grade == "wrong":
        return [joined]
    people = People(client, at, patience=CHECK_PATIENCE)
    rule = AgentRule(desk.desk.agents, desk.desk.agents_channel, at.bot_user)
    try:
        staff = await read_staff(client, people, rule)
    except SlackApiError as error:
        if not isinstance(refused := refusal_of(error), SlackRefusal) or refused.passing:
            raise
        told = f"Slack does not say who they are ({refused.code})"
        return [joined, wrong("desk.agents", told)]
    if not staff.agents:
        return [joined, warning("agents", "there is nobody but the bot yet"), *_left_out(staff, {})]
    names = await people.names(sorted({*staff.agents, *staff.left_out}))
    named = ", ".join(sorted(f"@{names.get(each, each)}" for each in staff.agents))
    outside = [
        warning("desk.admins", f"{each} is no agent, so is no admin of tickets")
        for each in sorted(desk.desk.admins - staff.agents)
    ]
    counted = ok("agents", f"{len(staff.agents)}: {clipped(named, LINE)}")
    return [joined, counted, *_left_out(staff, names), *outside]


def _left_out(staff: Staff, names: Mapping[str, str]) -> Sequence[Finding]:
    """A line for each who would be an agent and is none. Other bots are none without a word."""
    return [
        warning(
            "agents", f"@{names.get(each, each)} is no agent: {why}; desk.agents may name {each}"
        )
        for each, why in staff.left_out.items()
        if why != "a bot"
    ]


async def _channels(client: AsyncWebClient, desk: Desk) -> Sequence[Finding]:
    if desk.channels:
        watched = [each.id for each in desk.channels if each.mode != "off"]
        return [await check_channel(client, "channels", each) for each in watched]
    named = [
        f"#{each['name']}"
        for each in await bot_conversations(client)
        if each["id"] != desk.desk.agents_channel
    ]
    if not named:
        return [warning("channels", "the bot is in no support channel yet: /invite it to one")]
    return [ok("channels", f"watching {', '.join(named)}")]


async def _money(client: AsyncWebClient, desk: Desk) -> Sequence[Finding]:
    """The channels that get digests, and those that budgets are about."""
    digests = dict.fromkeys(each.channel for each in desk.digests)
    budgets = dict.fromkeys(each.channel for each in desk.budgets if each.channel)
    return [
        *[await check_channel(client, "digests", each) for each in digests],
        *[await check_channel(client, "budgets", each) for each in budgets],
    ]


async def require_agents_channel(client: AsyncWebClient, desk: Desk) -> None:
    """Raise SettingsError where the bot cannot work in the agents' channel: no card could stand.

    Raises:
        NotNow: Slack cannot be asked.
    """
    try:
        found = await check_channel(client, "desk.agents_channel", desk.desk.agents_channel)
    except FAILURES as error:
        raise no_answer(error) from None
    if found.grade == "wrong":
        raise SettingsError(f"{found.subject}: {found.sentence}")


def no_answer(error: Exception) -> NotNow | SettingsError:
    """What keeps a question from its answer, as an error that says whether waiting helps."""
    why = refusal_of(error)
    told = why.sentence if isinstance(why, Unreached) else f"says {why.code}"
    return (NotNow if why.passing else SettingsError)(f"Slack {told}")


async def check_channel(client: AsyncWebClient, key: str, channel: str) -> Finding:
    """Whether the bot is in a channel that is set under `key`.

    Raises:
        SlackApiError: Slack does not say; and whatever else asking it raises.
    """
    try:
        info = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        if not isinstance(refused := refusal_of(error), SlackRefusal) or refused.passing:
            raise
        if refused.code != "channel_not_found":
            return wrong(key, f"{channel}: Slack says {refused.code}")
        return wrong(key, f"{channel}: no such channel; check the id, and invite the bot to it")
    if info.get("is_im"):
        return ok(key, "is a direct message")
    if not info.get("is_member"):
        return wrong(key, f"the bot is not in #{info['name']}: type /invite @deskhand there")
    return ok(key, f"the bot is in #{info['name']}")
