"""What is pressed under an automatic answer. Who may press it is asked every time, here."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.aftercare import Aftercare
from bot.deskwork import REFUSALS, Hand, Refused, told
from handlers import modals
from handlers.access import Access
from handlers.clicks import Click, Payload, read_click, read_submission
from handlers.helpful import chosen
from handlers.posting import TROUBLE
from handlers.verbs import Field, Press
from storage import lifecycle
from storage.database import Database

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]

SIGNS = {Press.SOLVED_IT: "✅", Press.NEED_HUMAN: "🙋"}

log = structlog.get_logger("opinions")


class Opinions:
    """The two buttons and the thumbs under an answer, and the form that asks why."""

    def __init__(
        self, client: AsyncWebClient, store: Database, access: Access, care: Aftercare
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._care = care

    async def chosen(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """It solved it, or it takes a person; a line takes the place of the buttons."""
        await ack()
        try:
            click = read_click(body)
            line = await self._choose(click)
        except REFUSALS as error:
            log.info("refused", user=body["user"]["id"], why=str(error))
            await respond(text=told(error), response_type="ephemeral", replace_original=False)
        else:
            await self._close(click, body["message"], line)

    async def pressed(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """A thumb; the thumb down asks why."""
        await ack()
        try:
            click = read_click(body)
            about, _, opinion = click.rest.rpartition(" ")
            await self._allow(click.user, click.number)
            hand = Hand(click.user, "thread", click.key)
            await self._care.opinion(hand, click.number, about, opinion, "")
        except REFUSALS as error:
            log.info("refused", user=body["user"]["id"], why=str(error))
            await respond(text=told(error), response_type="ephemeral", replace_original=False)
            return
        if opinion == "bad":
            await self._ask_why(click, about)

    async def reason(self, ack: Ack, body: Payload) -> None:
        """Why an answer was not helpful."""
        form = read_submission(body)
        try:
            await self._allow(form.user, form.number)
            about, why = str(form.about.get("about")), form.text(Field.COMMENT)
            await self._care.opinion(form.hand(), form.number, about, "bad", why)
        except REFUSALS as error:
            await ack(response_action="errors", errors={Field.COMMENT: told(error)})
        else:
            await ack()

    async def _choose(self, click: Click) -> str:
        if click.place is None:
            raise Refused("This button does not stand under an answer. Nothing was changed.")
        agent = await self._access.works(click.user)
        choose = self._care.solved if click.press == Press.SOLVED_IT else self._care.person
        line = await choose(click.user, click.number, click.rest, click.place, agent=agent)
        return f"{SIGNS[Press(click.press)]} {line} · <@{click.user}>"

    async def _allow(self, user: str, number: int) -> None:
        """Raise Refused unless the person may see the ticket at all."""
        ticket = await self._store.read(lifecycle.ticket, number)
        if not await self._access.may_see(user, ticket):
            raise Refused("Only those who can see the ticket can say so. Nothing was changed.")

    async def _close(self, click: Click, message: Payload, line: str) -> None:
        """The same update twice leaves the same message, so the client may retry it."""
        channel, ts = click.place or ("", "")
        try:
            await self._client.chat_update(
                channel=channel,
                ts=ts,
                text=str(message.get("text") or line),
                blocks=chosen(message.get("blocks") or [], line),
            )
        except TROUBLE as error:
            log.warning("buttons left", channel=channel, ts=ts, error=type(error).__name__)

    async def _ask_why(self, click: Click, about: str) -> None:
        try:
            await self._client.views_open(
                trigger_id=click.trigger, view=modals.feedback(click.number, about)
            )
        except TROUBLE as error:
            # The thumb counts without words, too.
            log.info("not asked why", user=click.user, error=type(error).__name__)
