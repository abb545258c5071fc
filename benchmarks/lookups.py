"""What a look into a system adds to an answer: `python -m benchmarks.lookups`.

The same person asks in turn what the articles answer and where an order is. Both are answered from
the post to the closing post; the second less the first, less the shop's own time and one more call
to the model, is what a look costs.
"""

import argparse
import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.process import COMMANDS, Place, bot_processes
from demo.stage import TOOLS
from emulator.claude import ClaudeEmulator
from emulator.slack import Channel, Message, Person, SlackEmulator
from handlers.manifest import EVENTS
from shop import Shop

ARTICLE = "How long does delivery to Hanoi take?"
ORDER = "Where is my order DH-20311?"
WARM_UP = 3
# Seconds that anything may take.
PATIENCE = 30.0


async def measure(times: int) -> tuple[list[float], list[float], list[float], list[float]]:
    """So many of each, in ms: from articles, by a look, the shop's part, the further call's."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackEmulator(events=EVENTS))
        claude = await stack.enter_async_context(ClaudeEmulator(latency={"*": 0.0}))
        shop = await stack.enter_async_context(Shop())
        slack.workspace.scopes.add("users:read.email")
        linh = slack.add_user("linh")
        agents = slack.add_channel("agents", [slack.add_user("agent")])
        orders = slack.add_channel("orders", [linh])
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="deskhand-bench-")))
        place = Place(folder, slack, claude, agents, f"sqlite:///{folder / 'deskhand.db'}")
        tools = TOOLS.read_text(encoding="utf-8").replace("SHOP_URL", shop.url)
        place = replace(place, more=tools, secrets={"SHOP_TOKEN": shop.token})
        bot = await stack.enter_async_context(bot_processes(place, COMMANDS["desk"]))
        plain, looked, asked, further = [], [], [], []
        for number in range(WARM_UP + times):
            article = await _answered(slack, linh, orders, ARTICLE)
            before = len(claude.calls)
            order = await _answered(slack, linh, orders, ORDER)
            calls = claude.calls[before:]
            spent = [float(each["ms"]) for each in bot.told("asked") if each.get("tool")]
            if number >= WARM_UP and len(calls) > 2:
                plain.append(article)
                looked.append(order)
                asked.append(spent[-1])
                further.append(calls[-1].ms)
        return plain, looked, asked, further


async def _answered(slack: SlackEmulator, person: Person, channel: Channel, text: str) -> float:
    """Have a question answered; the ms from its post to the answer."""
    began = time.monotonic()
    message: Message = await person.post(channel, text)
    await slack.until(lambda: len(slack.thread(message)) > 1, PATIENCE)
    took = (time.monotonic() - began) * 1000
    await slack.until(lambda: slack.delivered, PATIENCE)
    await asyncio.sleep(0.3)
    return took


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(prog="benchmarks.lookups", description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="default: %(default)d of each")
    plain, looked, asked, further = map(median, asyncio.run(measure(parser.parse_args().times)))
    Console().print(
        f"from articles {plain:.0f} ms, by a look {looked:.0f} ms; of that the shop {asked:.0f} "
        f"and one more call to the model {further:.0f} ms; the desk adds "
        f"{looked - plain - asked - further:.0f} ms (at most 40)",
        highlight=False,
    )


if __name__ == "__main__":
    main()
