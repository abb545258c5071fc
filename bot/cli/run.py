"""`deskhand run`: join the workspace and work until a signal comes."""

import argparse
import asyncio
import gc
import signal
from contextlib import suppress
from importlib.metadata import version

import structlog

from bot.cli.terminal.arguments import ExitCode
from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.settings import Settings
from bot.config.settings_file import load_settings
from bot.runtime.cpu import pin
from bot.runtime.logs import configure_logs

# New objects after which the collector looks at the young ones. At Python's own 700 it took three
# times as long for a message: nearly all that a story makes is gone without its help.
LOOK_AFTER = 10_000

log = structlog.get_logger("run")


def run(chosen: argparse.Namespace) -> int:
    """Work until SIGINT or SIGTERM."""
    settings = load_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    if settings.processors == "one":
        pin()
    desk = load_desk(settings.desk_config)
    log.info("starting", version=version("deskhand"))
    asyncio.run(_until_stopped(settings, desk))
    return ExitCode.DONE


async def _until_stopped(settings: Settings, desk: Desk) -> None:
    # Whatever is wrong in the two files is said before the desk itself is loaded.
    from bot.app.bot import running  # noqa: PLC0415

    stopped, begun = asyncio.Event(), asyncio.Event()
    beginning = asyncio.current_task()

    def stop() -> None:
        """A desk that still waits for Slack is not at work: it ends at once."""
        stopped.set()
        if beginning is not None and not begun.is_set():
            beginning.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        async with running(settings, desk):
            begun.set()
            # What start-up built lives as long as the process; the collector need not look again.
            gc.collect()
            gc.freeze()
            gc.set_threshold(LOOK_AFTER)
            await stopped.wait()
