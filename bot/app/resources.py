"""What has to be closed again: the connection to Slack, the store, Claude, listeners' tasks."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf

import structlog

from bot.config.desk import Desk
from bot.config.environment import secrets_of
from bot.config.settings import Settings, SettingsError
from bot.gate.gate import prepare_gate
from bot.llm.client import Claude
from bot.llm.price_files import prices_of
from bot.llm.pricing import Catalogue
from bot.readers.pool import ReaderPool
from bot.readers.reader_limits import ReaderLimits
from bot.runtime.store import open_store
from bot.runtime.tasks import BackgroundTasks
from bot.tools.mcp_client import require_mcp
from bot.tools.toolbox import Toolbox
from handlers.connection import client as slack_client
from handlers.connection.client import SlackConnection, once_reached
from handlers.connection.installation import Installation
from handlers.slack.checks import require_agents_channel
from storage.db.address import BadDatabaseUrl, DatabaseAway
from storage.db.database import Database
from storage.db.migrate import migration_pending

# Seconds between two attempts to reach a database server, and between two words about it.
FIRST_PAUSE, LONGEST_PAUSE, SAID_EVERY = 0.5, 5.0, 60.0

log = structlog.get_logger("app")


@dataclass(frozen=True)
class Resources:
    """What is open, and what it was opened by.

    `address` is Socket Mode's, for one connection; None in HTTP mode. `secrets` are
    those of the desk's tools and customers, by the names of their variables.
    """

    settings: Settings
    desk: Desk
    catalogue: Catalogue
    slack: SlackConnection
    installation: Installation
    address: str | None
    store: Database
    claude: Claude
    readers: ReaderPool
    toolbox: Toolbox
    background: BackgroundTasks
    secrets: Mapping[str, str] = field(repr=False)


@asynccontextmanager
async def resources(settings: Settings, desk: Desk) -> AsyncIterator[Resources]:
    """Open everything; the database is migrated after all else was found to be right.

    Raises:
        SettingsError: something is wrong; what was open is closed again.
    """
    catalogue = prices_of(desk)
    require_mcp(desk.mcp)
    secrets = secrets_of(desk.secrets, settings.env_file)
    await asyncio.to_thread(prepare_gate)
    await _require_database(settings)
    async with slack_client.connection(settings) as slack:
        client = slack.once
        installation = await once_reached(lambda: slack_client.installation(client))
        address = await once_reached(lambda: slack_client.socket_address(client, settings))
        await once_reached(lambda: require_agents_channel(client, desk))
        async with (
            open_store(settings, desk) as store,
            Claude(settings, catalogue) as claude,
            BackgroundTasks() as background,
            _readers(desk) as readers,
            Toolbox(desk, secrets) as toolbox,
        ):
            yield Resources(
                settings=settings,
                desk=desk,
                catalogue=catalogue,
                slack=slack,
                installation=installation,
                address=address,
                store=store,
                claude=claude,
                readers=readers,
                toolbox=toolbox,
                background=background,
                secrets=secrets,
            )


@asynccontextmanager
async def _readers(desk: Desk) -> AsyncIterator[ReaderPool]:
    """A pool of readers with the desk's limits; no process begins before the first file."""
    pool = ReaderPool(ReaderLimits(**desk.readers.model_dump()))
    try:
        yield pool
    finally:
        await asyncio.to_thread(pool.close)


async def _require_database(settings: Settings) -> None:
    """Wait for a server that is away; nothing is made or changed yet.

    Raises:
        SettingsError: no database can be opened, and waiting does not mend that.
    """
    pause, said = FIRST_PAUSE, -inf
    while True:
        try:
            await asyncio.to_thread(migration_pending, settings.database_url)
        except DatabaseAway as why:
            if time.monotonic() - said >= SAID_EVERY:
                said = time.monotonic()
                log.critical("waiting for the database", why=str(why))
        except BadDatabaseUrl as error:
            raise SettingsError(str(error)) from None
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
