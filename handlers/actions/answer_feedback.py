"""What is pressed under an automatic answer. Who may press it is asked every time, here."""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.tickets.act_rules import Actor
from bot.tickets.feedback import AnswerFeedback
from bot.tickets.refusals import ActionRefused
from handlers.actions.payload import Click, read_click, read_submission
from handlers.slack.permissions import Permissions
from handlers.types import Ack, Payload
from handlers.views import modals
from handlers.views.answer_buttons import answer_after_choice
from handlers.views.ids import ActionId, FieldId
from handlers.web_api.posting import TROUBLE
from storage.db.database import Database
from storage.tickets import changes, messages

SIGNS = {ActionId.SOLVED_IT: "✅", ActionId.NEED_HUMAN: "🙋"}

log = structlog.get_logger("answer feedback")


class AnswerFeedbackActions:
    """The two buttons and the thumbs under an answer, and the form that asks why."""

    def __init__(
        self, client: AsyncWebClient, store: Database, access: Permissions, care: AnswerFeedback
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._answer_feedback = care

    async def chosen(self, ack: Ack, body: Payload) -> None:
        """It solved it, or it takes a person; a line takes the place of the buttons."""
        await ack()
        click = read_click(body)
        await self._close(click, await self._choose(click))

    async def pressed(self, ack: Ack, body: Payload) -> None:
        """A thumb; the thumb down asks why."""
        await ack()
        click = read_click(body)
        about, _, opinion = click.rest.rpartition(" ")
        await self._allow(click.user, click.number, about)
        actor = Actor(click.user, "thread", click.key)
        await self._answer_feedback.opinion(actor, click.number, about, opinion, "")
        if opinion == "bad":
            await self._ask_why(click, about)

    async def reason(self, ack: Ack, body: Payload) -> None:
        """Why an answer was not helpful."""
        form = read_submission(body)
        about, why = str(form.about.get("about")), form.text(FieldId.COMMENT)
        await self._allow(form.user, form.number, about)
        await self._answer_feedback.opinion(form.actor(), form.number, about, "bad", why)
        await ack()

    async def _choose(self, click: Click) -> str:
        if click.place is None:
            raise ActionRefused("This button does not stand under an answer. Nothing was changed.")
        agent = await self._access.works(click.user)
        choose = (
            self._answer_feedback.solved
            if click.press == ActionId.SOLVED_IT
            else self._answer_feedback.person
        )
        line = await choose(click.user, click.number, click.rest, click.place, agent=agent)
        return f"{SIGNS[ActionId(click.press)]} {line} · <@{click.user}>"

    async def _allow(self, user: str, number: int, about: str) -> None:
        """Raise Refused unless the person was answered there, or may see the ticket at all."""
        if user == await self._store.read(messages.asker_of, about):
            return
        ticket = await self._store.read(changes.get_ticket, number)
        if not await self._access.may_see(user, ticket):
            raise ActionRefused(
                "Only those who can see the ticket can say so. Nothing was changed."
            )

    async def _close(self, click: Click, line: str) -> None:
        """The same update twice leaves the same message, so the client may retry it."""
        channel, ts = click.place or ("", "")
        try:
            await self._client.chat_update(
                channel=channel,
                ts=ts,
                text=click.message.text or line,
                blocks=answer_after_choice(click.message.blocks, line),
            )
        except TROUBLE as error:
            log.warning("buttons left", channel=channel, ts=ts, error=type(error).__name__)

    async def _ask_why(self, click: Click, about: str) -> None:
        try:
            await self._client.views_open(
                trigger_id=click.trigger, view=modals.feedback_modal(click.number, about)
            )
        except TROUBLE as error:
            # The thumb counts without words, too.
            log.info("not asked why", user=click.user, error=type(error).__name__)
