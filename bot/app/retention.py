"""What is dropped at night, by `[retention]`: rows of no use any more, and the room they took."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.app.services import Services
from storage.answers import streams
from storage.db.columns import utc_now
from storage.db.database import Database, Session
from storage.db.upkeep import empty_log
from storage.erasure.erased_tickets import AT_ONCE, ended_before, erase_ended, forget_requesters
from storage.intake import idempotency, retention
from storage.tickets.audit import BY_TIMER

log = structlog.get_logger("retention")

Forget = Callable[[Session, datetime], int]


async def forget_old(services: Services, due: datetime) -> None:
    """Drop what is older than `[retention]` says, in small transactions, and empty the logs.

    Checkpoints let a story go on after a crash, and tell an event that is sent again; once nobody
    sends it any more they are ballast.
    """
    store, kept = services.opened.store, services.opened.desk.retention
    before = due - timedelta(days=kept.checkpoints_days)
    dropped = {"stories": await services.workflows.forget(before)}
    await store.write(idempotency.forget_acts, before)
    await store.write(streams.forget_streams, before)
    if kept.tickets_days:
        dropped["tickets"] = await _erase_tickets(store, due - timedelta(days=kept.tickets_days))
    for name, days, forget in (
        ("ignored", kept.ignored_days, retention.forget_ignored),
        ("missed", kept.missed_days, retention.forget_missed),
    ):
        if days:
            dropped[name] = await _forget(services, forget, due - timedelta(days=days))
    emptied = [
        await asyncio.to_thread(empty_log, file)
        for file in (store.file, services.workflows.file)
        if file is not None
    ]
    log.info("old rows dropped", **dropped, logs_emptied=all(emptied))


async def _erase_tickets(store: Database, before: datetime) -> int:
    """Take the words out of tickets that are over since before a moment; how many."""
    await store.write(forget_requesters, before)
    numbers = await store.read(ended_before, before)
    erased = 0
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        erased += await store.write(erase_ended, some, before, BY_TIMER, utc_now())
    return erased


async def _forget(services: Services, forget: Forget, before: datetime) -> int:
    dropped = 0
    while some := await services.opened.store.write(forget, before):
        dropped += some
    return dropped
