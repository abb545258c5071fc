"""Other systems hear what becomes of tickets: signed, in order, until they take it."""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.config.settings import SettingsError
from bot.tickets.webhooks import signing_key
from storage.db.columns import utc_now
from storage.db.database import Session
from storage.tickets.webhooks import keep_cursors
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace

SECRET = "hook-secret-0123456789abcdef"
HOOK = """
[webhooks.crm]
url = "{url}"
secret = "HOOK_SECRET"
"""
COMPLAINT = "This is the worst shop ever, I want to talk to a person now!"


@dataclass
class Receiver:
    """Somebody else's system: what it got, and what it answers next."""

    port: int = 0
    got: list[tuple[Mapping[str, str], str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    @property
    def types(self) -> list[str]:
        return [each["type"] for each in self.events]

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.text()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


@pytest.fixture
async def crm(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    receiver = Receiver()
    site = web.Application()
    site.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.port = runner.addresses[0][1]
    yield receiver
    await runner.cleanup()


async def started(place: Workspace, crm: Receiver, more: str = "") -> datetime:
    """A desk that tells from now on; the moment of its first look."""
    await place.start(HOOK.format(url=crm.url) + more)
    now = utc_now()
    await place.strikes("webhooks", now)
    return now


async def test_a_ticket_is_told_when_opened_and_when_solved(
    place: Workspace, crm: Receiver
) -> None:
    """Each once, in their order, signed; a look that finds nothing new tells nothing."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    await place.strikes("webhooks", now + timedelta(minutes=1))
    (ticket,) = await place.tickets()
    await place.asks(place.mai, f"solve {ticket.id}")
    await place.strikes("webhooks", now + timedelta(minutes=2))
    await place.strikes("webhooks", now + timedelta(minutes=3))

    assert crm.types == ["ticket.opened", "ticket.solved"]
    headers, body = crm.got[0]
    words = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
    digest = hmac.new(SECRET.encode(), words.encode(), "sha256").digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert crm.events[1]["data"]["ticket"]["status"] == "solved"


async def test_nobody_s_words_leave_without_the_setting(place: Workspace, crm: Receiver) -> None:
    """With it, title, requester and channel go along."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    await place.strikes("webhooks", now + timedelta(minutes=1))
    (ticket,) = await place.tickets()
    bare = crm.got[0][1]
    await place.stop()
    await place.start(HOOK.format(url=crm.url) + "words = true\n")
    await place.asks(place.mai, f"solve {ticket.id}")
    await place.strikes("webhooks", now + timedelta(minutes=2))

    assert ticket.title
    for each in (ticket.title, place.linh.id, place.orders.id):
        assert each not in bare
        assert each in crm.got[1][1]


async def test_private_tickets_are_told_to_nobody_without_the_setting(
    place: Workspace, crm: Receiver
) -> None:
    """Not even their numbers."""
    now = await started(place, crm)
    secret = place.slack.add_channel("board", members=[place.linh], private=True)
    await place.linh.post(secret, DELIVERY)
    await place.settled()
    await place.strikes("webhooks", now + timedelta(minutes=1))
    assert len(await place.tickets()) == 1
    assert crm.got == []
    await place.stop()
    await place.start(HOOK.format(url=crm.url) + "private = true\n")
    (ticket,) = await place.tickets()
    await place.asks(place.mai, f"solve {ticket.id}")
    await place.strikes("webhooks", now + timedelta(minutes=2))
    assert crm.types == ["ticket.solved"]


async def test_what_is_not_taken_is_told_again(place: Workspace, crm: Receiver) -> None:
    """Under the same name, at its time; agents read once that a system does not take it."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    crm.statuses = [500, 302, 404]
    for minutes in (1, 2, 5, 20):
        await place.strikes("webhooks", now + timedelta(minutes=minutes))
    await place.settled()

    assert len(crm.got) == 4
    assert len({headers["webhook-id"] for headers, _ in crm.got}) == 1
    shown = place.slack.transcript(place.agents)
    assert shown.count("webhooks.crm: it answered 404") == 2  # it began, and it is over
    assert "It is over" in shown


async def test_one_is_not_asked_before_its_time(place: Workspace, crm: Receiver) -> None:
    """A system that is down is left alone for a while."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    crm.statuses = [500, 500]
    await place.strikes("webhooks", now + timedelta(minutes=1))
    await place.strikes("webhooks", now + timedelta(minutes=1, seconds=30))
    assert len(crm.got) == 1


async def test_what_is_not_taken_for_a_day_is_passed_over(place: Workspace, crm: Receiver) -> None:
    """What came after it is told."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    crm.statuses = [500]
    await place.strikes("webhooks", now + timedelta(minutes=1))
    (ticket,) = await place.tickets()
    await place.asks(place.mai, f"solve {ticket.id}")
    crm.statuses = [500]
    await place.strikes("webhooks", now + timedelta(hours=25))
    await place.strikes("webhooks", now + timedelta(hours=26))

    assert crm.types == ["ticket.opened", "ticket.opened", "ticket.solved"]


async def test_a_stop_loses_nothing_and_another_system_begins_now(
    place: Workspace, crm: Receiver
) -> None:
    """What happened while nobody told is told afterwards; a new one hears no history."""
    now = await started(place, crm)
    await place.hears(place.linh, COMPLAINT)
    await place.stop()
    another = HOOK.format(url=crm.url).replace("crm", "bi").replace("/hook", "/nowhere")
    await place.start(HOOK.format(url=crm.url) + another)
    await place.strikes("webhooks", now + timedelta(minutes=1))

    assert crm.types == ["ticket.opened", "ticket.handed_over"]
    cursors = await place.running.store.write(_cursors)
    assert [(each.name, each.attempts) for each in cursors] == [("crm", 0), ("bi", 0)]


def _cursors(session: Session) -> Any:
    return keep_cursors(session, ["crm", "bi"])


@pytest.mark.parametrize("secret", ["short", "", "whsec_not base 64", "whsec_c2hvcnQ="])
async def test_a_bad_secret_is_told_at_the_start(
    place: Workspace, crm: Receiver, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    """By the name of its variable."""
    monkeypatch.setenv("HOOK_SECRET", secret)

    with pytest.raises(SettingsError, match="HOOK_SECRET"):
        await started(place, crm)


def test_a_secret_of_the_specification_is_what_it_means() -> None:
    """`whsec_` and base 64."""
    coded = "whsec_" + base64.b64encode(SECRET.encode()).decode()

    assert signing_key("HOOK", {"HOOK": coded}) == SECRET.encode()
