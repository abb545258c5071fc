"""Who people are, as Slack knows them: names, and who is a bot, a guest or a stranger.

Nobody waits long for a name: what Slack does not tell in time is unknown, and asked again later.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

# Seconds that what Slack told is believed, and that a message waits for names at most.
FRESH = 3600.0
PATIENCE = 1.0
MOST_KNOWN = 5_000
# Names asked for one message; Slack itself pings nobody beyond some fifty.
MOST_NAMES = 50

Value = TypeVar("Value")

log = structlog.get_logger("slack")


@dataclass(frozen=True)
class Person:
    """A user: `guest` of our workspace, `stranger` from another one, `gone` when deactivated."""

    id: str
    name: str
    bot: bool = False
    guest: bool = False
    stranger: bool = False
    gone: bool = False


class People:
    """Answers who somebody is; asks Slack once an hour for each."""

    def __init__(
        self, client: AsyncWebClient, *, fresh: float = FRESH, patience: float = PATIENCE
    ) -> None:
        self._client = client
        self._fresh = fresh
        self._patience = patience
        self._people: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._names: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def find(self, user: str) -> Person | None:
        """Who this is; None when Slack does not say in time."""
        known = self._people.get(user)
        if known is not None and time.monotonic() - known[0] < self._fresh:
            return known[1]
        try:
            async with asyncio.timeout(self._patience):
                info = (await self._client.users_info(user=user))["user"]
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.info("person not known", user=user, error=type(error).__name__)
            return None
        person = _person(info)
        _keep(self._people, user, person)
        return person

    async def names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of people, channels and user groups, as far as Slack tells them in time."""
        wanted = list(dict.fromkeys(ids))[:MOST_NAMES]
        found = await asyncio.gather(*(self._name(each) for each in wanted))
        return {each: name for each, name in zip(wanted, found, strict=True) if name}

    async def _name(self, identifier: str) -> str | None:
        if identifier[:1] in "UW":
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
        info = (await self._client.conversations_info(channel=channel))["channel"]
        return str(info.get("name") or "") or None

    async def _group(self, group: str) -> str | None:
        listed = await self._client.usergroups_list()
        names = {str(each["id"]): str(each["handle"]) for each in listed["usergroups"]}
        for each, name in names.items():
            _keep(self._names, each, name)
        return names.get(group)


def _person(info: Mapping[str, object]) -> Person:
    profile = info.get("profile")
    shown = profile if isinstance(profile, Mapping) else {}
    name = shown.get("display_name") or shown.get("real_name") or info.get("name") or info["id"]
    return Person(
        id=str(info["id"]),
        name=str(name),
        bot=bool(info.get("is_bot")) or info["id"] == "USLACKBOT",
        guest=bool(info.get("is_restricted") or info.get("is_ultra_restricted")),
        stranger=bool(info.get("is_stranger")),
        gone=bool(info.get("deleted")),
    )


def _keep(known: OrderedDict[str, tuple[float, Value]], name: str, value: Value) -> None:
    known[name] = (time.monotonic(), value)
    known.move_to_end(name)
    while len(known) > MOST_KNOWN:
        known.popitem(last=False)
