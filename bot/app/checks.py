"""Everything that `deskhand check` looks at."""

from collections.abc import Sequence

from bot.api.callers import good_token
from bot.checks.dependencies import (
    check_articles,
    check_claude,
    check_database,
    check_history,
    check_names,
)
from bot.checks.finding import Finding, looked, ok, wrong
from bot.checks.programs import check_programs
from bot.config.desk import Desk
from bot.config.settings import Settings
from bot.tickets.webhooks import signing_key
from bot.tools.connections import linking_secret
from bot.tools.probing import problems_of
from handlers.connection import client as slack_client
from handlers.slack.checks import CHECK_PATIENCE, check_slack


async def check_desk(settings: Settings, desk: Desk) -> list[Finding]:
    """Look at everything the desk depends on; changes nothing, and a fault found is no error."""
    return [
        *check_names(settings),
        *await looked("Slack", _in_slack(settings, desk)),
        *await looked("Claude", check_claude(settings, desk)),
        *await looked("database", check_database(settings)),
        *await looked("history", check_history(settings)),
        *await looked("knowledge", check_articles(desk)),
        *await looked("tools", _tools(desk, settings)),
        *check_programs(settings, desk, good_token, signing_key, linking_secret),
    ]


async def _tools(desk: Desk, settings: Settings) -> list[Finding]:
    """Whether each tool of the desk can be asked."""
    return [
        wrong(f"tools.{name}", problem)
        if problem
        else ok(f"tools.{name}", f"asks the {desk.tools[name].title}")
        for name, problem in (await problems_of(desk, settings.env_file)).items()
    ]


async def _in_slack(settings: Settings, desk: Desk) -> Sequence[Finding]:
    app_token = None if settings.slack_http_port is not None else settings.slack_app_token
    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        token = app_token.get_secret_value() if app_token else None
        return await check_slack(slack.once, token, desk)
