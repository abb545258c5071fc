"""Everything that `deskhand check` looks at."""

from bot.checks import Finding, check_articles, check_claude, check_database, ok, wrong
from bot.config.desk import Desk
from bot.config.settings import Settings
from bot.tools.probing import problems_of
from handlers.slack import client as slack_client
from handlers.slack.checks import check_slack


async def check_desk(settings: Settings, desk: Desk) -> list[Finding]:
    """Look at everything the desk depends on; changes nothing, and a fault found is no error."""
    app_token = settings.slack_app_token.get_secret_value()
    async with slack_client.connection(settings) as slack:
        in_slack = await check_slack(slack.client, app_token, desk)
    return [
        *in_slack,
        *await check_claude(settings, desk),
        await check_database(settings),
        *await check_articles(desk),
        *await _tools(desk, settings),
    ]


async def _tools(desk: Desk, settings: Settings) -> list[Finding]:
    """Whether each tool of the desk can be asked."""
    return [
        wrong(f"tools.{name}", problem)
        if problem
        else ok(f"tools.{name}", f"asks the {desk.tools[name].title}")
        for name, problem in (await problems_of(desk, settings.env_file)).items()
    ]
