"""What `deskhand tools` and `deskhand check` look at: whether each tool can be asked at all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.config.desk import Desk
from bot.config.environment import secrets_of
from bot.config.settings import SettingsError
from bot.config.tools import ToolConfig
from bot.tools.endpoint import SystemFailed
from bot.tools.mcp_client import McpServers, require_mcp


async def problems_of(desk: Desk, env_file: Path) -> Mapping[str, str]:
    """What keeps each tool from being asked, by its name; "" where nothing is known to.

    A server is asked for its tools: one that is gone, or wants other arguments than `desk.toml`
    fills in, is a problem. An address over HTTP is not asked, for nobody said about whom.
    """
    try:
        require_mcp(desk.mcp)
        secrets = secrets_of(desk.secrets, env_file)
    except SettingsError as error:
        return dict.fromkeys(desk.tools, str(error))
    servers = McpServers(desk.mcp, secrets)
    try:
        return {name: await _problem(servers, tool) for name, tool in desk.tools.items()}
    finally:
        await servers.close()


async def _problem(servers: McpServers, tool: ToolConfig) -> str:
    if not tool.mcp:
        return ""
    try:
        offered = await servers.tools(tool.mcp)
    except SystemFailed as error:
        return str(error)
    schema = offered.get(tool.tool)
    if schema is None:
        return f"the server has no tool «{tool.tool}»; it has {', '.join(sorted(offered))}"
    return _difference(schema, [*tool.input, *filter(None, (tool.subject, tool.lang, tool.key))])


def _difference(schema: Mapping[str, Any], given: Sequence[str]) -> str:
    """How the arguments that a server takes differ from those that it would be given."""
    known = set(schema.get("properties") or ())
    missing = sorted(set(schema.get("required") or ()) - set(given))
    strange = sorted(set(given) - known)
    told = [f"it wants «{each}», which nothing fills in" for each in missing]
    told += [f"it does not know «{each}»" for each in strange]
    return "; ".join(told)
