"""Playing the day: each scene is posted, waited for, and told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.app import Bot
from demo.script import DAY, Announces, Deletes, Edits, Says, StepsIn
from demo.stage import Stage
from emulator.slack import Message
from storage import ledger, tickets
from storage.models import Call, Decision
from storage.models import Message as Row


@dataclass(frozen=True)
class Told:
    """A scene and what the desk made of it: nothing, when the message was ignored."""

    says: Says | Announces
    message: Message
    row: Row | None
    decision: Decision | None
    calls: tuple[Call, ...]
    reply: str | None


@dataclass
class Played:
    """What was posted so far, by the name of its scene, with the words of agents beside it."""

    scenes: dict[str, Message]
    posted: list[Message]


async def play(stage: Stage, bot: Bot, played: Played) -> AsyncIterator[Told]:
    """Play the scenes one after the other; `played` collects every message that was posted."""
    for says in DAY:
        message = await _scene(stage, says, played)
        await stage.slack.until(lambda: stage.slack.delivered, timeout=60)
        await bot.pipeline.quiet()
        yield await told(stage, bot, says, message)


async def told(stage: Stage, bot: Bot, says: Says | Announces, message: Message) -> Told:
    """What the store says about a message."""
    key = f"{stage.slack.team_id}:{message.channel}:{message.ts}"
    row = await bot.store.read(tickets.message, key)
    decision = await bot.store.read(ledger.decision, key)
    calls = await bot.store.read(ledger.calls_of, key)
    return Told(says, message, row, decision, tuple(calls), _reply(stage, message))


def _reply(stage: Stage, message: Message) -> str | None:
    """What the bot said after the message in its thread."""
    bot = stage.slack.bot_user_id
    said = [
        each.text
        for each in stage.slack.thread(message)
        if each.user == bot and each.ts > message.ts
    ]
    return said[0] if said else None


async def _scene(stage: Stage, says: Says | Announces, played: Played) -> Message:
    if isinstance(says, Announces):
        message = await stage.deploybot.post(stage.channels["orders"], says.text)
        played.posted.append(message)
        return message
    if says.twice:
        stage.slack.faults.events(kind="twice", times=1)
    message = await stage.says(
        says.who,
        says.text,
        where=says.where,
        reply_to=played.scenes[says.reply_to] if says.reply_to else None,
        files=says.files,
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
            case StepsIn(who, text):
                played.posted.append(await stage.says(who, text, reply_to=message))
    return message


async def _at_work(stage: Stage, message: Message) -> None:
    """Wait for 👀: the bot has seen the message and is thinking."""
    await stage.slack.until(lambda: "eyes" in message.reactions, timeout=60)
