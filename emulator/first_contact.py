"""The first contact: what a desk needs to join the emulators, and a customer to be."""

import asyncio
import json
import shlex
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from emulator.slack import Channel, Message, Person, SlackEmulator, transcript

HELP = (
    "You are tom, a customer in #orders: what you type is posted there, and what the desk says is "
    "shown.\n«> words» stays in your last message's thread, «mai: words» is the agent's there; "
    "Ctrl-C ends."
)
# Seconds between two looks where nothing happens.
LOOK = 3_600


@dataclass(frozen=True)
class Stage:
    """A workspace with one channel of customers and one of agents, and somebody in each."""

    slack: SlackEmulator
    tom: Person
    mai: Person
    orders: Channel
    desk: Channel


def stage(slack: SlackEmulator) -> Stage:
    """Mai is the agent, Tom the customer; the bot is in both channels."""
    mai = slack.add_user("mai", real_name="Mai")
    tom = slack.add_user("tom", real_name="Tom")
    desk = slack.add_channel("desk", members=[mai])
    orders = slack.add_channel("orders", members=[mai, tom])
    return Stage(slack, tom, mai, orders, desk)


def files(built: Stage, environment: Mapping[str, str], articles: Path) -> Mapping[str, str]:
    """A ready `.env` and a ready `desk.toml`; `articles` are named if they are there."""
    named = f"knowledge = {json.dumps(str(articles.resolve()))}\n" if articles.is_dir() else ""
    return {
        ".env": "".join(f"{name}={value}\n" for name, value in environment.items()),
        "desk.toml": f"[desk]\nagents_channel = {json.dumps(built.desk.id)}\n{named}",
    }


def as_shell(written: Mapping[str, str]) -> str:
    """Lines for a shell that write the files where it stands."""
    parts = (f"cat > {shlex.quote(name)} <<'END'\n{text}END\n" for name, text in written.items())
    return "".join(parts)


class Talk:
    """Takes what is typed to the workspace, and tells what is said there."""

    def __init__(self, built: Stage) -> None:
        self._built = built
        self._asked: Message | None = None
        self._shown: dict[tuple[str, str], list[str]] = {}

    async def hold(self) -> None:
        """Until it is cancelled; at the end of what is typed it goes on telling."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._take())
            both.create_task(self._tell())

    async def _take(self) -> None:
        lines = _typed()
        while (line := await lines.get()) is not None:
            if line.strip():
                self._asked = await self._posted(line.strip())

    async def _posted(self, line: str) -> Message:
        built, asked = self._built, self._asked
        if line.startswith("mai:"):
            words = line.removeprefix("mai:").strip()
            if asked is None:
                return await built.mai.post(built.orders, words)
            await built.mai.reply(asked, words)
            return asked
        if line.startswith(">") and asked is not None:
            await built.tom.reply(asked, line.removeprefix(">").strip())
            return asked
        return await built.tom.post(built.orders, line)

    async def _tell(self) -> None:
        while True:
            try:
                news = await self._built.slack.workspace.changes.until(self._news, LOOK)
            except TimeoutError:
                continue
            print("\n".join(news), flush=True)

    def _news(self) -> list[str]:
        """What can be seen that was not told, or not so."""
        workspace = self._built.slack.workspace
        told: list[str] = []
        for channel in workspace.channels.values():
            for message in self._of_the_desk(channel):
                lines = transcript.content(workspace, message)
                key = (channel.id, message.ts)
                # A card is drawn anew with every change; that it is there is enough.
                if self._shown.get(key) != lines and not (
                    key in self._shown and self._card(channel)
                ):
                    self._shown[key] = lines
                    told += self._told(channel, message, lines)
        return told

    def _of_the_desk(self, channel: Channel) -> Iterator[Message]:
        whispered = (each for each in self._built.slack.ephemerals if each.channel == channel.id)
        for message in (*self._built.slack.messages(channel), *whispered):
            if message.bot_id and not message.streaming:
                yield message

    def _card(self, channel: Channel) -> bool:
        return channel.id == self._built.desk.id

    def _told(self, channel: Channel, message: Message, lines: list[str]) -> list[str]:
        name = f"#{channel.name}" if channel.kind != "im" else "@tom"
        who = transcript.author(self._built.slack.workspace, message.identity)
        first, *rest = lines or [""]
        return [f"{name:<9}{who}: {first}", *(f"{'':9}{each}" for each in rest)]


def _typed() -> "asyncio.Queue[str | None]":
    """The lines of standard input as they come, None at its end."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, None)

    # A thread of the loop's own would be waited for when the loop ends.
    threading.Thread(target=read, daemon=True).start()
    return lines
