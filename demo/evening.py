"""The evening: a budget that bites and is lifted, and the day's digest in the agents' channel."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from bot.app.bot import Bot
from bot.reports.digest import Digest
from bot.reports.periods import period_named
from demo.day import Played, Told, told
from demo.script import Says
from demo.stage import Stage
from emulator.slack import Message
from handlers.views.ids import LIFT_BUDGET

# The day before it used up most of what #products may cost, so the first gets a cheaper model.
BEFORE = Says(
    "two",
    "sara",
    "Compare the rice cookers once more: which is better for two people, and why?",
    where="products",
)
AFTER = Says(
    "four",
    "tom",
    "Compare both rice cookers for a family of four: capacity, price and warranty?",
    where="products",
)


async def evening(stage: Stage, bot: Bot, played: Played) -> AsyncIterator[Told]:
    """Two hard questions in #products; in between Mai lifts its budget for today."""
    yield await _asked(stage, bot, BEFORE, played)
    await _lifted(stage, bot)
    yield await _asked(stage, bot, AFTER, played)


async def publish(stage: Stage, bot: Bot) -> tuple[Digest, Path | None]:
    """Put the day's digest before the agents; its picture lies beside the demo's database."""
    now = datetime.now(UTC)
    of = period_named("today", now, bot.desk.zone)
    digest = await bot.digest_publisher.digest(of, now)
    await bot.digest_publisher.publish(stage.channels["desk"].id, of, digest)
    return digest, _picture(stage)


def notices(stage: Stage) -> list[str]:
    """What the agents were told about money, in order."""
    return [each.text for each in _desk(stage) if _key(each).startswith(("budget:", "alarm:"))]


async def _asked(stage: Stage, bot: Bot, says: Says, played: Played) -> Told:
    message = await stage.says(says.who, says.text, where=says.where)
    played.posted.append(message)
    await _settled(stage, bot)
    return await told(stage, bot, says, message)


async def _lifted(stage: Stage, bot: Bot) -> None:
    """The newest bulletin that has the button, if a budget was crossed at all."""
    offered = [each for each in _desk(stage) if f"'{LIFT_BUDGET}'" in str(each.blocks)]
    if offered:
        await stage.people["mai"].click(offered[-1], LIFT_BUDGET)
        await _settled(stage, bot)


async def _settled(stage: Stage, bot: Bot) -> None:
    await stage.slack.until(lambda: stage.slack.delivered, timeout=60)
    await bot.pipeline.wait_idle()


def _desk(stage: Stage) -> list[Message]:
    return stage.slack.messages(stage.channels["desk"])


def _key(message: Message) -> str:
    return str((message.metadata or {}).get("event_payload", {}).get("key", ""))


def _picture(stage: Stage) -> Path | None:
    drawn = [
        stage.slack.workspace.contents[identifier]
        for identifier, file in stage.slack.workspace.files.items()
        if file["name"].startswith("digest-")
    ]
    if not drawn:
        return None
    path = stage.folder / "digest.png"
    path.write_bytes(drawn[-1])
    return path
