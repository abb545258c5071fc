"""Which of Slack's words are about the app, and which about what it asked."""

from collections.abc import Mapping

import pytest
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.workspace.app_standing import WHY, AppStanding
from handlers.web_api.app_refusals import StandingWatch

POST = "chat.postMessage"


async def seen(standing: AppStanding, method: str, body: Mapping[str, object] | None) -> bool:
    """Let the onlooker see an answer; whether it wants the call repeated."""
    url = f"https://slack.com/api/{method}"
    response = HttpResponse(status_code=200, headers={}, body=dict(body) if body else None)
    return await StandingWatch(standing).can_retry_async(
        state=RetryState(),
        request=HttpRequest(method="POST", url=url, headers={}),
        response=response,
    )


def refusal(code: str, **more: str) -> Mapping[str, object]:
    return {"ok": False, "error": code, **more}


@pytest.mark.parametrize("code", sorted(WHY))
async def test_a_refusal_of_the_app_is_a_state_that_ends_with_the_first_call_that_works(
    code: str,
) -> None:
    """Whichever method it was that met it."""
    standing = AppStanding(60)
    assert not await seen(standing, POST, refusal(code))
    assert standing.refused_app
    assert code in standing.sentences()[0]
    await seen(standing, "users.info", {"ok": True})
    await standing.taken()

    assert standing.sentences() == []
    await standing.stop()


@pytest.mark.parametrize(
    "code",
    ["channel_not_found", "is_archived", "invalid_blocks", "no_permission", "internal_error", ""],
)
async def test_a_refusal_of_a_call_says_nothing_about_the_app(code: str) -> None:
    """It is for whoever made the call."""
    standing = AppStanding(60)
    await seen(standing, POST, refusal(code))

    assert standing.sentences() == []


async def test_a_missing_scope_is_about_one_method() -> None:
    """Until that one works; that others do is no news."""
    standing = AppStanding(60)
    await seen(standing, "reactions.add", refusal("missing_scope", needed="reactions:write"))
    await seen(standing, POST, {"ok": True})

    assert not standing.refused_app
    assert "reactions:write" in standing.sentences()[0]
    await seen(standing, "reactions.add", {"ok": True})
    assert standing.sentences() == []


async def test_the_other_token_is_none_of_the_apps() -> None:
    """Socket Mode opens with a token of its own: refused, the bot can still speak, and back."""
    standing = AppStanding(60)
    await seen(standing, "apps.connections.open", refusal("invalid_auth"))
    assert "apps.connections.open" in standing.sentences()[0]
    await seen(standing, POST, refusal("token_revoked"))
    await seen(standing, "apps.connections.open", {"ok": True})

    (left,) = standing.sentences()
    assert "token_revoked" in left
    await standing.stop()


async def test_a_scope_that_the_app_may_do_without_is_no_alarm() -> None:
    """People can be known by their address; they need not be."""
    standing = AppStanding(60)
    await seen(standing, "users.lookupByEmail", refusal("missing_scope"))

    assert standing.sentences() == []


async def test_too_much_is_told_until_it_is_over() -> None:
    """A word of Slack's, with status 200."""
    standing = AppStanding(60)
    await seen(standing, POST, refusal("ratelimited"))
    assert "asks too much" in standing.sentences()[0]
    await seen(standing, POST, {"ok": True})

    assert standing.sentences() == []


@pytest.mark.parametrize("body", [None, {}, {"ok": "yes"}, {"error": "token_revoked"}])
async def test_an_answer_that_is_none_says_nothing(body: Mapping[str, object] | None) -> None:
    """A proxy's page, say."""
    standing = AppStanding(60)
    await seen(standing, POST, body)

    assert standing.sentences() == []
