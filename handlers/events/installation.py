"""The app is removed, or its tokens are revoked: Slack says so by an event as well."""

from bot.runtime.tasks import BackgroundTasks
from bot.workspace.app_standing import AppStanding


class InstallationEvents:
    """Whatever an event claims, Slack itself is asked: it may be about another token."""

    def __init__(self, standing: AppStanding, background: BackgroundTasks) -> None:
        self._standing = standing
        self._background = background

    async def doubted(self) -> None:
        """Find out how the app stands with Slack now."""
        self._background.begin(self._ask())

    async def _ask(self) -> None:
        await self._standing.doubt()
