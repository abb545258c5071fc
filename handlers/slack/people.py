"""Who people are, as Slack knows them: names, and who is a bot, a guest or a stranger.

Nobody waits long for a name: what Slack does not tell in time is unknown, and asked again later.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.text.invisible import storable
from bot.tools.customers import Profile
from handlers.connection.installation import Installation
from handlers.views.mrkdwn import is_user_id
from handlers.web_api.pagination import everybody

# Seconds that what Slack told is believed, and that a message waits for names at most.
FRESH = 3600.0
PATIENCE = 1.0
MOST_KNOWN = 5_000
# Names asked for one message; Slack itself pings nobody beyond some fifty.
MOST_NAMES = 50
# From so many people on, all are listed instead of asked for one by one.
MANY = 20

CachedValue = TypeVar("CachedValue")

log = structlog.get_logger("slack")


@dataclass(frozen=True)
class Person:
    """A user: `guest` of our workspace, `stranger` from another one, `gone` when deactivated.

    Slack's own `is_stranger` is about people with whom we share no channel; these are not alone
    strangers here. `email` is an address that Slack says it has confirmed; else it is empty.
    `names` are all that this person goes by.
    """

    id: str
    name: str
    bot: bool = False
    guest: bool = False
    stranger: bool = False
    gone: bool = False
    email: str = ""
    names: tuple[str, ...] = ()

    @property
    def apart(self) -> str | None:
        """What sets somebody apart from our own people, in words; None for one of these."""
        if self.bot:
            return "a bot"
        if self.gone:
            return "deactivated"
        if self.stranger:
            return "from another workspace"
        return "a guest" if self.guest else None


class People:
    """Answers who somebody is; asks Slack once an hour for each."""

    def __init__(
        self,
        client: AsyncWebClient,
        at: Installation | None = None,
        *,
        fresh: float = FRESH,
        patience: float = PATIENCE,
    ) -> None:
        self._client = client
        self._at = at
        self._fresh = fresh
        self._patience = patience
        self._people: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._names: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def find(self, user: str, *, within: float = FRESH) -> Person | None:
        """Who this is; None when Slack does not say in time.

        What is known is believed for an hour, or for the seconds that are given.
        """
        if not is_user_id(user):
            return None
        try:
            async with asyncio.timeout(self._patience):
                return await self.ask(user, within=within)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.info("person not known", user=user, error=type(error).__name__)
            return None

    async def profile(self, user: str) -> Profile | None:
        """What the desk's systems may know somebody by; None when Slack does not say in time."""
        person = await self.find(user)
        if person is None:
            return None
        return Profile(
            user=person.id,
            email=person.email,
            guest=person.guest,
            stranger=person.stranger,
            bot=person.bot,
            gone=person.gone,
        )

    async def find_all(self, users: Collection[str]) -> Mapping[str, Person | None]:
        """Who all of these are, however long it takes; None for one whom Slack does not know.

        Raises:
            SlackClientError, aiohttp.ClientError: Slack does not answer.
        """
        unknown = [each for each in users if self._known(each) is None]
        if len(unknown) >= MANY:
            async for info in everybody(self._client):
                self._learn(info)
        found = await asyncio.gather(*(self._find_or_none(each) for each in users))
        return dict(zip(users, found, strict=True))

    async def by_address(self, address: str) -> str | None:
        """The id of the person with this e-mail address; None when Slack does not tell in time.

        It takes the scope `users:read.email`, which the app need not have.
        """
        try:
            async with asyncio.timeout(self._patience):
                return self._learn(
                    (await self._client.users_lookupByEmail(email=address))["user"]
                ).id
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.info("address not known", error=type(error).__name__)
            return None

    async def ask(self, user: str, *, within: float = FRESH) -> Person:
        """Who this is, however long it takes.

        Raises:
            SlackClientError, aiohttp.ClientError: Slack does not answer, or knows nobody by this.
        """
        known = self._known(user, within)
        if known is not None:
            return known
        return self._learn((await self._client.users_info(user=user))["user"])

    async def _find_or_none(self, user: str) -> Person | None:
        try:
            return await self.ask(user)
        except SlackApiError as error:
            if error.response.get("error") not in ("user_not_found", "user_not_visible"):
                raise
            return None

    def _known(self, user: str, within: float = FRESH) -> Person | None:
        known = self._people.get(user)
        fresh = known is not None and time.monotonic() - known[0] < min(within, self._fresh)
        return known[1] if known is not None and fresh else None

    def _learn(self, info: Mapping[str, Any]) -> Person:
        person = _person(info, self._at)
        _keep(self._people, person.id, person)
        return person

    async def names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of people, channels and user groups, as far as Slack tells them in time."""
        wanted = list(dict.fromkeys(ids))[:MOST_NAMES]
        found = await asyncio.gather(*(self._name(each) for each in wanted))
        return {each: name for each, name in zip(wanted, found, strict=True) if name}

    async def _name(self, identifier: str) -> str | None:
        if is_user_id(identifier):
            person = await self.find(identifier)
            return person.name if person else None
        known = self._names.get(identifier)
        if known is not None and time.monotonic() - known[0] < self._fresh:
            return known[1]
        ask = self._group if identifier.startswith("S") else self._channel
        name = await self._asked(identifier, ask)
        if name:
            _keep(self._names, identifier, name)
        return name

    async def _asked(
        self, identifier: str, ask: Callable[[str], Awaitable[str | None]]
    ) -> str | None:
        try:
            async with asyncio.timeout(self._patience):
                return await ask(identifier)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.info("name not known", id=identifier, error=type(error).__name__)
            return None

    async def _channel(self, channel: str) -> str | None:
        """What a private channel is called is nobody's to hear who only knows its id."""
        info = (await self._client.conversations_info(channel=channel))["channel"]
        return None if info.get("is_private") else str(info.get("name") or "") or None

    async def _group(self, group: str) -> str | None:
        listed = await self._client.usergroups_list()
        names = {str(each["id"]): str(each["handle"]) for each in listed["usergroups"]}
        for each, name in names.items():
            _keep(self._names, each, name)
        return names.get(group)


def _person(info: Mapping[str, Any], at: Installation | None) -> Person:
    info = storable(info)
    profile = info.get("profile")
    shown = profile if isinstance(profile, Mapping) else {}
    real, display = shown.get("real_name"), shown.get("display_name")
    called = display or real or info.get("real_name") or info.get("name") or info["id"]
    known = dict.fromkeys((real, display, info.get("real_name"), info.get("name")))
    return Person(
        id=str(info["id"]),
        name=str(called),
        names=tuple(str(each) for each in known if each),
        bot=bool(info.get("is_bot")) or info["id"] == "USLACKBOT",
        guest=bool(info.get("is_restricted") or info.get("is_ultra_restricted")),
        stranger=bool(info.get("is_stranger")) or _from_elsewhere(info, at),
        gone=bool(info.get("deleted")),
        email=str(shown.get("email") or "") if info.get("is_email_confirmed") is True else "",
    )


def _from_elsewhere(info: Mapping[str, Any], at: Installation | None) -> bool:
    """Whether a person belongs to neither our workspace nor our organisation."""
    team = info.get("team_id")
    if at is None or not team or team == at.team:
        return False
    organised = info.get("enterprise_user")
    inside = organised if isinstance(organised, Mapping) else {}
    return not (at.enterprise and inside.get("enterprise_id") == at.enterprise)


def _keep(
    known: OrderedDict[str, tuple[float, CachedValue]], name: str, value: CachedValue
) -> None:
    known[name] = (time.monotonic(), value)
    known.move_to_end(name)
    while len(known) > MOST_KNOWN:
        known.popitem(last=False)
