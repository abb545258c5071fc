"""Where the house is built: settings and a desk in, a running bot out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import knowledge
from bot.answering import Answerer
from bot.checkup import check_articles, check_database, check_models
from bot.claude import Claude
from bot.desk import Desk, prices_of
from bot.engine import Engine
from bot.finding import Finding, wrong
from bot.pipeline import STORY, Pipeline
from bot.schedule import STORY as CLOCK
from bot.schedule import Clock
from bot.settings import Settings, SettingsError
from bot.triage import Triager
from handlers import register
from handlers.checkup import check_slack
from handlers.commands import Commands
from handlers.desk import SlackDesk
from handlers.inbox import Inbox
from handlers.manifest import manifest as app_manifest
from handlers.posting import Poster
from handlers.roster import Roster
from storage import articles
from storage.database import BadDatabaseUrl, Database
from storage.migrate import upgrade

# One posting call in flight per slot; a burst waits here instead of opening a socket each.
CONNECTIONS = 32
CHECKPOINTS_KEPT = timedelta(days=7)

__all__ = ["Bot", "app_manifest", "check", "running", "web_client"]

log = structlog.get_logger("app")


@dataclass(frozen=True)
class Bot:
    """A bot that is joined to its workspace."""

    pipeline: Pipeline
    store: Database
    desk: Desk
    bot_user: str


@asynccontextmanager
async def running(settings: Settings, desk: Desk) -> AsyncIterator[Bot]:
    """Migrate, read the articles, resume what a crash cut short, and listen until the block ends.

    Raises:
        SettingsError: something configured is wrong; nothing is left half started.
    """
    async with AsyncExitStack() as stack:
        catalogue = prices_of(desk)
        store = await _store(settings)
        stack.push_async_callback(store.close)
        await _read_articles(store, desk)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
        )
        client = web_client(settings, session)
        bot_user = await _identity(client)
        address = await _admission(client, settings)
        claude = Claude(settings, catalogue)
        stack.push_async_callback(claude.close)
        poster = Poster(web_client(settings, session, retries=False), settings.slack_patience)
        roster = Roster(client, desk.desk.agents_channel, bot_user)
        engine = Engine(store.file, grace=settings.stop_grace)
        pipeline = Pipeline(
            engine=engine,
            store=store,
            desk=desk,
            triager=Triager(claude, desk, settings),
            answerer=Answerer(claude, store, desk, settings),
            front=SlackDesk(
                client, poster, agents_channel=desk.desk.agents_channel, bot_user=bot_user
            ),
        )
        app = AsyncApp(client=client, process_before_response=True)
        register(app, Inbox(pipeline, roster, bot_user), Commands(store, roster))
        clock = Clock(engine)
        clock.at("forget", "15 3 * * *", lambda due: _forget(engine, due))
        await engine.start({STORY: pipeline.run, CLOCK: clock.run})
        stack.push_async_callback(engine.stop)
        await pipeline.resume()
        clock.start()
        stack.callback(clock.stop)
        socket = AsyncSocketModeHandler(
            app, settings.slack_app_token.get_secret_value(), proxy=client.proxy
        )
        socket.client.wss_uri = address
        await socket.connect_async()  # type: ignore[no-untyped-call]
        stack.push_async_callback(socket.close_async)
        log.info("listening", bot_user=bot_user, agents_channel=desk.desk.agents_channel)
        yield Bot(pipeline, store, desk, bot_user)


async def check(settings: Settings, desk: Desk) -> list[Finding]:
    """Look at everything the desk depends on; changes nothing, and a fault found is no error."""
    async with aiohttp.ClientSession() as session:
        slack = await check_slack(
            web_client(settings, session), settings.slack_app_token.get_secret_value(), desk
        )
    return [
        *slack,
        *await _check_claude(settings, desk),
        await check_database(settings),
        *await check_articles(desk),
    ]


async def _check_claude(settings: Settings, desk: Desk) -> Sequence[Finding]:
    try:
        claude = Claude(settings, prices_of(desk))
    except SettingsError as error:
        return [wrong("prices", str(error))]
    try:
        return await check_models(claude, desk)
    finally:
        await claude.close()


def web_client(
    settings: Settings, session: aiohttp.ClientSession | None = None, *, retries: bool = True
) -> AsyncWebClient:
    """A Web API client. With `retries` it repeats a call after 429, 5xx and broken connections."""
    handlers: list[Any] = [
        AsyncConnectionErrorRetryHandler(max_retry_count=3),
        AsyncRateLimitErrorRetryHandler(max_retry_count=5),
        AsyncServerErrorRetryHandler(max_retry_count=3),
    ]
    host = urlsplit(settings.slack_api_url).hostname
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=handlers if retries else [],
        # The SDK reads HTTP_PROXY and ignores NO_PROXY: an emulator here would not be reached.
        proxy="" if host in {"127.0.0.1", "localhost", "::1"} else None,
    )


async def _forget(engine: Engine, due: datetime) -> None:
    """Checkpoints let us resume and know a redelivered event; after a week they are ballast."""
    dropped = await engine.forget(due - CHECKPOINTS_KEPT)
    log.info("checkpoints dropped", stories=dropped)


async def _store(settings: Settings) -> Database:
    try:
        await asyncio.to_thread(upgrade, settings.database_url)
        return Database(settings.database_url)
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None


async def _read_articles(store: Database, desk: Desk) -> None:
    found, problems = await asyncio.to_thread(knowledge.read, desk.desk.knowledge)
    for problem in problems:
        log.warning("article skipped", problem=problem)
    async with store.write() as session:
        report = await articles.sync(session, found)
    log.info("articles read", articles=len(found), changed=report.added + report.changed)


async def _identity(client: AsyncWebClient) -> str:
    return str((await _first("SLACK_BOT_TOKEN", client.auth_test()))["user_id"])


async def _admission(client: AsyncWebClient, settings: Settings) -> str:
    """Socket Mode's address. Its client would try a wrong token for ever, so we ask before it."""
    token = settings.slack_app_token.get_secret_value()
    opened = await _first("SLACK_APP_TOKEN", client.apps_connections_open(app_token=token))
    return str(opened["url"])


async def _first(token: str, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """The answer to the first call with a token.

    Raises:
        SettingsError: Slack refused the token, or could not be reached.
    """
    try:
        return await call
    except SlackApiError as error:
        code = error.response.get("error")
        raise SettingsError(f"{token}: Slack refused it ({code})") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SettingsError(
            f"SLACK_API_URL: Slack could not be reached ({type(error).__name__})"
        ) from None
