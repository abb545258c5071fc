"""The bot as a process of its own, to be killed."""

from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.support.forked import ended, forked
from tests.support.workspace import ROOT, Workspace


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
        "PROCESSORS=all\n"  # the tests beside it keep to theirs
    )
    return path


async def started(place: Workspace, grace: float = 10) -> ForkServerProcess:
    """Start the bot and wait until it listens; `grace` is what a stop gives its stories."""
    command = ["run", "--env", str(environment(place, grace))]
    process = forked(command, ROOT, {"PATH": ""}, place.folder / "log")
    await place.until(lambda: any(not each.draining for each in place.slack.sockets.connections))
    return process


async def killed(place: Workspace, process: ForkServerProcess) -> None:
    """Kill -9, and wait until Slack has noticed."""
    process.kill()
    await ended(process)
    await place.until(lambda: not place.slack.sockets.connections)


async def stopped(process: ForkServerProcess) -> int:
    """SIGTERM; the exit status."""
    process.terminate()
    return await ended(process)
