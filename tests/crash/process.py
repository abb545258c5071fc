"""The bot as a process of its own, to be killed."""

import asyncio
import sys
from asyncio.subprocess import Process
from pathlib import Path

from tests.workspace import PATIENCE, ROOT, Workspace


def environment(place: Workspace, grace: float) -> Path:
    """An `.env` that points at the emulators of this process."""
    place.desk()
    path = place.folder / "env"
    path.write_text(
        f"SLACK_BOT_TOKEN={place.slack.bot_token}\n"
        f"SLACK_APP_TOKEN={place.slack.app_token}\n"
        f"SLACK_API_URL={place.slack.api_url}\n"
        f"ANTHROPIC_API_KEY={place.claude.api_key}\n"
        f"ANTHROPIC_BASE_URL={place.claude.url}\n"
        f"DATABASE_URL=sqlite:///{place.folder}/deskhand.db\n"
        f"DESK_CONFIG={place.folder}/desk.toml\n"
        f"STOP_GRACE={grace}\n"
        "LOG_LEVEL=ERROR\n"
    )
    return path


async def started(place: Workspace, grace: float = 10) -> Process:
    """Start the bot and wait until it listens; `grace` is what a stop gives its stories."""
    with (place.folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            "run",
            "--env",
            str(environment(place, grace)),
            cwd=ROOT,
            stderr=log,
            env={"PATH": "", "PYTHONPATH": str(ROOT)},
        )
    await place.until(lambda: any(not each.draining for each in place.slack.sockets.connections))
    return process


async def killed(place: Workspace, process: Process) -> None:
    """Kill -9, and wait until Slack has noticed."""
    process.kill()
    async with asyncio.timeout(PATIENCE):
        await process.wait()
    await place.until(lambda: not place.slack.sockets.connections)


async def stopped(process: Process) -> int:
    """SIGTERM; the exit status."""
    process.terminate()
    async with asyncio.timeout(PATIENCE):
        return await process.wait()
