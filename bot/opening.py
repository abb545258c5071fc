"""A ticket that somebody opens with a form.

Its words are posted as a thread of their own; from there on it is handled like any message.
"""

from typing import Any

import structlog

from bot.engine import Engine
from bot.frontdesk import CannotPost, FrontDesk, Posted, Say
from bot.inbound import Frozen, Inbound
from bot.pipeline import Pipeline, arrival
from storage import tickets
from storage.database import Database
from storage.lifecycle import By

STORY = "opening"

log = structlog.get_logger("opening")


class Request(Frozen):
    """A form that was sent off. Without a `channel` it stays between the person and the desk.

    `private` says that outsiders may not know of it; `key` makes it count once; `asked_ts` is
    when, as Slack writes moments.
    """

    key: str
    team: str
    user: str
    channel: str | None
    private: bool
    category: str
    title: str
    details: str
    urgency: str
    asked_ts: str


class Opening:
    """Opens tickets for people."""

    def __init__(
        self, engine: Engine, store: Database, front: FrontDesk, pipeline: Pipeline
    ) -> None:
        self._engine = engine
        self._store = store
        self._front = front
        self._pipeline = pipeline

    async def ask(self, request: Request) -> bool:
        """Write the request down durably; False when it was sent off before."""
        key = f"opening:{request.key}"
        return await self._engine.submit(STORY, key, request.model_dump(mode="json"))

    async def run(self, payload: dict[str, Any]) -> str:
        """The story of one request."""
        request = Request.model_validate(payload)
        try:
            posted = await self._engine.step("post", Posted, self._post, request)
        except CannotPost as error:
            log.error("ticket not opened", user=request.user, problem=str(error))  # noqa: TRY400
            return "failed"
        inbound = _inbound(request, posted)
        await self._store.write(
            tickets.open_named,
            arrival(inbound),
            By(request.user, "modal"),
            title=request.title,
            intent=request.category,
            priority=request.urgency,
        )
        await self._pipeline.accept(inbound)
        return "opened"

    async def _post(self, request: Request) -> Posted:
        say = Say(
            key=f"opening:{request.key}",
            kind="line",
            channel=request.channel or await self._front.direct(request.user),
            thread_ts=None,
            text=f"{request.title}\n{request.details}",
            speaker=await self._front.name(request.user),
            after=request.asked_ts,
        )
        return await self._front.say(say, recovered=self._engine.recovered(say.key))


def _inbound(request: Request, posted: Posted) -> Inbound:
    return Inbound(
        team=request.team,
        channel=posted.channel,
        ts=posted.ts,
        user=request.user,
        text=f"{request.title}\n{request.details}",
        private=request.private,
    )
