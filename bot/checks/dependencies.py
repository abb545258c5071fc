"""Checks of what the desk depends on besides Slack: Claude, the database, the articles."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.checks.finding import Finding, ok, unreachable, warning, wrong
from bot.config.desk import Desk
from bot.config.env_file import OTHER
from bot.config.settings import Settings, SettingsError, passed_over
from bot.knowledge import embeddings, shelf_words
from bot.knowledge.desk_sources import local_sources, websites
from bot.knowledge.sources import ArticleSource, SourceMissing
from bot.llm.calls import ModelUnknown, ModelUnreachable
from bot.llm.client import Claude
from bot.llm.price_files import prices_of
from storage.db.address import BadDatabaseUrl, database_url, shown
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.db.migrate import migration_pending
from storage.intake import missed, watermarks
from storage.knowledge.values import Audience


def check_names(settings: Settings) -> Sequence[Finding]:
    """What stands in `.env` and is nothing that the desk reads."""
    if not (names := passed_over(settings)):
        return []
    told = f"{', '.join(names)}: not read by the desk, so another program's"
    return [warning(".env", f"{told} (a line that ends with {OTHER} is not told of)")]


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


async def check_database(settings: Settings) -> Sequence[Finding]:
    """Whether the database can be opened and is up to date."""
    try:
        name = shown(database_url(settings.database_url))
        behind = await asyncio.to_thread(migration_pending, settings.database_url)
    except BadDatabaseUrl as problem:
        return [wrong("database", str(problem))]
    if behind:
        return [ok("database", f"{name} will be brought up to date at the next run")]
    return [ok("database", f"{name} is up to date")]


async def check_history(settings: Settings) -> Sequence[Finding]:
    """What no event brought in the last week; nothing where no desk has run on the database."""
    try:
        if await asyncio.to_thread(migration_pending, settings.database_url):
            return []
    except BadDatabaseUrl:
        return []
    store = Database(settings.database_url)
    try:
        now = utc_now()
        read_at = await store.read(watermarks.last_read)
        found = await store.read(missed.count_missed, now - timedelta(days=7), now)
    finally:
        await store.close()
    if read_at is None:
        return []
    told = f"last read {read_at:%Y-%m-%d %H:%M} UTC"
    return [ok("history", f"{found} messages of a week came by no event and were found; {told}")]


async def check_articles(desk: Desk) -> Sequence[Finding]:
    """Whether there is anything to answer from, and what it takes to rank it."""
    found: list[Finding] = []
    if desk.knowledge.rerank and not embeddings.embedder_installed():
        found.append(wrong("knowledge", embeddings.MISSING))
    audiences: set[Audience] = set()
    for source in local_sources(desk):
        found += await asyncio.to_thread(_check_source, source, audiences)
    remote = [ok("knowledge", f"{each.name} is read by the bot") for each in websites(desk)]
    found += remote
    if "public" not in audiences and not remote:
        found.append(warning("knowledge", shelf_words.EMPTY))
    return found


def _check_source(source: ArticleSource, audiences: set[Audience]) -> Sequence[Finding]:
    """How many articles it has; for whom they are is added to `audiences`."""
    try:
        reading = source.read()
    except SourceMissing as problem:
        return [warning("knowledge", str(problem))]
    audiences.update(each.audience for each in reading.articles)
    told = shelf_words.articles_text(len(reading.articles))
    return [
        *(warning("knowledge", problem) for problem in reading.problems),
        ok("knowledge", f"{told} in {source.name}"),
    ]
