"""Playing the day: each scene is posted, waited for, and told."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from bot.app.bot import Bot
from demo.script import DAY, Adds, Announces, Deletes, Edits, Says, StepsIn
from demo.stage import Stage
from emulator.slack import Message
from storage.costs import ledger
from storage.intake.talk import ignored_for
from storage.tickets import messages, outbox
from storage.tickets.tables import CallRow, Decision
from storage.tickets.tables import Message as Row

# Seconds between two scenes of one person in one place: longer than messages are taken together.
APART = 1.3


@dataclass(frozen=True)
class Told:
    """A scene and what the desk made of it: nothing, when the message was ignored, and why.

    `replies` are what the customer got, `draft` what waits on the ticket's card instead.
    """

    says: Says | Announces
    message: Message
    row: Row | None
    decision: Decision | None
    calls: tuple[CallRow, ...]
    replies: tuple[str, ...]
    draft: str | None = None
    ignored: str | None = None


@dataclass
class Played:
    """What was posted so far, by the name of its scene, with the words of agents beside it."""

    scenes: dict[str, Message]
    posted: list[Message]


async def play(stage: Stage, bot: Bot, played: Played) -> AsyncIterator[Told]:
    """Play the scenes one after the other; `played` collects every message that was posted."""
    ended: dict[tuple[str, str], float] = {}
    for says in DAY:
        if isinstance(says, Says):
            await _apart(ended.get((says.who, says.where), 0.0))
        message = await _scene(stage, says, played)
        await stage.slack.until(lambda: stage.slack.delivered, timeout=60)
        await bot.pipeline.wait_idle()
        if isinstance(says, Says):
            ended[says.who, says.where] = time.monotonic()
        yield await told(stage, bot, says, message)
        for more in _added(says):
            yield await told(stage, bot, more, played.scenes[more.name])


async def _apart(ended: float) -> None:
    """Let so much time pass that a scene is not taken for more of its author's last one."""
    await asyncio.sleep(max(ended + APART - time.monotonic(), 0))


def _added(says: Says | Announces) -> list[Says]:
    """What the author wrote beside it, as scenes of their own."""
    if isinstance(says, Announces):
        return []
    added = [each for each in says.meanwhile if isinstance(each, Adds)]
    return [Says(each.name, says.who, each.text, where=says.where) for each in added]


async def told(stage: Stage, bot: Bot, says: Says | Announces, message: Message) -> Told:
    """What the store says about a message."""
    key = f"{stage.slack.team_id}:{message.channel}:{message.ts}"
    row = await bot.store.read(messages.find_message, key)
    decision = await bot.store.read(ledger.find_decision, key)
    calls = await bot.store.read(ledger.calls_of_message, key)
    draft = await bot.store.read(outbox.find_draft, key)
    ignored = await bot.store.read(ignored_for, key)
    said = _replies(stage, message)
    drafted = draft.text if draft else None
    return Told(says, message, row, decision, tuple(calls), said, drafted, ignored)


def _replies(stage: Stage, message: Message) -> tuple[str, ...]:
    """What the bot said after the message in its thread."""
    bot = stage.slack.bot_user_id
    return tuple(
        each.text
        for each in stage.slack.thread(message)
        if each.user == bot and each.ts > message.ts
    )


def _answers(body: dict[str, Any]) -> bool:
    """Whether a request asks for an answer in words, not for a form to be filled in."""
    return "format" not in body.get("output_config", {})


async def _scene(stage: Stage, says: Says | Announces, played: Played) -> Message:
    if isinstance(says, Announces):
        message = await stage.deploybot.post(stage.channels["orders"], says.text)
        played.posted.append(message)
        return message
    if says.twice:
        stage.slack.faults.events(kind="twice", times=1)
    if says.misquoted and stage.claude is not None:
        stage.claude.faults.add("misquotes", where=_answers)
    message = await stage.says(
        says.who,
        says.text,
        where=says.where,
        reply_to=played.scenes[says.reply_to] if says.reply_to else None,
        files=says.files,
        forwards=played.scenes[says.forwards] if says.forwards else None,
    )
    played.scenes[says.name] = message
    played.posted.append(message)
    for event in says.meanwhile:
        await _at_work(stage, message)
        match event:
            case Edits(text):
                await stage.people[says.who].edit(message, text)
            case Deletes():
                await stage.people[says.who].delete(message)
            case Adds(name, text):
                played.scenes[name] = await stage.says(says.who, text, where=says.where)
                played.posted.append(played.scenes[name])
            case StepsIn(who, text):
                played.posted.append(await stage.says(who, text, reply_to=message))
    return message


async def _at_work(stage: Stage, message: Message) -> None:
    """Wait until the bot has the message; 👀 comes only where an answer takes its time."""
    await stage.slack.until(
        lambda: "eyes" in message.reactions or stage.slack.delivered, timeout=60
    )
