"""Drafts of articles in the agents' channel: their cards, their buttons and their forms."""

import re
from typing import Literal

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.deskwork import Refused
from bot.frontdesk import CannotPost
from bot.night.manuscripts import Manuscripts, PersonalData
from handlers import modals
from handlers.access import Access
from handlers.actions import TOO_LATE, Ack, Respond
from handlers.clicks import Click, Payload, Submission, read_click, read_submission
from handlers.manuscriptview import AUDIENCES, edit_form, manuscript_message, reject_form
from handlers.modals import View
from handlers.posting import Poster
from handlers.verbs import Article, ArticleForm, Field
from storage.manuscripts import Manuscript

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
AGENTS_ONLY = "Only the desk's agents can do this. Nothing was changed."
ADMINS_ONLY = "Only an admin approves articles at this desk. Nothing was changed."

log = structlog.get_logger("slack")


class ManuscriptBoard:
    """Carries out what `bot.night.manuscripts.Board` promises."""

    def __init__(self, client: AsyncWebClient, poster: Poster, channel: str) -> None:
        self._client = client
        self._poster = poster
        self.channel = channel

    async def post(self, manuscript: Manuscript) -> str:
        """Put a draft before the agents; Slack is asked first whether it stands there."""
        key = f"article:{manuscript.number}:{manuscript.version}"
        message = {"channel": self.channel, **manuscript_message(manuscript)}
        after = f"{manuscript.drafted_at.timestamp() - 60:.6f}"
        return await self._poster.post(key, message, after=after, recovered=True)

    async def redraw(self, manuscript: Manuscript) -> bool:
        """Bring a card up to date in place; False when it was deleted."""
        try:
            await self._client.chat_update(
                channel=self.channel, ts=str(manuscript.ts), **manuscript_message(manuscript)
            )
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code == "message_not_found":
                return False
            raise CannotPost(f"Slack refused the draft's update: {code}") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise CannotPost("Slack could not be reached for a draft's update") from error
        return True


class Editing:
    """What happens when somebody presses a button under a draft, or sends a form about one off."""

    def __init__(
        self,
        client: AsyncWebClient,
        access: Access,
        manuscripts: Manuscripts,
        approve: Literal["agents", "admins"],
    ) -> None:
        self._client = client
        self._access = access
        self._manuscripts = manuscripts
        self._by_admins = approve == "admins"

    async def pressed(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Approve, Edit or Reject: done, or the one who pressed is told why not."""
        await ack()
        try:
            click = read_click(body)
            await self._allow(click)
            await self._do(click)
        except Refused as error:
            log.info("refused", user=body["user"]["id"], why=str(error))
            if body.get("response_url"):
                await respond(text=str(error), response_type="ephemeral", replace_original=False)

    async def sent(self, ack: Ack, body: Payload) -> None:
        """A form about a draft was sent off; a mistake stands beside its field."""
        form = read_submission(body)
        editing = body["view"]["callback_id"] == ArticleForm.EDIT
        try:
            await self._works(form.user)
            if editing:
                await self._edit(ack, form)
            else:
                reason = form.text(Field.REASON)
                number = int(form.about["draft"])
                await self._manuscripts.reject(form.hand(), number, reason)
                await ack()
        except PersonalData as error:
            await _refuse(ack, Field.TITLE if error.in_title else Field.TEXT, str(error))
        except Refused as error:
            await _refuse(ack, Field.TEXT if editing else Field.REASON, str(error))

    async def _allow(self, click: Click) -> None:
        """Raise Refused unless one who may presses it, on the card of that very draft."""
        await self._works(click.user)
        approves = click.press == Article.APPROVE and self._by_admins
        if approves and not await self._access.configures(click.user):
            raise Refused(ADMINS_ONLY)
        standing = await self._manuscripts.standing_at(*click.place) if click.place else None
        if standing is None or standing.number != click.number:
            raise Refused("This button does not stand on that draft's card. Nothing was changed.")

    async def _works(self, user: str) -> None:
        if not await self._access.works(user):
            raise Refused(AGENTS_ONLY)

    async def _do(self, click: Click) -> None:
        match click.press:
            case Article.APPROVE:
                await self._manuscripts.approve(click.hand(), click.number)
            case Article.EDIT:
                await self._open(click, edit_form(await self._manuscripts.find(click.number)))
            case _:
                await self._open(click, reject_form(await self._manuscripts.find(click.number)))

    async def _edit(self, ack: Ack, form: Submission) -> None:
        errors = {}
        title, language = form.text(Field.TITLE), form.text(Field.LANGUAGE).lower()
        body = modals.draft_text(form.values, int(form.about["fields"]))
        audience = form.option(Field.AUDIENCE)
        if not title:
            errors[Field.TITLE] = "Please write something here."
        if not body:
            errors[Field.TEXT] = "There is nothing left of the article."
        if audience not in AUDIENCES:
            errors[Field.AUDIENCE] = "Please choose who may read it."
        if not LANGUAGE.fullmatch(language):
            errors[Field.LANGUAGE] = "Expected a language code such as en or vi."
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        number = int(form.about["draft"])
        await self._manuscripts.edit(form.hand(), number, title, body, str(audience), language)
        await ack()

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self._client.views_open(trigger_id=click.trigger, view=view)
        except SlackApiError as error:
            if error.response.get("error") not in TOO_LATE:
                raise
            raise Refused(
                "That took too long, so Slack did not open the form. Please press again."
            ) from error


async def _refuse(ack: Ack, field: Field, sentence: str) -> None:
    await ack(response_action="errors", errors={field: sentence})
