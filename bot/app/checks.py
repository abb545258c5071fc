"""Everything that `deskhand check` looks at.

Each look imports what it looks with when its turn comes: what was found so far is told by then.
"""

# ruff: noqa: PLC0415

from collections.abc import Awaitable, Callable, Iterable, Sequence

from bot.checks.env_names import check_names
from bot.checks.finding import Finding, looked, ok, wrong
from bot.config.desk import Desk
from bot.config.settings import Settings

CheckPart = Callable[[Settings, Desk], Awaitable[Sequence[Finding]]]
# Hears each finding as it is found.
TellFinding = Callable[[Finding], None]


def unheard(_finding: Finding) -> None:
    """For whoever waits for all of them."""


async def check_desk(settings: Settings, desk: Desk, tell: TellFinding = unheard) -> list[Finding]:
    """Look at everything the desk depends on; changes nothing, and a fault found is no error."""
    return await findings_of(LOOKS.items(), settings, desk, tell)


async def findings_of(
    looks: Iterable[tuple[str, CheckPart]], settings: Settings, desk: Desk, tell: TellFinding
) -> list[Finding]:
    """What some looks find, each by what it looks at, one after the other."""
    found = []
    for subject, look in looks:
        for each in await looked(subject, look(settings, desk)):
            tell(each)
            found.append(each)
    return found


async def _names(settings: Settings, _desk: Desk) -> Sequence[Finding]:
    return check_names(settings)


async def _slack(settings: Settings, desk: Desk) -> Sequence[Finding]:
    from handlers.connection import client as slack_client
    from handlers.slack.checks import CHECK_PATIENCE, check_slack

    app_token = None if settings.slack_http_port is not None else settings.slack_app_token
    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        token = app_token.get_secret_value() if app_token else None
        return await check_slack(slack.once, token, desk)


async def _claude(settings: Settings, desk: Desk) -> Sequence[Finding]:
    from bot.checks.model_access import check_claude

    return await check_claude(settings, desk)


async def _database(settings: Settings, _desk: Desk) -> Sequence[Finding]:
    from bot.checks.database import check_database

    return await check_database(settings)


async def _history(settings: Settings, _desk: Desk) -> Sequence[Finding]:
    from bot.checks.database import check_history

    return await check_history(settings)


async def _articles(_settings: Settings, desk: Desk) -> Sequence[Finding]:
    from bot.checks.articles import check_articles

    return await check_articles(desk)


async def _tools(settings: Settings, desk: Desk) -> Sequence[Finding]:
    """Whether each tool of the desk can be asked."""
    if not desk.tools:
        return []
    from bot.tools.probing import problems_of

    return [
        wrong(f"tools.{name}", problem)
        if problem
        else ok(f"tools.{name}", f"asks the {desk.tools[name].title}")
        for name, problem in (await problems_of(desk, settings.env_file)).items()
    ]


async def _programs(settings: Settings, desk: Desk) -> Sequence[Finding]:
    if not (desk.api or desk.webhooks or desk.trackers or desk.customers.secret):
        return []
    from bot.api.callers import good_token
    from bot.checks.programs import check_programs
    from bot.tickets.webhooks import signing_keys
    from bot.tools.connections import linking_secret

    return check_programs(settings, desk, good_token, signing_keys, linking_secret)


LOOKS = {
    ".env": _names,
    "Slack": _slack,
    "Claude": _claude,
    "database": _database,
    "history": _history,
    "knowledge": _articles,
    "tools": _tools,
    "programs": _programs,
}
