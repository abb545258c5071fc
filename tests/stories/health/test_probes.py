"""Alive, ready, and how much of what: asked over HTTP at a port of their own."""

import asyncio
import math
import re
from typing import Any

import aiohttp
import pytest

from bot.config.settings import SettingsError
from bot.health.probes import serving_probes
from bot.health.vitals import Vitals
from tests.support.databases import only_on, writing_held
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace

PARTS = ("database", "engine", "slack", "backlog", "disk", "events")


async def asked(port: int | None, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/{path}") as response,
    ):
        return response.status, await response.text()


async def ready(place: Workspace) -> tuple[int, dict[str, Any]]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{place.running.ops_port}/readyz") as response,
    ):
        return response.status, await response.json()


async def figures(place: Workspace) -> dict[str, float]:
    """What /metrics says, by name and labels."""
    status, text = await asked(place.running.ops_port, "metrics")
    assert status == 200
    found = re.findall(r"^(deskhand_\S+(?: \S+)*?) (\S+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


async def test_a_desk_at_work_is_alive_and_ready(place: Workspace) -> None:
    """Each part by its name, and nothing waits."""
    await place.start(ops_port=0)
    alive, _ = await asked(place.running.ops_port, "healthz")
    status, said = await ready(place)

    assert (alive, status) == (200, 200)
    assert said["parts"] == dict.fromkeys(PARTS, "ok")
    assert (said["ready"], said["waiting"], said["under_way"]) == (True, 0, 0)


async def test_an_alarm_that_stands_is_told_here_too(place: Workspace) -> None:
    """As long as it stands: with a refused key people answer, so the desk is ready."""
    await place.start(ops_port=0)
    place.claude.faults.add("unauthorized", times=math.inf)
    await place.hears(place.linh, DELIVERY)
    during = await ready(place)
    place.claude.faults.clear()
    await place.hears(place.linh, DELIVERY)
    after = await ready(place)

    assert (during[0], during[1]["alarms"]) == (200, ["refused"])
    assert (after[0], after[1]["alarms"]) == (200, [])


async def test_without_the_setting_there_is_no_port(place: Workspace) -> None:
    """Nobody is told anything unasked."""
    await place.start()

    assert place.running.ops_port is None


async def test_what_is_counted_is_what_was_done(place: Workspace) -> None:
    """One question: a message, its story and stages, its calls, its costs."""
    await place.start(ops_port=0)
    before = await figures(place)
    await place.hears(place.linh, DELIVERY)
    after = await figures(place)

    def more(name: str) -> float:
        return after.get(name, 0.0) - before.get(name, 0.0)

    calls = sum(more(name) for name in after if name.startswith("deskhand_model_calls_total"))
    dollars = sum(more(name) for name in after if name.startswith("deskhand_model_dollars_total"))
    billed = sum(each.nano_dollars for each in await place.calls())
    assert more('deskhand_messages_total{by="event"}') == 1
    assert more('deskhand_stories_total{outcome="answered"}') == 1
    assert more('deskhand_stage_seconds_count{stage="answer"}') == 1
    assert more('deskhand_slack_calls_total{answer="ok",method="chat.postMessage"}') >= 1
    assert calls == len(place.claude.calls)
    assert dollars == pytest.approx(billed / 1_000_000_000)
    assert after["deskhand_last_event_timestamp_seconds"] > 1_700_000_000
    assert after['deskhand_ill{part="database"}'] == 0


async def test_what_slack_refuses_is_counted_by_its_word(place: Workspace) -> None:
    """And what it sends again because nobody acknowledged it."""
    await place.start(ops_port=0)
    before = await figures(place)
    place.slack.faults.add("chat.postMessage", kind="ratelimited", retry_after=0)
    place.slack.faults.events("twice", type="message")
    await place.hears(place.linh, DELIVERY)
    after = await figures(place)
    status, _ = await ready(place)
    assert status == 200
    refused = 'deskhand_slack_calls_total{answer="ratelimited",method="chat.postMessage"}'
    received = 'deskhand_received_total{kind="event_callback"}'

    assert after[refused] - before.get(refused, 0) == 1
    assert after[received] - before.get(received, 0) >= 2


async def test_a_locked_database_is_not_ready_and_is_ready_again(place: Workspace) -> None:
    """The process is alive all the while, so nobody restarts it."""
    place.slack.rate_limits = False
    await place.start(ops_port=0)
    with writing_held(place.database_url):
        (alive, _), (status, said) = await asyncio.gather(
            asked(place.running.ops_port, "healthz"), ready(place)
        )
    assert (alive, status) == (200, 503)
    assert said["parts"]["database"] == "gave no answer within 5 seconds"
    assert said["parts"]["slack"] == "ok"
    assert (await ready(place))[0] == 200


@only_on("sqlite", "a server looks after its files")
async def test_files_deleted_under_the_desk_are_noticed(place: Workspace) -> None:
    """What is written from now on would be lost with the process."""
    await place.start(ops_port=0)
    for name in ("deskhand.db", "deskhand.engine.db"):
        (place.folder / name).rename(place.folder / f"{name}.away")
    async with asyncio.timeout(30):
        # A look that was under way may have been too early.
        while (await ready(place))[0] == 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # it tells only who asks
    status, said = await ready(place)
    for name in ("deskhand.db", "deskhand.engine.db"):
        (place.folder / f"{name}.away").rename(place.folder / name)

    assert status == 503
    assert "was deleted or replaced" in said["parts"]["database"]
    assert "was deleted or replaced" in said["parts"]["engine"]
    async with asyncio.timeout(30):
        while (await ready(place))[0] == 503:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_an_app_that_slack_refuses_is_not_ready(place: Workspace) -> None:
    """In the words that the agents read."""
    await place.start(ops_port=0)
    place.slack.refuse_app("token_revoked")
    await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: any(each.method == "auth.test" for each in place.slack.calls[-3:]))
    async with asyncio.timeout(10):
        while (await ready(place))[0] == 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # it tells only who asks
    status, said = await ready(place)
    place.slack.accept_app()

    assert status == 503
    assert "token was revoked" in said["parts"]["slack"]


async def test_a_socket_that_is_away_is_not_ready(place: Workspace) -> None:
    """Nobody is heard meanwhile."""
    await place.start(ops_port=0)
    place.slack.faults.add("apps.connections.open", kind="server_error", times=None)
    await place.slack.drop_sockets()
    async with asyncio.timeout(30):
        while (await ready(place))[0] == 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # it tells only who asks
    _, said = await ready(place)

    assert said["parts"]["slack"] == "no connection stands"


async def test_a_desk_that_is_starting_is_alive_and_not_ready(place: Workspace) -> None:
    """It may wait for Slack for long, and must not be taken for dead."""
    vitals = Vitals()
    async with serving_probes(place.configure(ops_port=0), vitals) as probes:
        alive, _ = await asked(probes.port, "healthz")
        status, said = await asked(probes.port, "readyz")
        nothing, _ = await asked(probes.port, "")

    assert (alive, status, nothing) == (200, 503, 404)
    assert "is under way" in said


async def test_a_port_that_is_taken_is_named(place: Workspace) -> None:
    """Before anything was opened."""
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SettingsError, match=f"OPS_PORT: 127.0.0.1:{port}"):
            await place.start(ops_port=port)
