"""Where the house is built: settings and a desk in, a running bot out."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

from bot.aftercare import Aftercare
from bot.alarms import Alarms
from bot.answering import Answerer
from bot.attachments import Attachments
from bot.books import books_of, opened
from bot.bulletins import STORY as BULLETIN
from bot.bulletins import Bulletins
from bot.cards import Cards
from bot.checkup import check_articles, check_database, check_models
from bot.claude import Claude
from bot.clockwork import Clockwork
from bot.composing import Composer
from bot.desk import Desk, prices_of
from bot.deskwork import Deskwork
from bot.digest import Digest
from bot.engine import Engine
from bot.finding import Finding, wrong
from bot.modes import Modes
from bot.newsroom import Newsroom, crons
from bot.night.manuscripts import Manuscripts
from bot.night.shift import Nightshift
from bot.opening import STORY as OPENING
from bot.opening import Opening
from bot.periods import named
from bot.pipeline import Pipeline
from bot.reception import STORY
from bot.relaying import STORY as RELAY
from bot.relaying import Relays
from bot.reranking import reranker_of
from bot.retrieval import Library
from bot.reuse import Reuse
from bot.schedule import STORY as CLOCK
from bot.schedule import Clock
from bot.settings import Settings, SettingsError
from bot.shelving import Shelves, labelled
from bot.streaming import Streams
from bot.till import Till
from bot.triage import Triager
from bot.watch import Watch
from handlers import Doors, connection, register
from handlers.access import Access
from handlers.actions import Actions
from handlers.agent import AgentFace, Pane, Sessions
from handlers.backstage import Backstage
from handlers.bulletins import BulletinBoard, Lifting
from handlers.checkup import check_slack, staffed
from handlers.commands import Commands
from handlers.desk import SlackDesk
from handlers.files import SlackFiles
from handlers.forms import Forms
from handlers.home import Home
from handlers.inbox import Inbox
from handlers.later import Later
from handlers.lists import Lists
from handlers.macros import Macros
from handlers.manifest import manifest as app_manifest
from handlers.manuscripts import Editing, ManuscriptBoard
from handlers.opinions import Opinions
from handlers.posting import Poster
from handlers.press import SlackPress
from handlers.roster import Roster
from handlers.seclusion import Seclusion
from handlers.shortcuts import Shortcuts
from handlers.streaming import Streamer
from handlers.usage import Usage
from storage import acts
from storage import streams as begun
from storage.columns import utc_now
from storage.database import BadDatabaseUrl, Database
from storage.migrate import pending

CHECKPOINTS_KEPT = timedelta(days=7)

__all__ = ["Bot", "app_manifest", "check", "digest_of", "running"]

log = structlog.get_logger("app")


@dataclass(frozen=True)
class Bot:
    """A bot that is joined to its workspace."""

    pipeline: Pipeline
    store: Database
    desk: Desk
    bot_user: str
    cards: Cards
    clock: Clock
    newsroom: Newsroom
    till: Till
    watch: Watch
    manuscripts: Manuscripts
    nightshift: Nightshift


@asynccontextmanager
async def running(  # noqa: PLR0915 - the house is built here, a line for each room
    settings: Settings, desk: Desk
) -> AsyncIterator[Bot]:
    """Migrate, read the articles, resume what a crash cut short, and listen until the block ends.

    Raises:
        SettingsError: something configured is wrong; nothing is left half started.
    """
    async with AsyncExitStack() as stack:
        catalogue = prices_of(desk)
        await _reachable(settings)
        session = await stack.enter_async_context(connection.session())
        client = connection.web_client(settings, session)
        bot_user = await connection.identity(client)
        address = await connection.admission(client, settings)
        await staffed(client, desk)
        store = await opened(settings, desk)
        stack.push_async_callback(store.close)
        reranker = reranker_of(store, desk)
        shelves = Shelves(store, labelled(desk.desk.knowledge))
        await shelves.keep()
        claude = Claude(settings, catalogue)
        stack.push_async_callback(claude.close)
        once = connection.web_client(settings, session, retries=False)
        poster = Poster(once, settings.slack_patience)
        face = AgentFace(once)
        roster = Roster(client, desk.desk.agents_channel, bot_user)
        engine = Engine(store.file, grace=settings.stop_grace)
        front = SlackDesk(
            client,
            poster,
            Streamer(once, poster, bot_user),
            face,
            agents_channel=desk.desk.agents_channel,
            bot_user=bot_user,
        )
        streams = Streams(front, store)
        modes = Modes(desk, store)
        await modes.read()
        cards = Cards(store, front, desk)
        relays = Relays(engine, store, front, cards)
        bulletins = Bulletins(engine, BulletinBoard(poster).post, desk.desk.agents_channel)
        alarms = Alarms(store, bulletins)
        till = Till(store, desk, catalogue, bulletins, alarms)
        newsroom = Newsroom(store, desk, till, SlackPress(client, poster))
        watch = Watch(store, desk, claude, alarms, till)
        attachments = Attachments(engine, SlackFiles(client, session), claude, desk)
        pipeline = Pipeline(
            engine=engine,
            store=store,
            modes=modes,
            streams=streams,
            triager=Triager(claude, desk, settings),
            composer=Composer(
                engine=engine,
                desk=desk,
                library=Library(store, reranker),
                answerer=Answerer(claude, desk, settings),
                attachments=attachments,
                streams=streams,
            ),
            reuse=Reuse(store, desk),
            attachments=attachments,
            front=front,
            cards=cards,
            till=till,
            relays=relays,
        )
        clockwork = Clockwork(store, relays, cards, desk, modes)
        manuscripts = Manuscripts(
            store,
            front,
            ManuscriptBoard(client, poster, desk.desk.agents_channel),
            desk.desk.knowledge[0],
            shelves.keep,
        )
        nightshift = Nightshift(
            store=store,
            desk=desk,
            claude=claude,
            till=till,
            alarms=alarms,
            bulletins=bulletins,
            front=front,
            manuscripts=manuscripts,
        )
        app = connection.bolt(client)
        access = Access(client, roster, desk.desk.admins)
        work = Deskwork(store, cards, relays, modes, streams)
        opening = Opening(engine, store, front, pipeline)
        macros = Macros(work, access.works, desk.zone)
        later = Later()
        stack.push_async_callback(later.stop)
        lists = Lists(store, access, desk, later)
        backstage = Backstage(client, store, access, work, macros)
        register(
            app,
            Doors(
                inbox=Inbox(pipeline, roster, access, backstage, bot_user),
                backstage=backstage,
                commands=Commands(client, store, access, macros, lists, later),
                lists=lists,
                home=Home(client, store, access, modes, till, later),
                actions=Actions(client, store, access, work, desk),
                forms=Forms(store, access, work, opening, desk),
                shortcuts=Shortcuts(client, store, access, work, pipeline, bot_user),
                usage=Usage(client, store, desk, newsroom, till, later),
                lifting=Lifting(till, desk.desk.admins),
                opinions=Opinions(client, store, access, Aftercare(store, cards, relays, modes)),
                pane=Pane(face, desk.agent, later),
                sessions=Sessions(face, pipeline, later),
                editing=Editing(client, access, manuscripts, desk.nightly.approve),
            ),
        )
        clock = Clock(engine, desk.zone)
        clock.at("forget", "15 3 * * *", lambda due: _forget(engine, store, due))
        clock.at("tick", "* * * * *", clockwork.tick)
        clock.at("knowledge", "* * * * *", lambda _due: shelves.keep())
        if reranker:
            clock.at("meaning", "* * * * *", lambda _due: reranker.read())
        clock.at("cards", "* * * * *", lambda _due: cards.retry())
        seclusion = Seclusion(client, store)
        clock.at("seclusion", "25 * * * *", lambda _due: seclusion.look())
        _money_hours(clock, desk, newsroom, watch)
        _night_hours(clock, desk, nightshift, manuscripts)
        stack.push_async_callback(manuscripts.stop)
        stack.push_async_callback(cards.stop)
        stories = {
            STORY: pipeline.run,
            RELAY: relays.run,
            OPENING: opening.run,
            BULLETIN: bulletins.run,
            CLOCK: clock.run,
        }
        await engine.start(stories)
        stack.push_async_callback(engine.stop)
        stack.push_async_callback(pipeline.close)
        await pipeline.resume()
        await relays.resume()
        await cards.resume()
        manuscripts.touch()
        await clockwork.look_again(utc_now())
        if reranker:
            stack.callback(reranker.stop)
        clock.start()
        stack.callback(clock.stop)
        if desk.digests:
            await clock.fire("digests", utc_now())
        await stack.enter_async_context(connection.listening(app, settings, address))
        log.info("listening", bot_user=bot_user, agents_channel=desk.desk.agents_channel)
        yield Bot(
            pipeline=pipeline,
            store=store,
            desk=desk,
            bot_user=bot_user,
            cards=cards,
            clock=clock,
            newsroom=newsroom,
            till=till,
            watch=watch,
            manuscripts=manuscripts,
            nightshift=nightshift,
        )


async def check(settings: Settings, desk: Desk) -> list[Finding]:
    """Look at everything the desk depends on; changes nothing, and a fault found is no error."""
    async with aiohttp.ClientSession() as session:
        slack = await check_slack(
            connection.web_client(settings, session),
            settings.slack_app_token.get_secret_value(),
            desk,
        )
    return [
        *slack,
        *await _check_claude(settings, desk),
        await check_database(settings),
        *await check_articles(desk),
    ]


async def digest_of(
    settings: Settings, desk: Desk, text: str, *, post: bool
) -> tuple[Digest, Mapping[str, str | None]]:
    """The digest of a period as people call it, and where it stands if it was to be posted.

    It goes to the channels of the planned digests, or to the agents; in each it stands once.
    Raises PeriodError or SettingsError.
    """
    now = datetime.now(UTC)
    of = named(text, now, desk.zone)
    async with books_of(settings, desk) as store, aiohttp.ClientSession() as session:
        client = connection.web_client(settings, session)
        poster = Poster(
            connection.web_client(settings, session, retries=False), settings.slack_patience
        )
        bulletins = Bulletins(
            Engine(store.file), BulletinBoard(poster).post, desk.desk.agents_channel
        )
        till = Till(store, desk, prices_of(desk), bulletins, Alarms(store, bulletins))
        press = SlackPress(client, poster)
        newsroom = Newsroom(store, desk, till, press, holder=f"cli:{os.getpid()}")
        digest = await newsroom.digest(of, now)
        planned = [plan.channel for plan in desk.digests if plan.period == of.name]
        channels = dict.fromkeys(planned or [desk.desk.agents_channel]) if post else {}
        return digest, {
            channel: await newsroom.publish(channel, of, digest) for channel in channels
        }


async def _check_claude(settings: Settings, desk: Desk) -> Sequence[Finding]:
    try:
        claude = Claude(settings, prices_of(desk))
    except SettingsError as error:
        return [wrong("prices", str(error).removeprefix("prices: "))]
    try:
        return await check_models(claude, desk)
    finally:
        await claude.close()


def _money_hours(clock: Clock, desk: Desk, newsroom: Newsroom, watch: Watch) -> None:
    """When digests, alarms and budgets are looked at; what was missed is seen at the next look."""
    clock.at("watch", "*/5 * * * *", lambda _due: watch.look())
    clock.at("models", "10 9 * * *", lambda _due: watch.models())
    clock.at("digests", "55 * * * *", lambda _due: newsroom.catch_up())
    for name, cron in crons(desk):
        clock.at(name, cron, lambda _due: newsroom.catch_up())


def _night_hours(
    clock: Clock, desk: Desk, nightshift: Nightshift, manuscripts: Manuscripts
) -> None:
    """When a night begins, and how often what is under way is looked at."""
    clock.at("night", desk.nightly.cron, lambda _due: nightshift.look())
    clock.at("nights", "*/5 * * * *", lambda _due: nightshift.look())
    clock.at("articles", "* * * * *", lambda _due: manuscripts.catch_up())


async def _forget(engine: Engine, store: Database, due: datetime) -> None:
    """Checkpoints let us resume and know a redelivered event; after a week they are ballast."""
    dropped = await engine.forget(due - CHECKPOINTS_KEPT)
    await store.write(acts.forget, due - CHECKPOINTS_KEPT)
    await store.write(begun.forget, due - CHECKPOINTS_KEPT)
    log.info("checkpoints dropped", stories=dropped)


async def _reachable(settings: Settings) -> None:
    """Raise SettingsError where no database can be opened; nothing is made or changed yet."""
    try:
        await asyncio.to_thread(pending, settings.database_url)
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None
