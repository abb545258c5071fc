"""What Slack's answers, and the lack of one, say before the desk works: refused, or not now."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.unreached import Unreached, not_an_answer, unreached
from handlers.web_api.app_refusals import SLOW_DOWN
from handlers.web_api.pacer import TooManyCalls
from handlers.web_api.posting import UNCLEAR

# Refusals that end by themselves: of the workspace, not of the token.
PAUSED = frozenset(
    {"team_access_not_granted", "ekm_access_denied", "org_login_required", "team_added_to_org"}
)
PASSING = frozenset({*UNCLEAR, *SLOW_DOWN, *PAUSED})
# What asking may fail with; everything else is our own mistake.
FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError)


@dataclass(frozen=True)
class SlackRefusal:
    """Slack's own word for why not. `passing`: it may be another one in a while."""

    code: str
    passing: bool


def refusal_of(error: Exception) -> SlackRefusal | Unreached:
    """What a failed call says; one of `FAILURES`."""
    if isinstance(error, TooManyCalls):
        return Unreached("takes no more questions for now", passing=True)
    if not isinstance(error, SlackApiError):
        return _elsewhere() if isinstance(error, ValueError | KeyError) else unreached(error)
    answer, data = error.response, error.response.data
    if isinstance(data, Mapping) and isinstance(data.get("error"), str):
        if answer.status_code == 429:
            return not_an_answer(429, str(answer.headers.get("Retry-After", "")))
        code = str(data["error"])
        # The API says so of methods that every workspace has: the path is another one's.
        return _elsewhere() if code == "unknown_method" else SlackRefusal(code, code in PASSING)
    return not_an_answer(answer.status_code, str(answer.headers.get("Retry-After", "")))


def _elsewhere() -> Unreached:
    return Unreached("answers, but not as Slack does: the address leads elsewhere", passing=False)
