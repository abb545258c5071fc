"""Drafts of articles in the agents' channel: their cards, their buttons and their forms."""

import re
from typing import Literal

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.nightly.drafts import ArticleDrafts, PersonalData
from bot.tickets.actions import ActionRefused
from handlers.actions.payload import Click, Payload, Submission, read_click, read_submission
from handlers.slack.modal import TOO_LATE_FOR_CARD
from handlers.slack.permissions import Permissions
from handlers.types import Ack, Respond
from handlers.views import modals
from handlers.views.article_draft import AUDIENCES, edit_form, reject_form
from handlers.views.ids import ArticleActionId, ArticleFormId, FieldId
from handlers.views.modals import View

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
AGENTS_ONLY = "Only the desk's agents can do this. Nothing was changed."
ADMINS_ONLY = "Only an admin approves articles at this desk. Nothing was changed."

log = structlog.get_logger("slack")


class ArticleDraftActions:
    """What happens when somebody presses a button under a draft, or sends a form about one off."""

    def __init__(
        self,
        client: AsyncWebClient,
        access: Permissions,
        article_drafts: ArticleDrafts,
        approve: Literal["agents", "admins"],
    ) -> None:
        self._client = client
        self._access = access
        self._article_drafts = article_drafts
        self._by_admins = approve == "admins"

    async def pressed(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Approve, Edit or Reject: done, or the one who pressed is told why not."""
        await ack()
        try:
            click = read_click(body)
            await self._allow(click)
            await self._do(click)
        except ActionRefused as error:
            log.info("refused", user=body["user"]["id"], why=str(error))
            if body.get("response_url"):
                await respond(text=str(error), response_type="ephemeral", replace_original=False)

    async def sent(self, ack: Ack, body: Payload) -> None:
        """A form about a draft was sent off; a mistake stands beside its field."""
        form = read_submission(body)
        editing = body["view"]["callback_id"] == ArticleFormId.EDIT
        try:
            await self._works(form.user)
            if editing:
                await self._edit(ack, form)
            else:
                reason = form.text(FieldId.REASON)
                number = int(form.about["draft"])
                await self._article_drafts.reject(form.actor(), number, reason)
                await ack()
        except PersonalData as error:
            await _refuse(ack, FieldId.TITLE if error.in_title else FieldId.TEXT, str(error))
        except ActionRefused as error:
            await _refuse(ack, FieldId.TEXT if editing else FieldId.REASON, str(error))

    async def _allow(self, click: Click) -> None:
        """Raise Refused unless one who may presses it, on the card of that very draft."""
        await self._works(click.user)
        approves = click.press == ArticleActionId.APPROVE and self._by_admins
        if approves and not await self._access.configures(click.user):
            raise ActionRefused(ADMINS_ONLY)
        standing = await self._article_drafts.standing_at(*click.place) if click.place else None
        if standing is None or standing.number != click.number:
            raise ActionRefused(
                "This button does not stand on that draft's card. Nothing was changed."
            )

    async def _works(self, user: str) -> None:
        if not await self._access.works(user):
            raise ActionRefused(AGENTS_ONLY)

    async def _do(self, click: Click) -> None:
        match click.press:
            case ArticleActionId.APPROVE:
                await self._article_drafts.approve(click.actor(), click.number)
            case ArticleActionId.EDIT:
                await self._open(
                    click, edit_form(await self._article_drafts.find_article_draft(click.number))
                )
            case _:
                await self._open(
                    click, reject_form(await self._article_drafts.find_article_draft(click.number))
                )

    async def _edit(self, ack: Ack, form: Submission) -> None:
        errors = {}
        title, language = form.text(FieldId.TITLE), form.text(FieldId.LANGUAGE).lower()
        body = modals.draft_text(form.values, int(form.about["fields"]))
        audience = form.option(FieldId.AUDIENCE)
        if not title:
            errors[FieldId.TITLE] = "Please write something here."
        if not body:
            errors[FieldId.TEXT] = "There is nothing left of the article."
        if audience not in AUDIENCES:
            errors[FieldId.AUDIENCE] = "Please choose who may read it."
        if not LANGUAGE.fullmatch(language):
            errors[FieldId.LANGUAGE] = "Expected a language code such as en or vi."
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        number = int(form.about["draft"])
        await self._article_drafts.edit(form.actor(), number, title, body, str(audience), language)
        await ack()

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self._client.views_open(trigger_id=click.trigger, view=view)
        except SlackApiError as error:
            if error.response.get("error") not in TOO_LATE_FOR_CARD:
                raise
            raise ActionRefused(
                "That took too long, so Slack did not open the form. Please press again."
            ) from error


async def _refuse(ack: Ack, field: FieldId, sentence: str) -> None:
    await ack(response_action="errors", errors={field: sentence})
