"""What `deskhand tools` and `deskhand check` look at: whether each tool can be asked at all."""

from collections.abc import Mapping
from pathlib import Path

from bot.config.desk import Desk
from bot.config.environment import secrets_of
from bot.config.settings import SettingsError
from bot.config.tools import ToolConfig
from bot.tools.endpoint import SystemFailed
from bot.tools.mcp_client import McpServers, require_mcp
from bot.tools.schemas import difference


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
    return difference(schema, [*tool.input, *filter(None, (tool.subject, tool.lang, tool.key))])
