"""The one place where what stops a listener is answered: a refusal, or an error of ours.

A listener raises; here it is decided what the person reads and where: an ephemeral message, a
modal, a line beside a field, the answer to a command, a whisper in a thread.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import uuid4

import aiohttp
import structlog
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.tickets.refusals import REFUSALS, ActionRefused, ActionRepeated, refusal_text
from handlers.slack.whisper import whisper
from handlers.types import Payload, Respond
from handlers.views import modals
from handlers.views.ids import ArticleFormId, FieldId

Tell = Callable[[str], Awaitable[Any]]

# Where a refusal is shown in a form whose first field is not the place for it.
REFUSED_BESIDE: dict[str, str] = {ArticleFormId.EDIT: FieldId.TEXT}

log = structlog.get_logger("inbox")


class FieldRefused(ActionRefused):
    """A field of a form cannot be taken as it is; the sentence belongs beside it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


async def listener_failed(
    error: Exception, body: Payload, respond: Respond, client: AsyncWebClient
) -> BoltResponse:
    """Tell the one who acted why nothing was done. Bolt calls it for whatever a listener raises.

    An event whose listener broke is answered by 500, and Slack delivers it again, so that nothing
    is lost.
    """
    kind = "event" if "event" in body else "command" if "command" in body else body.get("type")
    if kind == "event" and isinstance(error, REFUSALS):
        await whisper_refusal(error, body["event"], client)
        return BoltResponse(status=200)
    sentence = sentence_for(error, kind=kind, user=(body.get("user") or {}).get("id"))
    match kind:
        case "command":
            return _told(response_type="ephemeral", text=sentence)
        case "view_submission":
            # What was typed stays in the form.
            return _told(response_action="errors", errors={_field(error, body["view"]): sentence})
        case "block_suggestion":
            return _told(options=[])
        case "block_actions" | "message_action":
            return BoltResponse(
                status=200 if await _shown(sentence, body, respond, client) else 500
            )
        case _:
            return BoltResponse(status=500)


async def answered(work: Awaitable[Any], tell: Tell) -> None:
    """Work that goes on after Slack has its acknowledgement; `tell` says why it stopped.

    Bolt sends the acknowledgement when a listener ends, and a person waits three seconds for it at
    most. What may take longer, or wait for a busy database, is a background task that runs this.
    """
    try:
        await work
    except Exception as error:  # noqa: BLE001 - logged by `sentence_for`
        await tell(sentence_for(error))


async def whisper_refusal(error: Exception, event: Payload, client: AsyncWebClient) -> None:
    """Under the message or the reaction; an event that Slack delivered twice was answered once."""
    if isinstance(error, ActionRepeated):
        return
    item = event.get("item") or event
    thread_ts = str(event.get("thread_ts") or item["ts"])
    sentence = sentence_for(error, kind="event", user=event["user"])
    await whisper(client, str(item["channel"]), str(event["user"]), thread_ts, sentence)


def ephemeral(respond: Respond) -> Tell:
    """Tell the one who acted, and nobody else; what they acted on stays as it is."""
    return partial(respond, response_type="ephemeral", replace_original=False)


async def nobody(_sentence: str) -> None:
    """There is no place to say it, and nobody waits for it; the log has it."""


def sentence_for(error: Exception, **about: Any) -> str:
    """What a person reads: a refusal in its own words, anything else by a reference in the log."""
    if isinstance(error, REFUSALS):
        log.info("refused", why=str(error), **about)
        return refusal_text(error)
    reference = uuid4().hex[:8]
    log.error("listener failed", reference=reference, exc_info=error, **about)
    return f"Something went wrong on our side (reference {reference}). Please try again."


async def _shown(sentence: str, body: Payload, respond: Respond, client: AsyncWebClient) -> bool:
    """Tell the one who pressed, and nobody else; False where there is no place to."""
    try:
        if body.get("response_url"):
            await ephemeral(respond)(sentence)
        elif (body.get("view") or {}).get("type") == "modal":
            # In a form there is no place but the form.
            view = modals.notice_modal("Not done", sentence)
            await client.views_push(trigger_id=body["trigger_id"], view=view)
        else:
            return False
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("nobody was told", error=type(error).__name__)
    return True


def _field(error: Exception, view: Payload) -> str:
    """The field that the sentence stands beside: the one at fault, or the form's first."""
    if isinstance(error, FieldRefused):
        return error.field
    first = next((str(each["block_id"]) for each in view["blocks"] if each["type"] == "input"), "")
    return REFUSED_BESIDE.get(str(view.get("callback_id")), first)


def _told(**body: Any) -> BoltResponse:
    return BoltResponse(status=200, body=body)
