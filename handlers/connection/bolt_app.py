"""The app of Bolt, which hands what comes in to the listeners."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.settings import Settings
from handlers.connection.client import SlackConnection, address, retry_handlers
from handlers.connection.installation import Installation
from handlers.web_api.app_refusals import StandingWatch


def bolt_app(settings: Settings, slack: SlackConnection, at: Installation) -> AsyncApp:
    """The app without what only HTTP needs, or a listener that answers by Bolt's own helpers.

    Who we are is known, so no event waits for `auth.test`: when that fails Bolt acknowledges the
    event, and nobody has written it down. Bolt asks for the client's token or for an authorization
    of ours, so the app's own client has no token.
    """
    token = settings.slack_bot_token.get_secret_value()
    known = AuthorizeResult(
        enterprise_id=at.enterprise or None,
        team_id=at.team,
        bot_user_id=at.bot_user,
        bot_id=at.bot_id,
        bot_token=token,
    )

    async def authorize() -> AuthorizeResult:
        return known

    return AsyncApp(
        # Unnamed it would look its file up in the sources of all modules, which takes a while.
        name="deskhand",
        client=AsyncWebClient(
            session=slack.session,
            retry_handlers=[StandingWatch(slack.standing), *retry_handlers()],
            **address(settings),
        ),
        authorize=authorize,
        process_before_response=True,
        ssl_check_enabled=False,
        request_verification_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
