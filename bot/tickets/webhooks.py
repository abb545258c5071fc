"""Other systems hear what becomes of tickets: a signed request for each event, until it is taken.

Requests follow the Standard Webhooks specification (webhook-id, webhook-timestamp,
webhook-signature), so that receivers have libraries for them.
"""

import asyncio
import base64
import binascii
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx2
import structlog

from bot.config.api import WebhookConfig
from bot.config.environment import require_length
from bot.config.settings import SettingsError
from bot.notices import Alarms
from bot.runtime.tasks import Stoppable
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import webhooks
from storage.tickets.tables import Ticket
from storage.tickets.webhooks import TicketEvent, WebhookCursor

IsPrivate = Callable[[str], Awaitable[bool]]
WITHIN = 10.0
# How long after each failure in a row it is told again; the last holds for all further ones.
AGAIN = tuple(timedelta(seconds=each) for each in (55, 120, 600, 3600))
# An event that was not taken for so long is passed over.
GIVEN_UP = timedelta(hours=24)
# Failures in a row after which the agents are told.
TOLD_AFTER = 3
LEAST_SECRET = 24

log = structlog.get_logger("webhooks")


class Webhooks(Stoppable):
    """Tells each system in the order of the audit; one that fails holds up no other."""

    def __init__(
        self,
        store: Database,
        hooks: Mapping[str, WebhookConfig],
        secrets: Mapping[str, str],
        desk: str,
        private: IsPrivate,
        alarms: Alarms,
    ) -> None:
        """Nothing is connected to yet.

        Raises:
            SettingsError: a secret is short, or is not what it says it is.
        """
        self._store = store
        self._hooks = hooks
        self._keys = {name: signing_key(each.secret, secrets) for name, each in hooks.items()}
        self._desk = desk
        self._private = private
        self._alarms = alarms
        self._http = httpx2.AsyncClient(timeout=WITHIN, follow_redirects=False) if hooks else None
        self._telling = asyncio.Lock()

    async def stop(self) -> None:
        """Close what is connected."""
        if self._http is not None:
            await self._http.aclose()

    async def tell(self, now: datetime) -> None:
        """Tell every system what it has not heard; what is under way already is enough."""
        if self._telling.locked():
            return
        async with self._telling:
            cursors = await self._store.write(webhooks.keep_cursors, list(self._hooks))
            due = [each for each in cursors if each.next_at is None or each.next_at <= now]
            await asyncio.gather(*(self._tell(each, now) for each in due))

    async def _tell(self, cursor: WebhookCursor, now: datetime) -> None:
        after = cursor.change_id
        while True:
            events, reached = await self._store.read(webhooks.next_events, after)
            for event in events:
                problem = await self._told(cursor.name, event)
                if problem and not _given_up(cursor, now):
                    await self._failed(cursor, now, problem)
                    return
                if problem:
                    log.error("event given up", webhook=cursor.name, event_id=event.id)
                    cursor.since = None
            if reached == after:
                return
            await self._store.write(webhooks.heard_up_to, cursor.name, reached)
            after = reached
            if events:
                await self._alarms.set(f"webhook:{cursor.name}", None)

    async def _failed(self, cursor: WebhookCursor, now: datetime, problem: str) -> None:
        next_at = now + AGAIN[min(cursor.attempts, len(AGAIN) - 1)]
        await self._store.write(webhooks.not_heard, cursor.name, now, next_at)
        log.warning("event not taken", webhook=cursor.name, problem=problem)
        if cursor.attempts + 1 >= TOLD_AFTER:
            sentence = f"webhooks.{cursor.name}: {problem}. It is told again until it takes it."
            await self._alarms.set(f"webhook:{cursor.name}", sentence)

    async def _told(self, name: str, event: TicketEvent) -> str:
        """Why a system did not take an event; empty where it did, or need not hear of it."""
        hook, http = self._hooks[name], self._http
        if http is None or event.kind not in hook.events:
            return ""
        if not hook.private and await self._hidden(event.ticket):
            return ""
        body = json.dumps(event_told(event, self._desk, words=hook.words), ensure_ascii=False)
        headers = signed_headers(self._keys[name], event.id, utc_now(), body)
        try:
            async with http.stream(
                "POST", hook.url, content=body.encode(), headers=headers
            ) as response:
                return "" if response.is_success else f"it answered {response.status_code}"
        except httpx2.HTTPError as error:
            return f"not reached ({type(error).__name__})"

    async def _hidden(self, ticket: Ticket) -> bool:
        """Whether only some people see it; also where Slack does not say."""
        direct = ticket.private or ticket.channel_id.startswith("D")
        return direct or await self._private(ticket.channel_id)


def event_told(event: TicketEvent, desk: str, *, words: bool) -> dict[str, Any]:
    """An event as other systems are told it; with `words` what people wrote, and who."""
    ticket = event.ticket
    told: dict[str, Any] = {
        "number": ticket.ticket_id,
        "status": ticket.status,
        "priority": ticket.priority,
        "category": ticket.intent,
        "opened_at": _moment(ticket.opened_at),
        "solved_at": _moment(ticket.solved_at),
    }
    if words:
        told |= {
            "title": ticket.title,
            "summary": ticket.summary,
            "requester": ticket.requester_id,
            "owner": ticket.assignee_id,
            "channel": ticket.channel_id,
            "tags": ticket.tags,
            "link": ticket.link,
            "changed_by": event.who,
        }
    return {
        "type": f"ticket.{event.kind}",
        "timestamp": _moment(event.at),
        "data": {"desk": desk, "ticket": told},
    }


def signed_headers(key: bytes, name: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a request by the specification: its name, its moment, its signature."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(key, f"{name}.{moment}.{body}".encode(), "sha256").digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "deskhand",
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def signing_key(variable: str, secrets: Mapping[str, str]) -> bytes:
    """The key in a variable: what stands there, or after `whsec_` what it means in base 64.

    Raises:
        SettingsError: it is short, or no base 64.
    """
    secret = secrets[variable]
    try:
        coded = secret.removeprefix("whsec_")
        key = base64.b64decode(coded, validate=True) if coded != secret else secret.encode()
    except (binascii.Error, ValueError):
        raise SettingsError(f"{variable}: after whsec_ base 64 is expected") from None
    require_length(variable, key, LEAST_SECRET)
    return key


def _given_up(cursor: WebhookCursor, now: datetime) -> bool:
    return cursor.since is not None and now - cursor.since >= GIVEN_UP


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None
