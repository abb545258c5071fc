"""A port for HTTP: who keeps it waiting is cut."""

import asyncio

import pytest
from aiohttp import web

from bot.config.settings import SettingsError
from bot.runtime.http_port import open_port


async def test_a_client_that_never_ends_its_headers_is_cut() -> None:
    """So is one that says nothing at all."""
    async with open_port(web.Application(), "127.0.0.1", 0, "PORT", idle=0.2, grace=0) as port:
        for beginning in (b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(beginning)
            async with asyncio.timeout(20):
                while await reader.read(100):
                    pass
            writer.close()


async def test_a_host_that_is_not_ours_is_named() -> None:
    """With the setting that says so."""
    with pytest.raises(SettingsError, match=r"PORT: 192\.0\.2\.1:8080"):
        async with open_port(web.Application(), "192.0.2.1", 8080, "PORT", idle=1, grace=0):
            pass
