"""Everything that `deskhand doctor` looks at and tries."""

# ruff: noqa: PLC0415

from collections.abc import Iterator, Sequence

from bot.app.checks import CheckPart, TellFinding, check_desk, findings_of, unheard
from bot.checks.finding import Finding
from bot.config.desk import Desk
from bot.config.settings import Settings

AGENTS = "desk.agents_channel"
TRUSTED = ("ok", "warning")


async def examine_desk(
    settings: Settings, desk: Desk, tell: TellFinding = unheard, *, tries: bool
) -> list[Finding]:
    """What `check` finds and, with `tries`, a message to the agents and a call to each model.

    What `check` found to be wrong already is not tried.
    """
    found = await check_desk(settings, desk, tell)
    fit = {each.subject for each in found if each.grade in TRUSTED}
    looks = _further(desk, fit, tries=tries)
    return [*found, *await findings_of(looks, settings, desk, tell)]


def _further(desk: Desk, fit: set[str], *, tries: bool) -> Iterator[tuple[str, CheckPart]]:
    yield "clock", _clock
    if tries and AGENTS in fit:
        yield AGENTS, _posting
    if tries and {model for _, model in desk.models} <= fit:
        yield "models", _calls
    if "database" in fit:
        yield "disk", _disk
        yield "database", _state


async def _clock(settings: Settings, _desk: Desk) -> Sequence[Finding]:
    from handlers.connection import client as slack_client
    from handlers.slack.checks import CHECK_PATIENCE
    from handlers.slack.trial import check_clock

    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        return await check_clock(slack.once)


async def _posting(settings: Settings, desk: Desk) -> Sequence[Finding]:
    from handlers.connection import client as slack_client
    from handlers.slack.checks import CHECK_PATIENCE
    from handlers.slack.trial import check_posting

    async with slack_client.connection(settings, CHECK_PATIENCE) as slack:
        return await check_posting(slack.once, desk.desk.agents_channel)


async def _calls(settings: Settings, desk: Desk) -> Sequence[Finding]:
    from bot.checks.trial_calls import check_calls

    return await check_calls(settings, desk)


async def _disk(settings: Settings, _desk: Desk) -> Sequence[Finding]:
    from bot.checks.machine import check_disk

    return await check_disk(settings)


async def _state(settings: Settings, _desk: Desk) -> Sequence[Finding]:
    from bot.checks.machine import check_database_state

    return await check_database_state(settings)
