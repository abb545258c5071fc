"""Who the agents are: as `desk.toml` says, and never a guest or a stranger by accident."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.people import People, Person
from handlers.web_api.pagination import channel_members
from handlers.web_api.posting import TROUBLE

FRESH = 300.0

log = structlog.get_logger("slack")


@dataclass(frozen=True)
class Staff:
    """The agents' user ids, and why who would be one is none: a reason for each id."""

    agents: frozenset[str] = frozenset()
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AgentRule:
    """Who counts as agent: `named` as `[desk] agents` has it, `channel` the agents' own."""

    named: Sequence[str]
    channel: str
    bot_user: str


async def read_staff(client: AsyncWebClient, people: People, rule: AgentRule) -> Staff:
    """Ask Slack who the agents are; raises what the client raises.

    Who is named by id is one whoever they are. Members of a channel or a group are ones unless they
    are bots, guests, deactivated, of another workspace, or unknown to Slack.
    """
    listed = {each for each in rule.named if each[0] in "UW"}
    members: set[str] = set()
    for source in rule.named:
        members |= await _members_of(client, source, rule.channel)
    found = await people.find_all(members - listed - {rule.bot_user})
    reasons = {each: _why_not(person) for each, person in found.items()}
    return Staff(
        agents=frozenset(listed | {each for each, reason in reasons.items() if reason is None}),
        left_out={each: reason for each, reason in sorted(reasons.items()) if reason},
    )


async def _members_of(client: AsyncWebClient, source: str, channel: str) -> set[str]:
    if source == "channel":
        return set(await channel_members(client, channel))
    if source.startswith("S"):
        return set((await client.usergroups_users_list(usergroup=source))["users"])
    return set()


def _why_not(person: Person | None) -> str | None:
    """Why somebody in the agents' channel or group is no agent; None for one who is."""
    return person.apart if person is not None else "unknown to this workspace"


class AgentRoster:
    """The agents, read again when someone joins or leaves, or after five minutes."""

    def __init__(self, client: AsyncWebClient, people: People, rule: AgentRule) -> None:
        self.channel = rule.channel
        self._client = client
        self._people = people
        self._rule = rule
        self._staff = Staff()
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def is_agent(self, user: str) -> bool:
        """Whether the user works tickets."""
        return user in await self.agents()

    def counts(self, group: str) -> bool:
        """Whether the members of a user group are agents, so that it stands for the desk."""
        return group in self._rule.named

    async def agents(self) -> frozenset[str]:
        """All agents; see `staff`."""
        return (await self.staff()).agents

    async def staff(self) -> Staff:
        """Who is an agent and who is not. When Slack does not answer, what we knew last.

        Raises:
            SlackClientError: Slack does not answer and no agent is known yet.
        """
        async with self._lock:
            if time.monotonic() - self._read_at > FRESH:
                try:
                    self._staff = await read_staff(self._client, self._people, self._rule)
                    self._read_at = time.monotonic()
                except TROUBLE:
                    if not self._staff.agents:
                        raise
                    log.warning("agents not read again", channel=self.channel)
            return self._staff

    async def prepare(self) -> None:
        """Read them before the first event waits for it; what fails is asked again then."""
        try:
            await self.staff()
        except TROUBLE as error:
            log.warning("agents not read", channel=self.channel, error=type(error).__name__)

    def forget(self) -> None:
        """Somebody joined or left: read the members again at the next question."""
        self._read_at = float("-inf")
