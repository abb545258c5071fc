"""A running bot, of settings and a desk.

Its parts begin in the order in which they stand in `running`, and end in the opposite one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import structlog

from bot import tracing
from bot.api.site import serving_api
from bot.app import jobs, workflows
from bot.app.api import api_site
from bot.app.build import build
from bot.app.gap_filling import gap_fill
from bot.app.listeners import listeners
from bot.app.resources import resources
from bot.app.services import Services
from bot.app.vitals import figures, watch_desk
from bot.config.desk import Desk
from bot.config.settings import Settings
from bot.costs.monitor import Monitor
from bot.costs.spending import SpendGuard
from bot.health.probes import serving_probes
from bot.health.vitals import Vitals
from bot.nightly.drafts import ArticleDrafts
from bot.nightly.run import NightlyRun
from bot.pipeline.pipeline import Pipeline
from bot.reports.publisher import DigestPublisher
from bot.runtime.scheduler import Scheduler
from bot.tickets.cards import CardKeeper
from handlers.catch_up.gap_fill import GapFill
from handlers.connection.bolt_app import bolt_app
from handlers.connection.receiving import receiving
from handlers.routes import register
from storage.db.database import Database

log = structlog.get_logger("app")


class Ports(NamedTuple):
    """Where it listens: for Slack's requests, for machines that watch it, for programs."""

    slack: int | None
    ops: int | None
    api: int | None


@dataclass(frozen=True)
class Bot:
    """A bot that is joined to its workspace. The ports are those it listens at."""

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
    gaps: GapFill
    vitals: Vitals
    port: int | None
    ops_port: int | None
    api_port: int | None


@asynccontextmanager
async def running(settings: Settings, desk: Desk) -> AsyncIterator[Bot]:
    """Migrate, read the articles, resume what a crash cut short, and listen until the block ends.

    Raises:
        SettingsError: something configured is wrong; nothing is left half started.
    """
    vitals = Vitals()
    async with (
        tracing.exporting(settings.otel_exporter_otlp_endpoint),
        serving_probes(settings, vitals) as probes,
        resources(settings, desk) as opened,
    ):
        services = build(opened)
        await services.knowledge.sync.keep()
        await services.tickets.modes.read_set_modes()
        await services.workspace.roster.prepare()
        app = bolt_app(settings, opened.slack, opened.installation)
        heard = listeners(services)
        register(app, heard)
        jobs.add_jobs(services)
        gaps = gap_fill(services, heard)
        site = api_site(services)
        async with (
            services.nightly.article_drafts,
            services.tickets.cards,
            services.tickets.webhooks,
            services.tickets.issues,
            workflows.running_workflows(services),
            jobs.running_jobs(services),
            gaps,
            receiving(app, settings, opened.address, gaps.connected) as reception,
            serving_api(settings, site) as api_port,
            vitals,
            services.costs.illness,
        ):
            agents_channel = desk.desk.agents_channel
            bot_user = opened.installation.bot_user
            log.info("listening", bot_user=bot_user, agents_channel=agents_channel)
            watch_desk(vitals, services, reception)
            probes.begun(partial(figures, opened.store), services.costs.alarms.names)
            await opened.claude.ready()
            ports = Ports(reception.port, probes.port, api_port)
            yield _bot(services, gaps, vitals, ports)


def _bot(services: Services, gaps: GapFill, vitals: Vitals, ports: Ports) -> Bot:
    return Bot(
        pipeline=services.messages.pipeline,
        store=services.opened.store,
        desk=services.opened.desk,
        bot_user=services.opened.installation.bot_user,
        cards=services.tickets.cards,
        scheduler=services.scheduler,
        digest_publisher=services.costs.digest_publisher,
        spend_guard=services.costs.spend_guard,
        monitor=services.nightly.monitor,
        article_drafts=services.nightly.article_drafts,
        nightly_run=services.nightly.run,
        gaps=gaps,
        vitals=vitals,
        port=ports.slack,
        ops_port=ports.ops,
        api_port=ports.api,
    )
