"""Drafts of articles in the agents' channel: their cards, their buttons and their forms."""

from typing import Literal

from slack_sdk.web.async_client import AsyncWebClient

from bot.nightly.drafts import ArticleDrafts, PersonalData
from bot.text.language import language_code
from bot.tickets.refusals import ActionRefused
from handlers.actions.payload import Click, Submission, read_click, read_submission
from handlers.errors import FieldRefused
from handlers.slack.modal import open_modal
from handlers.slack.permissions import Permissions
from handlers.types import Ack, Payload
from handlers.views import modals
from handlers.views.article_draft import AUDIENCES, edit_form, reject_form
from handlers.views.ids import ArticleActionId, ArticleFormId, FieldId
from handlers.views.modals import View
from handlers.views.texts import ADMINS_APPROVE


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

    async def pressed(self, ack: Ack, body: Payload) -> None:
        """Approve, Edit or Reject."""
        await ack()
        click = read_click(body)
        await self._allow(click)
        await self._do(click)

    async def sent(self, ack: Ack, body: Payload) -> None:
        """A form about a draft was sent off; a mistake stands beside its field."""
        form = read_submission(body)
        try:
            if form.form == ArticleFormId.EDIT:
                await self._edit(ack, form)
            else:
                reason = form.text(FieldId.REASON)
                await self._article_drafts.reject(form.actor(), int(form.about["draft"]), reason)
                await ack()
        except PersonalData as error:
            field = FieldId.TITLE if error.in_title else FieldId.TEXT
            raise FieldRefused(field, str(error)) from None

    async def _allow(self, click: Click) -> None:
        """Raise Refused unless one who may presses it, on the card of that very draft."""
        approves = click.press == ArticleActionId.APPROVE and self._by_admins
        if approves and not await self._access.configures(click.user):
            raise ActionRefused(ADMINS_APPROVE)
        standing = await self._article_drafts.standing_at(*click.place) if click.place else None
        if standing is None or standing.number != click.number:
            raise ActionRefused(
                "This button does not stand on that draft's card. Nothing was changed."
            )

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
        if not language_code(language):
            errors[FieldId.LANGUAGE] = "Expected a language code such as en or vi."
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        number = int(form.about["draft"])
        await self._article_drafts.edit(form.actor(), number, title, body, str(audience), language)
        await ack()

    async def _open(self, click: Click, view: View) -> None:
        await open_modal(self._client, click.trigger, view)
