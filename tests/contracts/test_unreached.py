"""Servers that give no answer of their own: `check` tells each from the others, `run` waits."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.app.checks import check_desk
from bot.checks.finding import Finding
from bot.cli import main
from bot.unreached import unreached
from emulator.slack.faults import CallKind
from tests.support.process import command, ended, env_file
from tests.support.questions import DELIVERY
from tests.support.workspace import ROOT, Workspace

PAGE = "<!doctype html><title>Sign in</title><p>Please sign in to the network."


@asynccontextmanager
async def stranger(status: int, kind: str, body: str, **headers: str) -> AsyncIterator[str]:
    """A server that answers everything alike; its address."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=kind, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def faults(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [
        (each.grade, each.subject, each.sentence)
        for each in findings
        if each.grade in ("wrong", "unreachable")
    ]


@pytest.mark.parametrize(
    ("status", "kind", "body", "headers", "grade", "sentence"),
    [
        (503, "text/plain", "upstream connect error", {}, "unreachable", "is in trouble (503)"),
        (502, "text/html", PAGE, {}, "unreachable", "is in trouble (502)"),
        (503, "application/json", "<html>", {}, "unreachable", "is in trouble (503)"),
        (
            429,
            "text/html",
            PAGE,
            {"Retry-After": "30"},
            "unreachable",
            "takes no more questions for 30 seconds (429)",
        ),
        (429, "text/plain", "slow down", {}, "unreachable", "takes no more questions (429)"),
        (200, "text/html", PAGE, {}, "wrong", "did not answer, a web page did (200)"),
        (200, "application/json", PAGE, {}, "wrong", "did not answer, a web page did (200)"),
        (200, "text/plain", "ok", {}, "wrong", "did not answer, a web page did (200)"),
        (200, "application/json", "[]", {}, "wrong", "did not answer, a web page did (200)"),
        (200, "application/json", '{"hello": 1}', {}, "wrong", "did not answer, a web page did"),
        (403, "text/html", PAGE, {}, "wrong", "did not answer, a web page did (403)"),
        (404, "text/html", PAGE, {}, "wrong", "is not there (404)"),
        (404, "application/json", '{"detail": "Not Found"}', {}, "wrong", "is not there (404)"),
        (407, "text/html", PAGE, {}, "wrong", "is behind a proxy that wants a password (407)"),
    ],
)
async def test_what_answers_in_their_place_is_told_apart(
    place: Workspace,
    status: int,
    kind: str,
    body: str,
    headers: dict[str, str],
    grade: str,
    sentence: str,
) -> None:
    """Slack and Claude alike: trouble, too many questions, a proxy's page, another server."""
    async with stranger(status, kind, body, **headers) as url:
        settings = place.configure(slack_api_url=f"{url}/api/", anthropic_base_url=url)
        found = faults(await check_desk(settings, place.desk()))

    passing = grade == "unreachable"
    way = "the API" if passing else "ANTHROPIC_BASE_URL"
    assert [each[:2] for each in found] == [
        (grade, "Slack" if passing else "SLACK_API_URL"),
        (grade, "Claude"),
    ]
    assert found[0][2].removeprefix("Slack ").startswith(sentence)
    assert found[1][2].startswith(f"no model can be used: {way} {sentence}")


async def test_nobody_there_is_not_wrong(place: Workspace) -> None:
    """No such host, and a port on which nobody listens."""
    closed = place.configure(
        slack_api_url="http://127.0.0.1:9/api/", anthropic_base_url="http://127.0.0.1:9"
    )
    nowhere = place.configure(
        slack_api_url="https://slack.invalid/api/", anthropic_base_url="https://claude.invalid"
    )
    desk = place.desk()

    assert faults(await check_desk(closed, desk)) == [
        ("unreachable", "Slack", "could not be reached: it takes no calls"),
        (
            "unreachable",
            "Claude",
            "no model can be used: the API could not be reached: it takes no calls",
        ),
    ]
    assert [each[:2] for each in faults(await check_desk(nowhere, desk))] == [
        ("unreachable", "Slack"),
        ("unreachable", "Claude"),
    ]


async def test_a_refused_key_and_a_refused_token_are_neither(place: Workspace) -> None:
    """Waiting helps nobody there."""
    place.claude.faults.add("forbidden", times=9, path="*")
    settings = place.configure(slack_bot_token="xoxb-wrong")
    found = faults(await check_desk(settings, place.desk()))

    assert found == [
        ("wrong", "SLACK_BOT_TOKEN", "is not valid: copy it again from the app's page"),
        ("wrong", "Claude", "no model can be used: ANTHROPIC_API_KEY may not use it"),
    ]


@pytest.mark.parametrize(
    ("fault", "options", "found"),
    [
        ("ratelimited", {"retry_after": 7}, "takes no more questions for 7 seconds (429)"),
        ("server_error", {}, "is in trouble (503)"),
        ("error", {"code": "internal_error"}, "refused to answer (internal_error)"),
        ("error", {"code": "ratelimited"}, "refused to answer (ratelimited)"),
    ],
)
async def test_trouble_in_the_middle_is_told_with_what_was_seen_by_then(
    place: Workspace, fault: CallKind, options: dict[str, Any], found: str
) -> None:
    """The token is known to be good, and nothing is said of the channels."""
    place.slack.faults.add("users.conversations", fault, times=None, **options)
    findings = await check_desk(place.configure(), place.desk())

    assert faults(findings) == [("unreachable", "Slack", found)]
    assert {"SLACK_BOT_TOKEN", "desk.agents_channel"} <= {each.subject for each in findings}


@pytest.mark.parametrize(
    ("error", "sentence", "passing"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no such host", True),
        (ConnectionResetError(104, "reset"), "the connection was cut", True),
        (TimeoutError(), "did not answer in time", True),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "does not speak TLS", False),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "is not trusted", False),
        (ValueError("anything else"), "could not be reached: RuntimeError", True),
    ],
)
def test_the_systems_own_error_says_why(error: Exception, sentence: str, passing: bool) -> None:
    """However deep under those of the client."""
    above = RuntimeError()
    above.__cause__ = LookupError()
    above.__cause__.__context__ = error
    why = unreached(above)

    assert sentence in why.sentence
    assert why.passing is passing


async def test_the_status_of_check_says_whether_to_try_again(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """75 when only reachability fails; 2 when something is wrong besides."""
    away = {"SLACK_API_URL": "http://127.0.0.1:9/api/"}
    env = env_file(place, **away)
    later = await asyncio.to_thread(main, ["check", "--env", str(env)])
    told = capsys.readouterr().out
    env = env_file(place, **away, ANTHROPIC_API_KEY="sk-wrong")
    wrong = await asyncio.to_thread(main, ["check", "--env", str(env)])

    assert (later, wrong) == (75, 2)
    assert "? Slack: could not be reached: it takes no calls\n" in told
    assert told.endswith("Try again in a while; deskhand run waits by itself.\n")


@pytest.mark.parametrize("fault", ["server_error", "ratelimited", "drop_before"])
async def test_run_waits_for_slack_and_goes_on_by_itself(place: Workspace, fault: CallKind) -> None:
    """Each of the first questions may meet trouble; none ends the desk."""
    for method in ("auth.test", "apps.connections.open", "conversations.info"):
        place.slack.faults.add(method, fault, times=1, retry_after=0.01)
    await place.start()
    asked = await place.hears(place.linh, DELIVERY)

    assert len(place.replies(asked)) == 1


@pytest.mark.long
async def test_a_desk_that_waits_can_be_stopped(place: Workspace) -> None:
    """SIGTERM ends it at once, and well; nothing was made."""
    env = env_file(place, SLACK_API_URL="http://127.0.0.1:9/api/", PROCESSORS="all")
    said = place.folder / "log"
    process = command(["run", "--env", str(env)], ROOT, {"PATH": ""}, said)
    async with asyncio.timeout(60):
        while not said.exists() or "waiting for Slack" not in said.read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    process.terminate()

    assert await ended(process) == 0
    assert "it takes no calls" in said.read_text()
