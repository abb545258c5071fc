"""`deskhand mcp`: a desk's API as an MCP server, for assistants and editors."""

import argparse
import asyncio
import socket
import sys
from importlib.util import find_spec

from bot.api.api_failure import ApiFailure
from bot.api.operations import WHO_AM_I
from bot.api.remote import DeskApi, desk_api
from bot.cli.terminal.arguments import ExitCode
from bot.config.settings import SettingsError
from bot.config.settings_file import load_store_settings
from bot.runtime.logs import configure_logs


def mcp(chosen: argparse.Namespace) -> int:
    """Serve until the client is gone, or until Ctrl-C; 75 when the desk is not reached."""
    settings = load_store_settings(chosen.env)
    if find_spec("mcp") is None:
        raise SettingsError("MCP takes an extra: install deskhand[mcp]")
    api = desk_api(settings)
    configure_logs(settings.log_level, settings.log_format)
    if chosen.http is not None:
        host, port = chosen.http
        return asyncio.run(_over_http(api, host, port))
    if settings.api_token is None:
        raise SettingsError("API_TOKEN is not set: a token of [api.NAME] in the desk's desk.toml")
    return asyncio.run(_over_pipes(api, settings.api_token.get_secret_value()))


async def _over_pipes(api: DeskApi, token: str) -> int:
    # Imported once it is known that there is something to serve: it takes a second.
    from bot.api.mcp_server import serve_pipes  # noqa: PLC0415

    async with api.client:
        try:
            await api.ask(WHO_AM_I, {}, token)
        except ApiFailure as failure:
            print(f"{api.client.base_url}: {failure.sentence}", file=sys.stderr)
            return ExitCode.WRONG if failure.status == 401 else ExitCode.UNREACHABLE
        await serve_pipes(api, token)
    return ExitCode.DONE


async def _over_http(api: DeskApi, host: str, port: int) -> int:
    import uvicorn  # noqa: PLC0415 - comes with the extra

    from bot.api.mcp_server import http_application  # noqa: PLC0415

    try:
        opened = socket.create_server((host, port), family=_family(host))
    except OSError as error:
        raise SettingsError(f"--http {host}:{port}: {error.strerror}") from None
    async with api.client:
        config = uvicorn.Config(
            http_application(api),
            interface="asgi3",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=3,
        )
        server = uvicorn.Server(config)
        print(f"http://{host}:{opened.getsockname()[1]}/mcp", flush=True)
        await server.serve([opened])
    return ExitCode.DONE


def _family(host: str) -> socket.AddressFamily:
    """The family of an address as it is written."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET
