"""Systems that speak MCP: connected to when first asked, and again after they were lost."""

import asyncio
import json
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import Any

import httpx2
import structlog

from bot.config.settings import SettingsError
from bot.config.tools import McpServerConfig
from bot.tools.denials import knows_nothing
from bot.tools.endpoint import NothingThere, SystemFailed
from bot.tools.schemas import difference, misfit

# Statuses that stay until somebody changes the token.
REFUSED = (401, 403)
# Tools of one server; more are not looked at.
MOST_TOOLS = 1_000

log = structlog.get_logger("tools")


def require_mcp(servers: Mapping[str, McpServerConfig]) -> None:
    """Raise SettingsError where a server is named and the extra is not installed."""
    if servers and find_spec("mcp") is None:
        raise SettingsError(f"mcp.{next(iter(servers))}: MCP takes an extra; install deskhand[mcp]")


class McpServers:
    """The desk's MCP servers, each with one connection that a task of its own holds."""

    def __init__(self, servers: Mapping[str, McpServerConfig], secrets: Mapping[str, str]) -> None:
        self._servers = servers
        self._secrets = secrets
        self._open: dict[str, _Connection] = {}

    async def ask(
        self, server: str, tool: str, arguments: Mapping[str, Any], *, read: bool = True
    ) -> Any:
        """Call a tool, and `read` what it answered; else it is enough that it refused nothing.

        Raises:
            NothingThere: the server says that it knows nothing of the kind.
            SystemFailed: it is not reached, refuses, or answers nothing that is an object.
        """
        connection = self._connection(server)
        try:
            return await connection.ask(tool, arguments, read=read)
        except (NothingThere, SystemFailed):
            raise
        except Exception as error:  # noqa: BLE001 - a server may fail in any way it likes
            self._open.pop(server, None)
            await connection.close()
            log.info("server lost", server=server, error=type(error).__name__)
            raise connection.failure(error) from None

    async def tools(self, server: str) -> Mapping[str, Mapping[str, Any]]:
        """The server's tools by name, with the schemas of their arguments.

        Raises:
            SystemFailed: it is not reached.
        """
        connection = self._connection(server)
        try:
            return await connection.tools()
        except Exception as error:  # noqa: BLE001
            self._open.pop(server, None)
            await connection.close()
            raise connection.failure(error) from None

    async def close(self) -> None:
        """Close every connection."""
        for connection in list(self._open.values()):
            await connection.close()
        self._open.clear()

    def _connection(self, server: str) -> "_Connection":
        if server not in self._open:
            self._open[server] = _Connection(self._servers[server], self._secrets)
        return self._open[server]


class _Connection:
    """A client in a task of its own: it has to be closed by the task that opened it."""

    def __init__(self, config: McpServerConfig, secrets: Mapping[str, str]) -> None:
        self._config = config
        self._secrets = secrets
        self._done = asyncio.Event()
        self._client: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._schemas: Mapping[str, Mapping[str, Any]] | None = None
        # Of the latest answer over HTTP: the library tells that there was an error, and not which.
        self._status = 0
        self._task = asyncio.create_task(self._hold())

    async def ask(self, tool: str, arguments: Mapping[str, Any], *, read: bool) -> Any:
        client = await asyncio.shield(self._client)
        self._require_fit(tool, arguments, await self.tools())
        result = await client.call_tool(tool, dict(arguments))
        text = "\n".join(
            block.text for block in result.content if getattr(block, "type", "") == "text"
        )
        if result.is_error:
            if knows_nothing(text):
                raise NothingThere
            # It may want something else by now: what it wants is asked for again.
            self._schemas = None
            raise SystemFailed("it refused")
        if not read:
            return {}
        if isinstance(result.structured_content, dict):
            return result.structured_content
        try:
            return json.loads(text)
        except ValueError:
            raise SystemFailed("its answer is no JSON") from None

    async def tools(self) -> Mapping[str, Mapping[str, Any]]:
        """What the server offers; asked for once, and again after it has refused something."""
        client = await asyncio.shield(self._client)
        if self._schemas is None:
            page = await client.list_tools()
            offered = list(page.tools)
            while page.next_cursor and len(offered) < MOST_TOOLS:
                page = await client.list_tools(cursor=page.next_cursor)
                offered += page.tools
            self._schemas = {tool.name: tool.input_schema for tool in offered}
        return self._schemas

    def _require_fit(
        self, tool: str, arguments: Mapping[str, Any], offered: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Raise SystemFailed where the server wants something else than it would be given."""
        schema = offered.get(tool)
        if schema is None:
            wrong = f"it has no tool «{tool}»"
        else:
            wrong = difference(schema, arguments) or misfit(arguments, schema)
        if wrong:
            self._schemas = None
            raise SystemFailed(f"the server has changed: {wrong}")

    def failure(self, error: Exception) -> SystemFailed:
        """What went wrong, by the status that says it, or by the kind of the innermost error."""
        if self._status in REFUSED or self._status >= 500:
            again = self._status not in REFUSED
            return SystemFailed(f"it answered {self._status}", again=again)
        cause: BaseException = error
        while isinstance(cause, BaseExceptionGroup):
            cause = cause.exceptions[0]
        return SystemFailed(f"not reached ({type(cause).__name__})", again=True)

    async def close(self) -> None:
        self._done.set()
        await asyncio.wait([self._task])

    async def _hold(self) -> None:
        try:
            async with AsyncExitStack() as stack:
                self._client.set_result(await self._opened(stack))
                await self._done.wait()
        except Exception as error:  # noqa: BLE001
            if not self._client.done():
                self._client.set_exception(error)
                # Whoever waits hears it; nobody need.
                self._client.exception()
        finally:
            if not self._client.done():
                self._client.cancel()

    async def _saw(self, response: httpx2.Response) -> None:
        self._status = response.status_code

    async def _opened(self, stack: AsyncExitStack) -> Any:
        # Only desks with MCP servers pay for its import, of a second or more.
        from mcp import Client, StdioServerParameters  # noqa: PLC0415
        from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415

        config = self._config
        if config.command:
            command, *arguments = config.command
            named = {name: self._secrets[name] for name in config.env}
            shared = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            server: Any = StdioServerParameters(
                command=command, args=arguments, env={**shared, **named}
            )
        else:
            token = self._secrets[config.token] if config.token else ""
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            client = httpx2.AsyncClient(
                headers=headers, timeout=60, event_hooks={"response": [self._saw]}
            )
            http = await stack.enter_async_context(client)
            server = streamable_http_client(config.url, http_client=http)
        return await stack.enter_async_context(Client(server))
