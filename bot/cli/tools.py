"""`deskhand tools`: the desk's tools, whether they can be asked, and one of them tried."""

import argparse
import asyncio
import json
from pathlib import Path

from bot.cli.terminal.arguments import ExitCode
from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.environment import secrets_of
from bot.config.settings import SettingsError
from bot.config.settings_file import load_store_settings
from bot.llm.calls import ToolUse
from bot.tools.lookup import Lookup
from bot.tools.probing import problems_of
from bot.tools.toolbox import Toolbox


def tools(chosen: argparse.Namespace) -> int:
    """List the tools and what is wrong with them, or try one; 2 when something is wrong."""
    settings = load_store_settings(chosen.env)
    desk = load_desk(settings.desk_config)
    if chosen.name:
        return asyncio.run(_try(desk, chosen, settings.env_file))
    problems = asyncio.run(problems_of(desk, settings.env_file))
    for name, problem in problems.items():
        tool = desk.tools[name]
        told = problem or f"{tool.title}, for {', '.join(sorted(tool.intents))}"
        print(f"{'✗' if problem else '✓'} {name}: {told}")
    if not problems:
        print("No tools: docs/tools.md says how to connect a system.")
    return ExitCode.WRONG if any(problems.values()) else ExitCode.DONE


async def _try(desk: Desk, chosen: argparse.Namespace, env_file: Path) -> int:
    use = ToolUse(id="try", name=chosen.name, input=_arguments(chosen.input))
    if chosen.name not in desk.tools:
        raise SettingsError(f"tools.{chosen.name}: there is no such tool in desk.toml")
    if desk.tools[chosen.name].kind == "write":
        raise SettingsError(f"tools.{chosen.name}: it changes something; only reading is tried")
    intent = min(desk.tools[chosen.name].intents)
    secrets = secrets_of(desk.secrets, env_file)
    async with Toolbox(desk, secrets) as toolbox:
        (found,) = await toolbox.look_up([use], intent, chosen.customer, chosen.language)
    print(_told(found))
    return ExitCode.DONE if found.outcome == "found" else ExitCode.WRONG


def _arguments(text: str) -> dict[str, object]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise SettingsError('--input: expected a JSON object, such as {"number": "DH-20311"}')
    return given


def _told(found: Lookup) -> str:
    """What the model would read, and how long it took."""
    said = "\n\n".join(found.parts) or found.problem
    return f"{found.outcome} in {found.milliseconds} ms, {found.title}, {found.clock}\n\n{said}"
