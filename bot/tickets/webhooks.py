"""Other systems hear what becomes of tickets: a signed request for each event, until it is taken.

Requests follow the Standard Webhooks specification (webhook-id, webhook-timestamp,
webhook-signature), so that receivers have libraries for them.
"""

import asyncio
import base64
import binascii
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
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
from storage.tickets.webhooks import TicketEvent, WebhookCursor

# Whether only the members of a channel know of it; None while Slack does not say.
Privacy = Callable[[str], Awaitable[bool | None]]
WITHIN = 10.0
# How long after each failure in a row it is told again; the last holds for all further ones.
AGAIN = tuple(timedelta(seconds=each) for each in (55, 120, 600, 3600))
# What is as old as that is passed over by a system that has taken nothing for as long.
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
        privacy: Privacy,
        alarms: Alarms,
    ) -> None:
        """Nothing is connected to yet.

        Raises:
            SettingsError: a secret is short, or is not what it says it is.
        """
        self._store = store
        self._hooks = hooks
        self._keys = {name: signing_keys(each.secret, secrets) for name, each in hooks.items()}
        self._desk = desk
        self._privacy = privacy
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
        name, after = cursor.name, cursor.change_id
        while True:
            events, reached = await self._store.read(webhooks.next_events, after)
            for event in events:
                if not await self._settled(cursor, event, now):
                    return
            await self._store.write(webhooks.pass_over, name, reached)
            if reached == after:
                return
            after = reached

    async def _settled(self, cursor: WebhookCursor, event: TicketEvent, now: datetime) -> bool:
        """Tell a system of an event; whether the following one may be told."""
        name, old = cursor.name, now - event.at >= GIVEN_UP
        hears = await self._hears(name, event)
        if hears is None and not old:
            # Whether everybody may know of it will be known at one of the next looks.
            return False
        if hears:
            refusal = await self._told(name, event)
            failing = cursor.since is not None and now - cursor.since >= GIVEN_UP
            if refusal is not None and not (failing and old):
                await self._failed(cursor, now, refusal)
                return False
            if refusal is None:
                await self._store.write(webhooks.heard_up_to, name, event.change_id)
                await self._alarms.set(f"webhook:{name}", None)
                cursor.attempts, cursor.since = 0, None
                return True
            log.error("event given up", webhook=name, event_id=event.id)
        await self._store.write(webhooks.pass_over, name, event.change_id)
        return True

    async def _failed(self, cursor: WebhookCursor, now: datetime, refusal: "NotTold") -> None:
        wait = max(AGAIN[min(cursor.attempts, len(AGAIN) - 1)], refusal.wait)
        attempts = await self._store.write(webhooks.not_heard, cursor.name, now, now + wait)
        log.warning("event not taken", webhook=cursor.name, problem=refusal.problem)
        if attempts >= TOLD_AFTER or refusal.gone:
            said = f"webhooks.{cursor.name}: {refusal.problem}. It is told again until it takes it."
            await self._alarms.set(f"webhook:{cursor.name}", said)

    async def _hears(self, name: str, event: TicketEvent) -> bool | None:
        """Whether a system is told of an event; None while Slack does not say who may know."""
        hook = self._hooks[name]
        if event.kind not in hook.events:
            return False
        if hook.private:
            return True
        if event.ticket.private or event.ticket.channel_id.startswith("D"):
            return False
        private = await self._privacy(event.ticket.channel_id)
        return None if private is None else not private

    async def _told(self, name: str, event: TicketEvent) -> "NotTold | None":
        """Why a system did not take an event; None where it did."""
        hook, http = self._hooks[name], self._http
        if http is None:
            return None
        body = json.dumps(event_told(event, self._desk, words=hook.words), ensure_ascii=False)
        headers = signed_headers(self._keys[name], event.id, utc_now(), body)
        try:
            async with (
                asyncio.timeout(WITHIN),
                http.stream("POST", hook.url, content=body.encode(), headers=headers) as response,
            ):
                return None if response.is_success else _refused_by(response)
        except TimeoutError:
            return NotTold(f"no answer within {WITHIN:g} s")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return NotTold(f"not reached ({type(error).__name__})")


@dataclass(frozen=True)
class NotTold:
    """Why a system did not take an event, and how long it wants to be left alone at least.

    `gone` says that it wants to hear nothing any more.
    """

    problem: str
    wait: timedelta = timedelta()
    gone: bool = False


def _refused_by(response: httpx2.Response) -> NotTold:
    """What a status says, and Retry-After with it, in seconds or as a moment."""
    said = response.headers.get("Retry-After", "")
    gone = response.status_code == httpx2.codes.GONE
    wait = GIVEN_UP if gone else min(_pause(said), GIVEN_UP)
    return NotTold(f"it answered {response.status_code}", wait, gone=gone)


def _pause(said: str) -> timedelta:
    if re.fullmatch("[0-9]{1,9}", said):
        return timedelta(seconds=int(said))
    try:
        return parsedate_to_datetime(said) - utc_now()
    except (TypeError, ValueError):
        return timedelta()


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


def signed_headers(keys: Sequence[bytes], name: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a request by the specification: its name, its moment, its signatures."""
    moment = str(int(at.timestamp()))
    signed = f"{name}.{moment}.{body}".encode()
    digests = (hmac.new(key, signed, "sha256").digest() for key in keys)
    return {
        "Content-Type": "application/json",
        "User-Agent": "deskhand",
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in digests),
    }


def signing_keys(variable: str, secrets: Mapping[str, str]) -> Sequence[bytes]:
    """The keys in a variable: what stands there, or after `whsec_` what it means in base 64.

    While a secret is exchanged both stand there, with a space between them.

    Raises:
        SettingsError: one is short, or no base 64.
    """
    return [_key(variable, each) for each in secrets[variable].split() or [""]]


def _key(variable: str, secret: str) -> bytes:
    try:
        coded = secret.removeprefix("whsec_")
        key = base64.b64decode(coded, validate=True) if coded != secret else secret.encode()
    except (binascii.Error, ValueError):
        raise SettingsError(f"{variable}: after whsec_ base 64 is expected") from None
    require_length(variable, key, LEAST_SECRET)
    return key


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None
