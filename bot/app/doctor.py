"""Everything that `deskhand doctor` looks at and tries."""

from collections.abc import Sequence

from bot.app.checks import check_desk
from bot.checks.finding import Finding, looked
from bot.checks.surroundings import check_database_state, check_disk
from bot.checks.trial_calls import check_calls
from bot.config.desk import Desk
from bot.config.settings import Settings
from handlers.connection import client as slack_client
from handlers.slack.checks import CHECK_PATIENCE
from handlers.slack.trial import check_clock, check_posting

AGENTS = "desk.agents_channel"
TRUSTED = ("ok", "warning")


async def examine_desk(settings: Settings, desk: Desk, *, tries: bool) -> list[Finding]:
    """What `check` finds and, with `tries`, a message to the agents and a call to each model.

    What `check` found to be wrong already is not tried.
    """
    found = await check_desk(settings, desk)
    fit = {each.subject for each in found if each.grade in TRUSTED}
    models = {model for _, model in desk.models}
    return [
        *found,
        *await looked("clock", _in_slack(settings, desk, posts=tries and AGENTS in fit)),
        *(await looked("models", check_calls(settings, desk)) if tries and models <= fit else ()),
        *(await looked("disk", check_disk(settings)) if "database" in fit else ()),
        *(await looked("database", check_database_state(settings)) if "database" in fit else ()),
    ]


async def _in_slack(settings: Settings, desk: Desk, *, posts: bool) -> Sequence[Finding]:
    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        clock = await check_clock(slack.once)
        if not posts:
            return clock
        return [*clock, *await check_posting(slack.once, desk.desk.agents_channel)]
