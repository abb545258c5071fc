"""What Slack's answers say about the app itself: seen here, whichever client asked.

Slack answers most refusals with status 200 and a word. Some of these words are about the app and
not about what it asked; this is the one place that tells them apart.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.workspace.app_standing import WHY, AppStanding

SlackAnswer = TypeVar("SlackAnswer")
# Words for «too often» that may come with status 200.
SLOW_DOWN = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
MISSING_SCOPE = "missing_scope"
# It is asked with another token than all else: what it is refused is no refusal of the others.
OPENING = "apps.connections.open"
# The app may do without the scopes of these.
OPTIONAL = frozenset({"users.lookupByEmail"})


class StandingWatch(AsyncRetryHandler):
    """Sees every answer of the Web API and has no call repeated: it is no more than an onlooker.

    Bolt makes its clients anew for each event, and copies such handlers into them.
    """

    def __init__(self, standing: AppStanding) -> None:
        super().__init__(max_retry_count=0)
        self._standing = standing

    async def can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - as the SDK calls it
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002
    ) -> bool:
        """Note what the answer says of the app; never asks for another attempt."""
        body = response.body if response is not None else None
        if isinstance(body, Mapping) and isinstance(body.get("ok"), bool):
            self._see(request.url.rsplit("/", 1)[-1].partition("?")[0], body)
        return False

    def _see(self, method: str, body: Mapping[str, object]) -> None:
        code = str(body.get("error") or "")
        if body["ok"]:
            self._standing.allows(method)
            if method != OPENING:
                self._standing.accepted()
        elif code in SLOW_DOWN:
            self._standing.slowed(method)
        elif code == MISSING_SCOPE and method not in OPTIONAL:
            self._standing.lacks(method, f"it lacks the scope {body.get('needed') or '?'}")
        elif code in WHY and method == OPENING:
            self._standing.lacks(method, code)
        elif code in WHY:
            self._standing.refused(code)


async def when_taken(
    standing: AppStanding, call: Callable[[], Awaitable[SlackAnswer]]
) -> SlackAnswer:
    """What the call answers, once Slack takes the app; raises whatever else it raises."""
    while True:
        try:
            return await call()
        except SlackApiError as error:
            if not refuses_app(error):
                raise
        await standing.taken()


def refuses_app(error: Exception) -> bool:
    """Whether a call failed because Slack refuses the app as a whole."""
    return isinstance(error, SlackApiError) and _word(error) in WHY


def lacks_scope(error: Exception) -> bool:
    """Whether a call failed because the app may not use the method."""
    return isinstance(error, SlackApiError) and _word(error) == MISSING_SCOPE


def asks_too_often(error: Exception) -> bool:
    """Whether Slack wants the call later, in a word and not by its status."""
    if not isinstance(error, SlackApiError) or error.response.status_code == 429:
        return False
    return _word(error) in SLOW_DOWN


def _word(error: SlackApiError) -> str:
    data = error.response.data
    return str(data.get("error", "")) if isinstance(data, dict) else ""
