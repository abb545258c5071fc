"""Who somebody in Slack is to the desk's systems. What is not known for sure is nobody."""

from typing import TYPE_CHECKING, Protocol

from bot.config.tools import CustomersConfig
from bot.messages.inbound import IncomingMessage
from bot.values import Frozen

if TYPE_CHECKING:
    # With it comes the store, which a look at people has no use for.
    from bot.tools.connections import Connections


class Profile(Frozen):
    """A person as the workspace knows them; `email` only where the workspace has confirmed it."""

    user: str
    email: str = ""
    guest: bool = False
    stranger: bool = False
    bot: bool = False
    gone: bool = False


class Profiles(Protocol):
    """Asks the workspace. Never raises; None when it does not say in time."""

    async def profile(self, user: str) -> Profile | None:
        """Who this is."""


class Customers:
    """Finds the customer for a message, by the desk's rules."""

    def __init__(
        self, config: CustomersConfig, profiles: Profiles, connections: "Connections | None" = None
    ) -> None:
        self._config = config
        self._profiles = profiles
        self.connections = connections

    async def customer_of(self, inbound: IncomingMessage) -> str | None:
        """What names the author of a message in the desk's systems; None for nobody known.

        What an app has posted, or an agent told of somebody, says nothing about who asks.
        """
        if not asks_themselves(inbound):
            return None
        named = self._config.people.get(inbound.user)
        if named is None and self.connections is not None:
            named = await self.connections.customer_of(inbound)
        if named is not None:
            return named
        if self._config.by != "email":
            return None
        profile = await self._profiles.profile(inbound.user)
        return profile.email or None if profile is not None and self._counts(profile) else None

    def _counts(self, profile: Profile) -> bool:
        """An address that another workspace vouches for is no proof here."""
        strange = profile.bot or profile.gone or profile.stranger
        return not strange and (self._config.guests or not profile.guest)


def asks_themselves(inbound: IncomingMessage) -> bool:
    """Whether the author of a message is the one who asks, and nobody in between."""
    return not inbound.machine and inbound.author == "customer" and not inbound.requester
