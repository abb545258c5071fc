"""Check of Claude: whether each model of the desk can be used, and for how long still."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.checks.finding import Finding, ok, unreachable, warning, wrong
from bot.config.desk import Desk
from bot.config.settings import Settings, SettingsError
from bot.llm.calls import ModelUnknown, ModelUnreachable
from bot.llm.client import Claude
from bot.llm.price_files import prices_of


async def check_claude(settings: Settings, desk: Desk) -> Sequence[Finding]:
    """Whether the desk's price files can be read, and its models used."""
    try:
        catalogue = prices_of(desk)
    except SettingsError as error:
        return [wrong("prices", str(error).removeprefix("prices: "))]
    async with Claude(settings, catalogue) as claude:
        return await check_models(claude, desk)


async def check_models(claude: Claude, desk: Desk) -> Sequence[Finding]:
    """Whether each model of the desk exists and for how long still.

    When all fail for one reason, that is the key or the address, and it is said once.
    """
    models = dict.fromkeys(model for _, model in desk.models)
    found = await asyncio.gather(*(_model(claude, model) for model in models))
    reasons = {(each.grade, each.sentence) for each in found}
    if len(found) > 1 and len(reasons) == 1 and found[0].grade in ("wrong", "unreachable"):
        return [replace(found[0], subject="Claude", sentence=_no_model(found[0].sentence))]
    return found


def _no_model(sentence: str) -> str:
    return f"no model can be used: {sentence}"


async def _model(claude: Claude, model: str) -> Finding:
    try:
        lifecycle, retires_at = await claude.lifecycle(model)
    except ModelUnreachable as problem:
        return unreachable(model, str(problem))
    except ModelUnknown as problem:
        return wrong(model, str(problem))
    match lifecycle:
        case "retired":
            return wrong(model, "is retired: choose another one under [models] in desk.toml")
        case "deprecated":
            return warning(model, f"is deprecated{_until(retires_at)}: plan its replacement")
        case "active":
            return ok(model, "is active")
        case _:
            return ok(model, "is known there, which does not say for how long")


def _until(retires_at: datetime | None) -> str:
    return f" and ends on {retires_at:%Y-%m-%d}" if retires_at else ""
