"""Bulletins for the agents: each is told once, also when the process dies while telling it."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from bot.engine import Engine
from bot.inbound import Frozen

STORY = "bulletin"

Tone = Literal["good", "warning", "alarm"]


class Bulletin(Frozen):
    """A word to the agents.

    `budget` names the budget it is about, `by` the person who did it; `liftable` says that an
    admin may let the budget pass for today.
    """

    key: str
    channel: str
    tone: Tone
    title: str
    text: str
    budget: str | None = None
    by: str | None = None
    liftable: bool = False


Post = Callable[[Bulletin, bool], Awaitable[None]]


class Bulletins:
    """Tells bulletins as durable stories; `post` is told whether it may stand there already."""

    def __init__(self, engine: Engine, post: Post, channel: str) -> None:
        self._engine = engine
        self._post = post
        self._channel = channel

    async def tell(self, key: str, tone: Tone, title: str, text: str, **more: Any) -> None:
        """Write a bulletin down, with `more` of its fields; the same key again is a no-op."""
        bulletin = Bulletin(
            key=key, channel=self._channel, tone=tone, title=title, text=text, **more
        )
        await self._engine.submit(STORY, key, bulletin.model_dump(mode="json"))

    async def run(self, payload: dict[str, Any]) -> str:
        """The story of one bulletin."""
        bulletin = Bulletin.model_validate(payload)
        await self._post(bulletin, self._engine.recovered(bulletin.key))
        return "told"
