"""How many modules one answered question crosses: `python -m benchmarks.module_changes`.

A profile hook on the main thread notes the module of every function of the product when it is
entered, and when a coroutine goes on after a wait. A change is two notes in a row of different
modules. What only looks at text (`bot.text`) is left out, and so is what runs in the store's
threads. The emulators answer in the same process and are not counted.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from bot.app.bot import running
from bot.config.desk_file import load_desk
from bot.config.settings import Settings
from bot.runtime.logs import configure_logs
from emulator.claude import ClaudeEmulator
from emulator.slack import SlackEmulator
from handlers.manifest import EVENTS

PRODUCT = ("bot.", "handlers.", "storage.")
# What only looks at text or escapes it.
TEXT_HELPERS = ("bot.text.", "storage.text.", "handlers.views.mrkdwn")
# Where no reader goes: what `dataclass` writes.
GENERATED = "<string>"
KNOWLEDGE = Path(__file__).parent.parent / "demo" / "articles"
QUESTION = "How long does delivery take?"
# Answered before the first count: what is made once for all is made by then.
WARM_UP = 3
PATIENCE = 60.0


@dataclass
class ModuleTrail:
    """The modules of the product in the order in which a thread went through them.

    `entered` has every function that was called; `resumed` also every coroutine that went on.
    """

    entered: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    _frames: set[FrameType] = field(default_factory=set)

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Note what this thread does while the block runs."""
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)
            # Only so long does no other frame get the place of one that was noted.
            self._frames.clear()

    def _note(self, frame: FrameType, event: str, _argument: Any) -> None:
        module = str(frame.f_globals.get("__name__", ""))
        if event != "call" or not module.startswith(PRODUCT) or module.startswith(TEXT_HELPERS):
            return
        if frame.f_code.co_filename == GENERATED:
            return
        self.resumed.append(module)
        if frame not in self._frames:
            self._frames.add(frame)
            self.entered.append(module)


def changes(trail: list[str]) -> int:
    """How often a module is followed by another one."""
    return sum(before != after for before, after in pairwise(trail))


async def follow(question: str, times: int) -> list[ModuleTrail]:
    """Have a question answered by a bot that has answered before, and follow it each time."""
    trails = []
    with TemporaryDirectory(prefix="deskhand-changes-") as folder:
        async with SlackEmulator(events=EVENTS) as slack, ClaudeEmulator() as claude:
            customer, agent = slack.add_user("customer"), slack.add_user("agent")
            orders = slack.add_channel("orders", [customer])
            agents = slack.add_channel("agents", [agent])
            file = Path(folder) / "desk.toml"
            file.write_text(
                f'[desk]\nagents_channel = "{agents.id}"\nknowledge = "{KNOWLEDGE}"\n'
                'cards = "people"\n'
                "[bursts]\nseconds = 0\n[incidents]\npeople = 0\n[stream]\nintents = []\n",
                encoding="utf-8",
            )
            settings = Settings(
                _env_file=None,
                slack_bot_token=slack.bot_token,
                slack_app_token=slack.app_token,
                slack_api_url=slack.api_url,
                slack_pace=0,
                anthropic_api_key=claude.api_key,
                anthropic_base_url=claude.url,
                database_url=f"sqlite:///{folder}/deskhand.db",
                desk_config=file,
            )
            async with running(settings, load_desk(file)) as bot:
                bot.scheduler.stop()
                for turn in range(WARM_UP + times):
                    trail, idle = ModuleTrail(), len(asyncio.all_tasks())
                    with trail.followed():
                        asked = await customer.post(orders, question)
                        await slack.until(lambda: len(slack.thread(asked)) > 1, PATIENCE)  # noqa: B023
                        while len(asyncio.all_tasks()) > idle:  # noqa: ASYNC110
                            await asyncio.sleep(0.01)  # asking the bot would be in the figures
                    await bot.pipeline.wait_idle()
                    if turn >= WARM_UP:
                        trails.append(trail)
    return trails


def main() -> int:
    """Print the figures of the question whose changes are the median of all."""
    chosen = _parser().parse_args()
    configure_logs("ERROR", "text")
    trails = asyncio.run(follow(chosen.question, chosen.times))
    middle = median_low(changes(trail.entered) for trail in trails)
    trail = next(trail for trail in trails if changes(trail.entered) == middle)
    print(f"modules crossed:     {len(set(trail.entered))}")
    print(f"changes of module:   {middle}")
    print(f"  waits included:    {changes(trail.resumed)}")
    print(f"of {len(trails)} questions:      {sorted(changes(each.entered) for each in trails)}")
    if chosen.pairs:
        crossed = Counter(tuple(sorted(pair)) for pair in pairwise(trail.entered))
        crossed = Counter({pair: n for pair, n in crossed.items() if pair[0] != pair[1]})
        for pair, count in crossed.most_common(chosen.pairs):
            print(f"{count:5}  {' ↔ '.join(pair)}")
    if chosen.modules:
        times = Counter(
            after for before, after in pairwise(["", *trail.entered]) if before != after
        )
        for module, count in times.most_common():
            print(f"{count:5}  {module}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.module_changes", description=__doc__)
    parser.add_argument("--question", default=QUESTION, help="default: %(default)s")
    parser.add_argument("--times", type=int, default=5, help="questions to follow")
    parser.add_argument("--modules", action="store_true", help="how often each is changed to")
    parser.add_argument("--pairs", type=int, default=0, help="the pairs that cross most often")
    return parser


if __name__ == "__main__":
    sys.exit(main())
