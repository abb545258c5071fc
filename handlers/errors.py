"""The one place where an unexpected error of a listener is logged."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import aiohttp
import structlog
from slack_bolt import BoltResponse

Payload = dict[str, Any]
Respond = Callable[..., Awaitable[Any]]

log = structlog.get_logger("inbox")


async def listener_failed(error: Exception, body: Payload, respond: Respond) -> BoltResponse:
    """Log the error under a reference. A person is told it; an event is not acknowledged.

    Answering 500 to an event makes Slack deliver it again, so that nothing is lost.
    """
    reference = uuid4().hex[:8]
    kind = "event" if "event" in body else "command" if "command" in body else body.get("type")
    log.error("listener failed", kind=kind, reference=reference, exc_info=error)
    sentence = f"Something went wrong on our side (reference {reference}). Please try again."
    match kind:
        case "command":
            return _told(response_type="ephemeral", text=sentence)
        case "view_submission":
            # What was typed stays in the form.
            return _told(response_action="errors", errors={_field(body): sentence})
        case "block_suggestion":
            return _told(options=[])
        case "block_actions" | "message_action" if body.get("response_url"):
            return await _whispered(respond, sentence)
        case _:
            return BoltResponse(status=500)


async def _whispered(respond: Respond, sentence: str) -> BoltResponse:
    try:
        await respond(text=sentence, response_type="ephemeral", replace_original=False)
    except (aiohttp.ClientError, TimeoutError):
        log.warning("nobody was told")
    return BoltResponse(status=200)


def _field(body: Payload) -> str:
    """The first field of a form; a sentence stands beside one."""
    blocks = body["view"]["blocks"]
    return next((str(each["block_id"]) for each in blocks if each["type"] == "input"), "")


def _told(**body: Any) -> BoltResponse:
    return BoltResponse(status=200, body=body)
