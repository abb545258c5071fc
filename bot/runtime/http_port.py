"""A port at which the process answers HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.config.settings import SettingsError


@asynccontextmanager
async def open_port(
    site: web.Application, host: str, port: int, named: str, *, idle: float, grace: float
) -> AsyncIterator[int]:
    """Answer until the block ends, and what is under way for `grace` seconds more.

    The port is told, as 0 lets the system choose one; `named` is the setting that says which. A
    connection that says nothing, or is at its headers, for `idle` seconds is closed.

    Raises:
        SettingsError: the port cannot be opened.
    """
    runner = web.AppRunner(
        site, access_log=None, keepalive_timeout=idle, lingering_time=1.0, shutdown_timeout=grace
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError(f"{named}: {host}:{port}: {error.strerror}") from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
