"""What a machine asks of the process, at a port of its own: alive, ready, and how much of what."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot import metrics
from bot.config.settings import StoreSettings
from bot.health.vitals import Vitals
from bot.runtime.http_port import open_port

# Seconds that a connection may say nothing, for answers at the end, and for reading what waits.
IDLE = 15.0
GRACE = 1.0
FIGURES_WITHIN = 3.0
TEXT = "text/plain; version=0.0.4; charset=utf-8"

ReadQueue = Callable[[], Awaitable[Mapping[str, float]]]
ReadAlarms = Callable[[], Awaitable[Sequence[str]]]

log = structlog.get_logger("probes")


class Probes:
    """Answers. Until `begun` is told what can be read, the desk is not ready."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals
        self._figures: ReadQueue | None = None
        self._alarms: ReadAlarms | None = None
        self.port: int | None = None

    def begun(self, figures: ReadQueue, alarms: ReadAlarms) -> None:
        """The desk is at work; `figures` reads what waits, `alarms` the names that stand."""
        self._figures, self._alarms = figures, alarms

    async def alive(self, _request: web.Request) -> web.Response:
        """200 while the loop turns; nothing outside of the process is asked."""
        return web.json_response({"alive": True})

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when customers can be served, else 503; each part, what waits, and alarms.

        Where an alarm stands people answer in the model's place, say: the desk is ready.
        """
        if self._figures is None:
            starting = {"ready": False, "parts": {"start": "is under way"}}
            return web.json_response(starting, status=503)
        await self._vitals.look()
        ill = {each.part: each for each in self._vitals.ailments}
        said = {
            "ready": self._vitals.serving,
            "parts": {
                part: ill[part].sentence if part in ill else "ok" for part in self._vitals.parts
            },
            "since": {part: each.since.isoformat() for part, each in ill.items()},
            **await self._waiting(),
            "alarms": await self._standing(),
        }
        return web.json_response(said, status=200 if self._vitals.serving else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Everything that is counted, in Prometheus's text format."""
        waiting = await self._waiting()
        ailing = {each.part for each in self._vitals.ailments}
        ill = {part: part in ailing for part in self._vitals.parts}
        told = await asyncio.to_thread(metrics.told_now, waiting, ill)
        return web.Response(body=told, headers={"Content-Type": TEXT})

    async def _standing(self) -> Sequence[str]:
        """The alarms that stand; none where that cannot be read."""
        if self._alarms is None:
            return ()
        try:
            async with asyncio.timeout(FIGURES_WITHIN):
                return await self._alarms()
        except Exception as error:  # noqa: BLE001 - the database is away, in whatever way
            log.warning("alarms not read", error=type(error).__name__)
            return ()

    async def _waiting(self) -> Mapping[str, float]:
        """What waits; nothing where that cannot be read, which `ready` tells by its parts."""
        if self._figures is None:
            return {}
        try:
            async with asyncio.timeout(FIGURES_WITHIN):
                return await self._figures()
        except Exception as error:  # noqa: BLE001 - the database is away, in whatever way
            log.warning("figures not read", error=type(error).__name__)
            return {}


@asynccontextmanager
async def serving_probes(settings: StoreSettings, vitals: Vitals) -> AsyncIterator[Probes]:
    """Answer at OPS_PORT until the block ends; without one, look after the vitals alone.

    Raises:
        SettingsError: the port cannot be opened.
    """
    probes = Probes(vitals)
    if settings.ops_port is None:
        yield probes
        return
    site = web.Application(client_max_size=0)
    site.router.add_get("/healthz", probes.alive)
    site.router.add_get("/readyz", probes.ready)
    site.router.add_get("/metrics", probes.metrics)
    host, port = settings.ops_host, settings.ops_port
    async with open_port(site, host, port, "OPS_PORT", idle=IDLE, grace=GRACE) as opened:
        probes.port = opened
        log.info("probes", port=opened)
        yield probes
