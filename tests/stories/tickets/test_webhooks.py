"""Other systems hear what becomes of tickets: signed, in order, until they take it."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.config.api import WebhookConfig
from bot.config.settings import SettingsError
from bot.tickets import webhooks
from bot.tickets.webhooks import signing_keys
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
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0

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
        status = self.statuses.pop(0) if self.statuses else 204
        if self.slow and request.transport is not None:
            # A header a while, so that the connection is never idle for long.
            with suppress(OSError):
                while not request.transport.is_closing():
                    request.transport.write(b"HTTP/1.1 103 Early\r\n\r\n")
                    await asyncio.sleep(self.slow)
        return web.Response(status=status, headers=self.headers)


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

    assert signing_keys("HOOK", {"HOOK": coded}) == [SECRET.encode()]


def test_two_secrets_stand_side_by_side_while_one_is_exchanged() -> None:
    """A request is signed by both, so that the other side may change at any moment."""
    keys = signing_keys("HOOK", {"HOOK": f"{SECRET} {SECRET[::-1]}"})
    headers = webhooks.signed_headers(keys, "1-opened", utc_now(), "{}")

    assert keys == [SECRET.encode(), SECRET[::-1].encode()]
    words = f"1-opened.{headers['webhook-timestamp']}.{{}}"
    made = [hmac.new(each, words.encode(), "sha256").digest() for each in keys]
    expected = " ".join(f"v1,{base64.b64encode(each).decode()}" for each in made)
    assert headers["webhook-signature"] == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.example.com/hook",
        "http://localhost.example.com/hook",
        "http://localhost@example.com/hook",
        "https://",
        "https://[::1",
        "https:///hook",
        "https://example.com:port/hook",
        "ftp://127.0.0.1/hook",
    ],
)
def test_an_address_that_others_can_read_along_is_none(url: str) -> None:
    """However much it looks like one of this machine."""
    with pytest.raises(ValueError, match="https://"):
        WebhookConfig(url=url, secret="HOOK_SECRET")


async def two_events(place: Workspace, crm: Receiver) -> datetime:
    """A desk on which a ticket was opened and solved, and nobody has heard of it."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    (ticket,) = await place.tickets()
    await place.asks(place.mai, f"solve {ticket.id}")
    return now


async def test_what_was_taken_is_not_told_again_because_of_what_was_not(
    place: Workspace, crm: Receiver
) -> None:
    """Each is remembered for itself."""
    now = await two_events(place, crm)
    crm.statuses = [204, 500]
    for minutes in (1, 5, 10):
        await place.strikes("webhooks", now + timedelta(minutes=minutes))

    assert crm.types == ["ticket.opened", "ticket.solved", "ticket.solved"]


async def test_a_system_that_is_down_for_days_misses_the_days_and_no_more(
    place: Workspace, crm: Receiver
) -> None:
    """What is older than a day is passed over while it is down; agents are told once."""
    now = await two_events(place, crm)
    crm.statuses = [500] * 9
    for hours in (1, 2, 3, 4, 26):
        await place.strikes("webhooks", now + timedelta(hours=hours))
    down = len(crm.got)
    await place.strikes("webhooks", now + timedelta(hours=27))
    await place.settled()

    assert crm.types[:4] == ["ticket.opened"] * 4
    assert set(crm.types[4:]) == {"ticket.opened", "ticket.solved"}
    assert len(crm.got) == down
    assert "It is over" not in place.slack.transcript(place.agents)


async def test_a_system_says_when_it_wants_to_be_told_again(
    place: Workspace, crm: Receiver
) -> None:
    """By Retry-After, in seconds or as a moment."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    crm.statuses = [429, 503]
    crm.headers = {"Retry-After": "1800"}
    await place.strikes("webhooks", now + timedelta(minutes=1))
    await place.strikes("webhooks", now + timedelta(minutes=20))
    assert len(crm.got) == 1
    await place.strikes("webhooks", now + timedelta(minutes=40))
    assert len(crm.got) == 2


async def test_a_system_that_is_gone_for_good_is_left_alone(
    place: Workspace, crm: Receiver
) -> None:
    """410 says that it wants to hear nothing more: agents read it at once."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    crm.statuses = [410]
    for hours in (1, 2, 20):
        await place.strikes("webhooks", now + timedelta(hours=hours))
    await place.settled()

    assert len(crm.got) == 1
    assert "webhooks.crm: it answered 410" in place.slack.transcript(place.agents)


async def test_an_answer_that_never_ends_holds_up_nobody(
    place: Workspace, crm: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is for the whole of it, and not for each byte."""
    monkeypatch.setattr(webhooks, "WITHIN", 1.0)
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    crm.slow = 0.2
    async with asyncio.timeout(30):
        await place.strikes("webhooks", now + timedelta(minutes=1))
    assert len(crm.got) == 1
    crm.slow = 0
    await place.strikes("webhooks", now + timedelta(minutes=5))
    assert crm.types == ["ticket.opened"] * 2


async def test_what_slack_does_not_speak_of_is_told_later(place: Workspace, crm: Receiver) -> None:
    """Neither told to everybody nor lost."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    await place.stop()
    await place.start(HOOK.format(url=crm.url))
    place.slack.faults.add("conversations.info", "error", times=None)
    await place.strikes("webhooks", now + timedelta(minutes=1))
    assert crm.got == []
    place.slack.faults.clear()
    await place.strikes("webhooks", now + timedelta(minutes=2))
    assert crm.types == ["ticket.opened"]


async def test_what_slack_knows_no_more_is_nobody_s(place: Workspace, crm: Receiver) -> None:
    """A channel that is gone holds up no other."""
    now = await started(place, crm)
    await place.hears(place.linh, DELIVERY)
    await place.stop()
    await place.start(HOOK.format(url=crm.url))
    place.slack.faults.add("conversations.info", "error", code="channel_not_found", times=None)
    await place.strikes("webhooks", now + timedelta(minutes=1))
    place.slack.faults.clear()
    await place.strikes("webhooks", now + timedelta(minutes=2))
    assert crm.got == []
