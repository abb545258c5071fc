"""Where the house is built: settings and a desk in, a running bot out."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

from bot.answers.answerer import Answerer
from bot.answers.reuse import AnswerReuse
from bot.answers.streaming import AnswerStreams
from bot.attachments.reader import AttachmentReader
from bot.checks import Finding, check_articles, check_database, check_models, wrong
from bot.config.desk import Desk
from bot.config.settings import Settings, SettingsError
from bot.costs.monitor import Monitor
from bot.costs.spending import SpendGuard
from bot.knowledge.rerank import reranker_of
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.sources import label_folders
from bot.knowledge.sync import KnowledgeSync
from bot.llm.client import Claude
from bot.llm.pricing import prices_of
from bot.messages.channel_modes import ChannelModes
from bot.nightly.drafts import ArticleDrafts
from bot.nightly.run import NightlyRun
from bot.notices import WORKFLOW as BULLETIN
from bot.notices import Alarms, Notices
from bot.pipeline.answer import Composer
from bot.pipeline.forms import WORKFLOW as OPENING
from bot.pipeline.forms import FormTickets
from bot.pipeline.intake import WORKFLOW
from bot.pipeline.pipeline import Pipeline
from bot.reports.digest import Digest
from bot.reports.periods import period_named
from bot.reports.publisher import DigestPublisher, digest_crons
from bot.runtime.scheduler import WORKFLOW as CLOCK
from bot.runtime.scheduler import Scheduler
from bot.runtime.store import open_desk_store, open_store
from bot.runtime.tasks import BackgroundTasks
from bot.runtime.workflows import Workflows
from bot.tickets.actions import TicketActions
from bot.tickets.cards import CardKeeper
from bot.tickets.feedback import AnswerFeedback
from bot.tickets.outbox import WORKFLOW as RELAY
from bot.tickets.outbox import Outbox
from bot.tickets.timers import TicketTimers
from bot.triage.classifier import Classifier
from handlers import Listeners, register
from handlers.actions.answer_feedback import AnswerFeedbackActions
from handlers.actions.article_drafts import ArticleDraftActions
from handlers.actions.budgets import BudgetLifting
from handlers.actions.forms import Forms
from handlers.actions.home import HomeActions
from handlers.actions.list_pages import ListPageActions
from handlers.actions.shortcuts import Shortcuts
from handlers.actions.ticket_card import TicketCardActions
from handlers.commands.asked import TicketDesk
from handlers.commands.lists import TicketLists
from handlers.commands.ticket import TicketCommands
from handlers.commands.usage import UsageCommand
from handlers.events.agent_pane import AgentPane, AgentSessions
from handlers.events.agents import AgentEvents
from handlers.events.home import HomeTab
from handlers.events.messages import MessageEvents
from handlers.manifest import manifest as app_manifest
from handlers.slack import client as slack_client
from handlers.slack.agents import AgentRoster
from handlers.slack.article_drafts import SlackArticleDraftBoard
from handlers.slack.checks import check_slack, require_agents_channel
from handlers.slack.digests import SlackDigestChannel
from handlers.slack.files import SlackFiles
from handlers.slack.notices import NoticeBoard
from handlers.slack.permissions import Permissions
from handlers.slack.posting import Poster
from handlers.slack.private_channels import PrivateChannels
from handlers.slack.status import AgentStatus
from handlers.slack.streaming import Streamer
from handlers.slack.workspace import SlackWorkspace
from storage.answers import streams as begun
from storage.db.columns import utc_now
from storage.db.database import BadDatabaseUrl, Database
from storage.db.migrate import migration_pending
from storage.tickets import idempotency

CHECKPOINTS_KEPT = timedelta(days=7)

__all__ = ["Bot", "app_manifest", "check_desk", "digest_of", "running"]

log = structlog.get_logger("app")


@dataclass(frozen=True)
class Bot:
    """A bot that is joined to its workspace."""

    pipeline: Pipeline
    store: Database
    desk: Desk
    bot_user: str
    cards: CardKeeper
    scheduler: Scheduler
    digest_publisher: DigestPublisher
    spend_guard: SpendGuard
    monitor: Monitor
    article_drafts: ArticleDrafts
    nightly_run: NightlyRun


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
        session = await stack.enter_async_context(slack_client.web_session())
        client = slack_client.web_client(settings, session)
        bot_user = await slack_client.bot_identity(client)
        address = await slack_client.socket_address(client, settings)
        await require_agents_channel(client, desk)
        store = await open_store(settings, desk)
        stack.push_async_callback(store.close)
        reranker = reranker_of(store, desk)
        knowledge_sync = KnowledgeSync(store, label_folders(desk.desk.knowledge))
        await knowledge_sync.keep()
        claude = Claude(settings, catalogue)
        stack.push_async_callback(claude.close)
        once = slack_client.web_client(settings, session, retries=False)
        poster = Poster(once, settings.slack_patience)
        agent_status = AgentStatus(once)
        roster = AgentRoster(client, desk.desk.agents_channel, bot_user)
        workflows = Workflows(store.file, grace=settings.stop_grace)
        workspace = SlackWorkspace(
            client,
            poster,
            Streamer(once, poster, bot_user),
            agent_status,
            agents_channel=desk.desk.agents_channel,
            bot_user=bot_user,
        )
        streams = AnswerStreams(workspace, store)
        modes = ChannelModes(desk, store)
        await modes.read_set_modes()
        cards = CardKeeper(store, workspace, desk)
        outbox = Outbox(workflows, store, workspace, cards)
        notices = Notices(workflows, NoticeBoard(poster).post, desk.desk.agents_channel)
        alarms = Alarms(store, notices)
        spend_guard = SpendGuard(store, desk, catalogue, notices, alarms)
        digest_publisher = DigestPublisher(
            store, desk, spend_guard, SlackDigestChannel(client, poster)
        )
        monitor = Monitor(store, desk, claude, alarms, spend_guard)
        attachments = AttachmentReader(workflows, SlackFiles(client, session), claude, desk)
        pipeline = Pipeline(
            workflows=workflows,
            store=store,
            modes=modes,
            streams=streams,
            classifier=Classifier(claude, desk, settings),
            composer=Composer(
                workflows=workflows,
                desk=desk,
                knowledge_search=KnowledgeSearch(store, reranker),
                answerer=Answerer(claude, desk, settings),
                attachments=attachments,
                streams=streams,
            ),
            reuse=AnswerReuse(store, desk),
            attachments=attachments,
            workspace=workspace,
            cards=cards,
            spend_guard=spend_guard,
            outbox=outbox,
        )
        ticket_timers = TicketTimers(store, outbox, cards, desk, modes)
        article_drafts = ArticleDrafts(
            store,
            workspace,
            SlackArticleDraftBoard(client, poster, desk.desk.agents_channel),
            desk.desk.knowledge[0],
            knowledge_sync.keep,
        )
        nightly_run = NightlyRun(
            store=store,
            desk=desk,
            claude=claude,
            spend_guard=spend_guard,
            alarms=alarms,
            notices=notices,
            workspace=workspace,
            article_drafts=article_drafts,
        )
        app = slack_client.bolt_app(client)
        access = Permissions(client, roster, desk.desk.admins)
        work = TicketActions(store, cards, outbox, modes, streams)
        form_tickets = FormTickets(workflows, store, workspace, pipeline)
        background = BackgroundTasks()
        stack.push_async_callback(background.stop)
        lists = TicketLists(store, access, desk)
        ticket_desk = TicketDesk(client, store, access, work, lists)
        agent_events = AgentEvents(ticket_desk)
        home_tab = HomeTab(client, store, access, modes, spend_guard, background)
        register(
            app,
            Listeners(
                access=access,
                inbox=MessageEvents(pipeline, roster, access, agent_events, bot_user),
                agent_events=agent_events,
                agent_pane=AgentPane(agent_status, desk.agent, background),
                sessions=AgentSessions(agent_status, pipeline, background),
                home_tab=home_tab,
                commands=TicketCommands(ticket_desk, background),
                usage=UsageCommand(client, store, desk, digest_publisher, spend_guard, background),
                shortcuts=Shortcuts(ticket_desk, pipeline, bot_user),
                actions=TicketCardActions(ticket_desk),
                forms=Forms(store, access, work, form_tickets, desk),
                answer_feedback_actions=AnswerFeedbackActions(
                    client, store, access, AnswerFeedback(store, cards, outbox, modes)
                ),
                article_draft_actions=ArticleDraftActions(
                    client, access, article_drafts, desk.nightly.approve
                ),
                list_pages=ListPageActions(lists, background),
                home=HomeActions(ticket_desk, modes, home_tab, background),
                budget_lifting=BudgetLifting(spend_guard, desk.desk.admins),
            ),
        )
        scheduler = Scheduler(workflows, desk.zone)
        scheduler.add_job("forget", "15 3 * * *", lambda due: _forget(workflows, store, due))
        scheduler.add_job("tick", "* * * * *", ticket_timers.tick)
        scheduler.add_job("knowledge", "* * * * *", lambda _due: knowledge_sync.keep())
        if reranker:
            scheduler.add_job("meaning", "* * * * *", lambda _due: reranker.read_passages())
        scheduler.add_job("cards", "* * * * *", lambda _due: cards.retry())
        private_channels = PrivateChannels(client, store)
        scheduler.add_job(
            "seclusion", "25 * * * *", lambda _due: private_channels.hide_private_tickets()
        )
        _money_hours(scheduler, desk, digest_publisher, monitor)
        _night_hours(scheduler, desk, nightly_run, article_drafts)
        stack.push_async_callback(article_drafts.stop)
        stack.push_async_callback(cards.stop)
        stories = {
            WORKFLOW: pipeline.run,
            RELAY: outbox.run,
            OPENING: form_tickets.run,
            BULLETIN: notices.run,
            CLOCK: scheduler.run,
        }
        await workflows.start(stories)
        stack.push_async_callback(workflows.stop)
        stack.push_async_callback(pipeline.close)
        await pipeline.resume()
        await outbox.resume()
        await cards.resume()
        article_drafts.touch()
        await ticket_timers.look_again(utc_now())
        if reranker:
            stack.callback(reranker.stop)
        scheduler.start()
        stack.callback(scheduler.stop)
        if desk.digests:
            await scheduler.fire("digests", utc_now())
        await stack.enter_async_context(slack_client.listening(app, settings, address))
        log.info("listening", bot_user=bot_user, agents_channel=desk.desk.agents_channel)
        yield Bot(
            pipeline=pipeline,
            store=store,
            desk=desk,
            bot_user=bot_user,
            cards=cards,
            scheduler=scheduler,
            digest_publisher=digest_publisher,
            spend_guard=spend_guard,
            monitor=monitor,
            article_drafts=article_drafts,
            nightly_run=nightly_run,
        )


async def check_desk(settings: Settings, desk: Desk) -> list[Finding]:
    """Look at everything the desk depends on; changes nothing, and a fault found is no error."""
    async with aiohttp.ClientSession() as session:
        slack = await check_slack(
            slack_client.web_client(settings, session),
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
    of = period_named(text, now, desk.zone)
    async with open_desk_store(settings, desk) as store, aiohttp.ClientSession() as session:
        client = slack_client.web_client(settings, session)
        poster = Poster(
            slack_client.web_client(settings, session, retries=False), settings.slack_patience
        )
        notices = Notices(Workflows(store.file), NoticeBoard(poster).post, desk.desk.agents_channel)
        spend_guard = SpendGuard(store, desk, prices_of(desk), notices, Alarms(store, notices))
        press = SlackDigestChannel(client, poster)
        digest_publisher = DigestPublisher(
            store, desk, spend_guard, press, holder=f"cli:{os.getpid()}"
        )
        digest = await digest_publisher.digest(of, now)
        planned = [plan.channel for plan in desk.digests if plan.period == of.name]
        channels = dict.fromkeys(planned or [desk.desk.agents_channel]) if post else {}
        return digest, {
            channel: await digest_publisher.publish(channel, of, digest) for channel in channels
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


def _money_hours(
    scheduler: Scheduler, desk: Desk, digest_publisher: DigestPublisher, monitor: Monitor
) -> None:
    """When digests, alarms and budgets are looked at; what was missed is seen at the next look."""
    scheduler.add_job("watch", "*/5 * * * *", lambda _due: monitor.check_spending())
    scheduler.add_job("models", "10 9 * * *", lambda _due: monitor.check_models())
    scheduler.add_job("digests", "55 * * * *", lambda _due: digest_publisher.catch_up())
    for name, cron in digest_crons(desk):
        scheduler.add_job(name, cron, lambda _due: digest_publisher.catch_up())


def _night_hours(
    scheduler: Scheduler, desk: Desk, nightly_run: NightlyRun, article_drafts: ArticleDrafts
) -> None:
    """When a night begins, and how often what is under way is looked at."""
    scheduler.add_job("night", desk.nightly.cron, lambda _due: nightly_run.continue_night())
    scheduler.add_job("nights", "*/5 * * * *", lambda _due: nightly_run.continue_night())
    scheduler.add_job("articles", "* * * * *", lambda _due: article_drafts.catch_up())


async def _forget(workflows: Workflows, store: Database, due: datetime) -> None:
    """Checkpoints let us resume and know a redelivered event; after a week they are ballast."""
    dropped = await workflows.forget(due - CHECKPOINTS_KEPT)
    await store.write(idempotency.forget_acts, due - CHECKPOINTS_KEPT)
    await store.write(begun.forget_streams, due - CHECKPOINTS_KEPT)
    log.info("checkpoints dropped", stories=dropped)


async def _reachable(settings: Settings) -> None:
    """Raise SettingsError where no database can be opened; nothing is made or changed yet."""
    try:
        await asyncio.to_thread(migration_pending, settings.database_url)
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None
