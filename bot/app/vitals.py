"""How each part of the desk is found to be well: what is asked of it, and what it says if not."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from bot.app.services import Services
from bot.checks.machine import MEGABYTE, NEARLY_FULL
from bot.health.vitals import Ailment, Vitals, VitalSign
from bot.workspace.app_standing import AppStanding
from handlers.connection.receiving import Reception
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.intake import missed
from storage.reports import backlog

# So many messages in that time are no accident of a connection that is made anew.
UNHEARD, UNHEARD_FOR = 3, timedelta(hours=1)
# What waits longer than this waits for something else than its turn.
TOO_LONG = timedelta(minutes=2)


def watch_desk(vitals: Vitals, services: Services, reception: Reception) -> None:
    """Look after the database, the engine, Slack and what waits, from now on."""
    opened = services.opened
    store, workflows = opened.store, services.workflows
    vitals.watch("database", _database(store), vital=True)
    vitals.watch("engine", _engine(workflows.alive, workflows.file), vital=True)
    vitals.watch("slack", _slack(opened.slack.standing, reception), vital=True)
    vitals.watch("backlog", _backlog(store))
    # A server's disk is its own; the logs and copies of this process go where it was started.
    vitals.watch("disk", disk_sign(store.file.parent if store.file else Path()))
    vitals.watch("events", _events(store))
    vitals.follow(_by_the_eldest(services))
    if services.workflows.replicas.eldest:
        services.costs.illness.recall(vitals.look)


def _by_the_eldest(services: Services) -> Callable[[Sequence[Ailment]], Awaitable[None]]:
    """One process tells the agents of what all of them see, and show to whoever looks."""

    async def follow(ailments: Sequence[Ailment]) -> None:
        tells = services.workflows.replicas.eldest
        await services.costs.illness.follow(ailments, tells=tells)

    return follow


async def figures(store: Database) -> Mapping[str, float]:
    """What waits at this moment, by kind, and for how many seconds the oldest does."""
    now = utc_now()
    found = await store.read(backlog.read_backlog, now)
    waits = (now - found.oldest).total_seconds() if found.oldest else 0.0
    return {**found.figures, "oldest_seconds": round(waits, 1)}


def _database(store: Database) -> VitalSign:
    same = _same_file(store.file)

    async def sign() -> str | None:
        if not same():
            return GONE
        await store.write(backlog.take_turn)
        return None

    return sign


def disk_sign(folder: Path, least: int = NEARLY_FULL * MEGABYTE) -> VitalSign:
    """Ill when fewer bytes than the `least` are left where a folder is."""

    async def sign() -> str | None:
        left = (await asyncio.to_thread(shutil.disk_usage, folder)).free
        if left >= least:
            return None
        return f"{left // MEGABYTE} MB are left: make room, or nothing can be written soon"

    return sign


def _engine(alive: VitalSign, file: Path | None) -> VitalSign:
    same = _same_file(file)

    async def sign() -> str | None:
        return await alive() if same() else GONE

    return sign


GONE = "its file was deleted or replaced under the running desk: stop it, and put the file back"


def _same_file(path: Path | None) -> Callable[[], bool]:
    """Whether a path still leads to the file that it leads to now; what is written is lost else.

    A server looks after its own files: there is no path then.
    """
    if path is None:
        return lambda: True
    there = path.stat()

    def same() -> bool:
        try:
            now = path.stat()
        except OSError:
            return False
        return (now.st_dev, now.st_ino) == (there.st_dev, there.st_ino)

    return same


def _slack(standing: AppStanding, reception: Reception) -> VitalSign:
    async def sign() -> str | None:
        if not await reception.open():
            return "no connection stands"
        return standing.refusal

    return sign


def _events(store: Database) -> VitalSign:
    """Whether events come at all while a connection stands; the history tells what they are of."""
    began = utc_now()

    async def sign() -> str | None:
        since = max(began, utc_now() - UNHEARD_FOR)
        unheard = await store.read(missed.count_unheard, since)
        if unheard < UNHEARD:
            return None
        return (
            f"{unheard} messages of the last hour came by no event and were found in the history: "
            "look at the event subscriptions of the app"
        )

    return sign


def _backlog(store: Database) -> VitalSign:
    async def sign() -> str | None:
        now = utc_now()
        found = await store.read(backlog.read_backlog, now)
        if found.oldest is None or now - found.oldest < TOO_LONG:
            return None
        minutes = int((now - found.oldest).total_seconds() // 60)
        number = found.waiting + found.under_way
        return f"{number} messages wait, the oldest for {minutes} minutes"

    return sign
