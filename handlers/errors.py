"""The one place where an unexpected error of a listener is logged."""

from typing import Any
from uuid import uuid4

import structlog
from slack_bolt import BoltResponse

log = structlog.get_logger("inbox")

COMMAND = "command"


async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Log the error under a reference. A person is told it; an event is not acknowledged.

    Answering 500 to an event makes Slack deliver it again, so that nothing is lost.
    """
    reference = uuid4().hex[:8]
    kind = "event" if "event" in body else COMMAND if COMMAND in body else body.get("type")
    log.error("listener failed", kind=kind, reference=reference, exc_info=error)
    if kind == COMMAND:
        told = f"Something went wrong on our side (reference {reference}). Please try again."
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": told})
    return BoltResponse(status=500)
