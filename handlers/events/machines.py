"""Posts of apps, workflows and e-mails: which of them are requests, and who is behind them."""

from bot.config.desk import Desk
from handlers.events.payload import SlackMessage
from handlers.slack.people import People


class Machines:
    """Knows the machines that speak for people in each channel, as `desk.toml` names them."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people

    async def asker(self, channel: str, said: SlackMessage) -> str | None:
        """For whom a machine asks the desk; None where its posts are no requests there."""
        if not (said.by_bot and self._desk.takes_requests_from(channel, said.machines)):
            return None
        return await self.behind(said)

    async def behind(self, said: SlackMessage) -> str:
        """The person behind a post: its user, an e-mail's sender, else the first whom it names.

        Where Slack knows nobody, the post itself: the address, the workflow, the app. No person has
        such an id, so that nobody but an agent can act as the one who asked.
        """
        if said.user and await self._is_known(said.user):
            return said.user
        for address in said.addresses:
            return await self._people.by_address(address) or address
        for named in said.ids:
            if named[0] in "UW" and await self._is_person(named):
                return named
        return next(iter(said.machines), said.user or "")

    async def _is_known(self, user: str) -> bool:
        """Whether Slack says that this is a person: a post of an app's mostly has its bot there."""
        found = await self._people.find(user)
        return found is not None and not (found.bot or found.gone)

    async def _is_person(self, user: str) -> bool:
        found = await self._people.find(user)
        return found is None or not (found.bot or found.gone)
