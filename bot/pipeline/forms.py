"""A ticket that somebody opens with a form.

Its words are posted as a thread of their own; from there on it is handled like any message.
"""

from typing import Any

import structlog

from bot.messages.inbound import IncomingMessage
from bot.pipeline.intake import Intake
from bot.pipeline.open import arrival_of
from bot.runtime.workflows import Workflows
from bot.values import Frozen
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from bot.workspace.posts import Posted, Reply
from storage.db.database import Database
from storage.intake import arrivals
from storage.tickets.audit import ChangeBy

WORKFLOW = "opening"
FAILED = "failed"

log = structlog.get_logger("opening")


class FormRequest(Frozen):
    """A form that was sent off. Without a `channel` it stays between the person and the desk.

    `private` says that outsiders may not know of it; `key` makes it count once; `asked_ts` is
    when, as Slack writes moments. `by` is the program that sent it for `user`, whose word it is
    not: nobody's personal data is looked up for it.
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
    by: str = ""


class NotOpened(Exception):
    """Slack did not take the words of a ticket, so that there is none."""


class FormTickets:
    """Opens tickets for people."""

    def __init__(
        self, workflows: Workflows, store: Database, workspace: Workspace, intake: Intake
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._workspace = workspace
        self._intake = intake

    async def ask(self, request: FormRequest) -> bool:
        """Write the request down durably; False when it was sent off before."""
        key = f"opening:{request.key}"
        return await self._workflows.submit(WORKFLOW, key, request.model_dump(mode="json"))

    async def opened(self, key: str, within: float) -> str | None:
        """The number of the ticket that a request became, waited for so many seconds, or None.

        Raises:
            NotOpened: it was not to be.
        """
        came_to = await self._workflows.outcome(f"opening:{key}", within)
        if came_to == FAILED:
            raise NotOpened
        return came_to

    async def run(self, payload: dict[str, Any]) -> str:
        """The story of one request: the number of its ticket, or that it came to nothing."""
        request = FormRequest.model_validate(payload)
        try:
            posted = await self._workflows.step("post", Posted, self._post, request)
        except CannotPost as error:
            log.error("ticket not opened", user=request.user, problem=str(error))  # noqa: TRY400
            return FAILED
        inbound = _inbound(request, posted)
        by = ChangeBy(request.by, "api") if request.by else ChangeBy(request.user, "modal")
        ticket = await self._store.write(
            arrivals.open_named_ticket,
            arrival_of(inbound),
            by,
            title=request.title,
            intent=request.category,
            priority=request.urgency,
        )
        await self._intake.accept(inbound)
        return ticket.number

    async def _post(self, request: FormRequest) -> Posted:
        say = Reply(
            key=f"opening:{request.key}",
            kind="line",
            channel=request.channel or await self._workspace.direct(request.user),
            thread_ts=None,
            text=f"{request.title}\n{request.details}",
            speaker=request.by or await self._workspace.name(request.user),
            after=request.asked_ts,
        )
        return await self._workspace.say(say, recovered=self._workflows.recovered(say.key))


def _inbound(request: FormRequest, posted: Posted) -> IncomingMessage:
    return IncomingMessage(
        team=request.team,
        channel=posted.channel,
        ts=posted.ts,
        user=request.user,
        text=f"{request.title}\n{request.details}",
        private=request.private,
        machine=bool(request.by),
    )
