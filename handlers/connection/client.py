"""The connection to the workspace: its Web API, and its first answers."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.config.settings import Settings, SettingsError
from bot.unreached import NotNow, Unreached
from bot.workspace.app_standing import AppStanding
from handlers.connection.installation import Installation
from handlers.connection.unreached import FAILURES, SlackRefusal, refusal_of
from handlers.web_api.app_refusals import StandingWatch
from handlers.web_api.paced_client import ATTEMPTS, PacedClient
from handlers.web_api.pacer import Pacer
from handlers.web_api.posting import FIRST_PAUSE, Poster
from handlers.web_api.replaceable import WaitingCalls

# Seconds that one of the first questions may take.
FIRST_ANSWER = 30.0
# Seconds between two attempts to begin, at most, and between two lines in the log about them.
LONGEST_WAIT = 30.0
SAID_EVERY = 60.0
# One posting call in flight per slot; a burst waits here instead of opening a socket each.
CONNECTIONS = 32
# Seconds that Slack has to take a connection, and to say anything in it: as long as the SDK gives
# it where it opens its own. Whoever is never answered would hold a turn for ever.
ANSWER = 30.0

log = structlog.get_logger("slack")
FirstAnswer = TypeVar("FirstAnswer")


@dataclass(frozen=True)
class SlackConnection:
    """The workspace's Web API. `client` repeats a call that failed for now, `once` does not.

    What `poster` posts stands there once, however often it had to try. `standing` is what the
    answers say of the app itself.
    """

    session: aiohttp.ClientSession
    client: PacedClient
    once: PacedClient
    poster: Poster
    standing: AppStanding
    pacer: Pacer


@asynccontextmanager
async def connection(
    settings: Settings, patience: float | None = None, *, answer: float = ANSWER
) -> AsyncIterator[SlackConnection]:
    """Clients that share their sockets until the block ends; nothing is asked of Slack yet.

    A single attempt fails when Slack says nothing for `answer` seconds; with `patience` it takes
    no more than so many in all, the wait for a socket among them.
    """
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    limit = aiohttp.ClientTimeout(total=patience, sock_connect=answer, sock_read=answer)
    async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:
        standing = AppStanding(settings.slack_probe)
        pacer = Pacer(settings.slack_pace)
        shared = pacer, WaitingCalls(), standing
        once = web_client(settings, session, shared, retries=False)
        standing.look_with(once.auth_test)
        poster = Poster(once, settings.slack_patience, standing)
        client = web_client(settings, session, shared)
        try:
            yield SlackConnection(session, client, once, poster, standing, pacer)
        finally:
            await standing.stop()


def web_client(
    settings: Settings,
    session: aiohttp.ClientSession | None = None,
    shared: tuple[Pacer, WaitingCalls, AppStanding] | None = None,
    *,
    retries: bool = True,
) -> PacedClient:
    """A Web API client. With `retries` it repeats a call after 429, 5xx and broken connections.

    Clients with the same `shared` wait for each other, and know alike how the app stands with
    Slack; without any, a client is alone.
    """
    pacer, waiting, standing = shared or (
        Pacer(settings.slack_pace),
        WaitingCalls(),
        AppStanding(settings.slack_probe),
    )
    return PacedClient(
        pacer,
        waiting,
        attempts=ATTEMPTS if retries else 1,
        longest=settings.slack_patience,
        token=settings.slack_bot_token.get_secret_value(),
        session=session,
        retry_handlers=[StandingWatch(standing), *(retry_handlers() if retries else [])],
        **address(settings),
    )


async def installation(client: AsyncWebClient) -> Installation:
    """Where the app is installed, and who it is there.

    Raises:
        SettingsError: Slack refused SLACK_BOT_TOKEN, or something else answers in its place.
        NotNow: Slack cannot be asked now.
    """
    return installation_of(await _first("SLACK_BOT_TOKEN", client.auth_test()))


async def once_reached(ask: Callable[[], Awaitable[FirstAnswer]]) -> FirstAnswer:
    """What is asked of Slack before the desk works: again and again while it is not to be had.

    A machine may be up before its network is. What a person has to put right is not waited for.
    """
    pause, said = FIRST_PAUSE, -inf
    while True:
        try:
            return await ask()
        except NotNow as why:
            if time.monotonic() - said >= SAID_EVERY:
                said = time.monotonic()
                log.critical("waiting for Slack", why=str(why))
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_WAIT)


def installation_of(who: AsyncSlackResponse) -> Installation:
    """What `auth.test` answers."""
    return Installation(
        team=str(who["team_id"]),
        bot_user=str(who["user_id"]),
        bot_id=str(who.get("bot_id") or ""),
        enterprise=str(who.get("enterprise_id") or ""),
        url=str(who.get("url") or ""),
    )


async def socket_address(client: AsyncWebClient, settings: Settings) -> str | None:
    """Socket Mode's address. Its client would try a wrong token for ever, so we ask before it.

    None in HTTP mode, which has none.

    Raises:
        SettingsError: Slack refused SLACK_APP_TOKEN, or something else answers in its place.
        NotNow: Slack cannot be asked now.
    """
    if settings.slack_http_port is not None or settings.slack_app_token is None:
        return None
    token = settings.slack_app_token.get_secret_value()
    opened = await _first("SLACK_APP_TOKEN", client.apps_connections_open(app_token=token))
    return str(opened["url"])


async def _first(token: str, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    try:
        async with asyncio.timeout(FIRST_ANSWER):
            return await call
    except FAILURES as error:
        match refusal_of(error):
            case SlackRefusal(code, passing):
                sentence = f"{token}: Slack refused it ({code})"
            case Unreached(why, passing):
                sentence = f"SLACK_API_URL: Slack {why}"
        raise (NotNow if passing else SettingsError)(sentence) from None


def retry_handlers() -> list[Any]:
    """What repeats a call after 5xx and broken connections."""
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=3),
        AsyncServerErrorRetryHandler(max_retry_count=3),
    ]


def address(settings: Settings) -> dict[str, Any]:
    """Where Slack is, as its clients take it."""
    host = urlsplit(settings.slack_api_url).hostname
    # The SDK reads HTTP_PROXY and ignores NO_PROXY: an emulator here would not be reached.
    local = host in {"127.0.0.1", "localhost", "::1"}
    return {"base_url": settings.slack_api_url, "proxy": "" if local else None}
