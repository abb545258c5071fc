"""The desk as `desk.toml` describes it: channels, intents, models, policy."""

import re
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from bot.config.api import ApiTokenConfig, LinksConfig, WebhookConfig
from bot.config.article_sources import SourceConfig
from bot.config.business_hours import BusinessHoursConfig
from bot.config.incidents import BurstConfig, IncidentConfig
from bot.config.intents import Intent, ReuseConfig
from bot.config.mistakes import as_written, meant
from bot.config.modes import Effort, Mode
from bot.config.reading import FileLimits, ReadersConfig
from bot.config.section import DeskPath, Section
from bot.config.sections import (
    AgentView,
    Alerts,
    Budget,
    DigestPlan,
    GatePolicy,
    Nightly,
    PeopleConfig,
    Retention,
    StreamingConfig,
)
from bot.config.sla import FollowUp, ServicePromise, SlaTargets
from bot.config.time_zones import zone_named
from bot.config.tools import CustomersConfig, McpServerConfig, ToolConfig, ToolName
from bot.config.trackers import TrackerConfig

Rule = Literal["answer", "draft", "human"]
ModelName = Annotated[str, Field(min_length=1)]
UserId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
ChannelId = Annotated[str, Field(pattern=r"^[CGD][A-Z0-9]{2,}$")]
# Its members are the agents, which nobody chooses in a direct message.
AgentsChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,}$")]
# Who agents are: members of the agents' channel, of a user group, or a person by id.
AGENTS = re.compile(r"channel|[SUW][A-Z0-9]{2,}")
# What posts by itself: a bot, an app, a workflow, an address, all addresses of a domain.
MACHINE = re.compile(r"(?:[AB]|Wf)[A-Z0-9]{2,}|[^@\s]*@[^@\s]+\.[^@\s]+")


class DeskConfig(Section):
    """Who the desk is. `confidence` is the least at which triage is acted on (0 to 1).

    `agents` are the members of the agents' channel ("channel"), of user groups (`S…`), and people
    by their ids (`U…`); guests, strangers and deactivated people only by their ids.
    `admins` are the agents who may change how the desk works; `cards` says whether every ticket
    has one in the agents' channel, or only those that need people. `ticket_emoji` is the reaction
    that makes a ticket of a message, by its name without colons.
    """

    agents_channel: AgentsChannelId
    name: str
    about: str
    knowledge: Annotated[tuple[DeskPath, ...], Field(min_length=1)]
    confidence: Annotated[float, Field(ge=0, le=1)]
    prices: tuple[DeskPath, ...] = ()
    timezone: str | None = None
    agents: Annotated[tuple[str, ...], Field(min_length=1)] = ("channel",)
    admins: frozenset[UserId] = frozenset()
    cards: Literal["all", "people"] = "all"
    ticket_emoji: Annotated[str, Field(pattern=r"^[a-z0-9_+'-]+$")] = "ticket"

    @field_validator(
        "knowledge", "prices", "agents", mode="before", json_schema_input_type=str | tuple[str, ...]
    )
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given

    @field_validator("agents")
    @classmethod
    def _known_agents(cls, agents: tuple[str, ...]) -> tuple[str, ...]:
        if strange := next((each for each in agents if not AGENTS.fullmatch(each)), None):
            raise ValueError(
                f'expected "channel", a user group (S0123456789) or people (U0123456789), '
                f"not {as_written(strange)}"
            )
        return agents

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            zone_named(name)
        return name


class Channel(Section):
    """A watched channel and how far the bot may go in it.

    `requests_from` are the apps (`A…`), bots (`B…`), workflows (`Wf…`) and e-mail addresses
    (`an@example.com`, or `@example.com` for all of a domain) whose posts are requests. With
    `nudge`, the desk asks who wrote something that may be for it, or not, whether it shall help.
    """

    id: ChannelId
    mode: Mode = "auto"
    nudge: bool = False
    requests_from: frozenset[str] = frozenset()

    @field_validator("requests_from")
    @classmethod
    def _known_machines(cls, machines: frozenset[str]) -> frozenset[str]:
        if strange := next((each for each in machines if not MACHINE.fullmatch(each)), None):
            raise ValueError(
                "expected apps (A…), bots (B…), workflows (Wf…), an@example.com or @example.com, "
                f"not {as_written(strange)}"
            )
        return frozenset(each.casefold() if "@" in each else each for each in machines)


class ModelConfig(Section):
    """The model of each kind of call."""

    triage: ModelName
    simple: ModelName
    complex: ModelName
    creative: ModelName

    @property
    def ladder(self) -> tuple[str, ...]:
        """The models that answer, from the dearest down."""
        return tuple(dict.fromkeys((self.creative, self.complex, self.simple)))


class Efforts(Section):
    """How much an answer of each complexity is thought about; None leaves it to the model."""

    simple: Effort | None = None
    complex: Effort | None = "medium"
    creative: Effort | None = "medium"


class KnowledgeConfig(Section):
    """Whether passages are found by their meaning too; None: where the model is installed.

    An article that was neither reviewed nor changed for `stale_days` is old; 0 is never.
    """

    rerank: bool | None = None
    stale_days: Annotated[int, Field(ge=0, le=36_500)] = 365


def _once(key: str, names: Sequence[str]) -> None:
    """Raise ValueError where one of them stands twice: only one could count."""
    for place, name in enumerate(names):
        if (first := names.index(name)) != place:
            raise ValueError(f"{key}: {name} stands twice, in entry {first + 1} and {place + 1}")


class Desk(Section):
    """The whole of `desk.toml` over the defaults."""

    desk: DeskConfig
    models: ModelConfig
    intents: Annotated[tuple[Intent, ...], Field(min_length=2, max_length=60)]
    channels: tuple[Channel, ...] = ()
    policy: dict[str, Rule] = Field(default_factory=dict)
    stream: StreamingConfig = StreamingConfig()
    agent: AgentView
    gate: GatePolicy = GatePolicy()
    effort: Efforts = Efforts()
    reuse: ReuseConfig = ReuseConfig()
    hours: BusinessHoursConfig
    targets: SlaTargets
    life: FollowUp
    retention: Retention = Retention()
    digests: tuple[DigestPlan, ...] = ()
    budgets: tuple[Budget, ...] = ()
    alerts: Alerts = Alerts()
    people: PeopleConfig | None = None
    nightly: Nightly = Nightly()
    files: FileLimits = FileLimits()
    readers: ReadersConfig = ReadersConfig()
    bursts: BurstConfig = BurstConfig()
    knowledge: KnowledgeConfig = KnowledgeConfig()
    sources: tuple[SourceConfig, ...] = ()
    incidents: IncidentConfig = IncidentConfig()
    tools: dict[ToolName, ToolConfig] = Field(default_factory=dict)
    mcp: dict[ToolName, McpServerConfig] = Field(default_factory=dict)
    customers: CustomersConfig = CustomersConfig()
    api: dict[ToolName, ApiTokenConfig] = Field(default_factory=dict)
    webhooks: dict[ToolName, WebhookConfig] = Field(default_factory=dict)
    links: LinksConfig = Field(default_factory=dict)
    trackers: dict[ToolName, TrackerConfig] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [intent.name for intent in self.intents]
        if len(set(names)) != len(names):
            raise ValueError("intents: each name may stand only once")
        unknown = sorted(set(self.policy) - set(names))
        if unknown:
            raise ValueError(
                f"policy.{unknown[0]}: no intent has this name{meant(unknown[0], names)}"
            )
        if strange := sorted(self.stream.intents - set(names)):
            near = meant(strange[0], names)
            raise ValueError(f"stream.intents: no intent has the name {strange[0]}{near}")
        if strange := sorted(self.reuse.intents - set(names)):
            near = meant(strange[0], names)
            raise ValueError(f"reuse.intents: no intent is named {strange[0]}{near}")
        if self.desk.agents_channel in {channel.id for channel in self.channels}:
            raise ValueError("channels: the agents' channel cannot be watched")
        _once("channels", [each.id for each in self.channels])
        _once("digests", [f"{each.channel} by the {each.period}" for each in self.digests])
        _once("budgets", [f"{each.scope} {each.channel or ''}".strip() for each in self.budgets])
        return self

    @model_validator(mode="after")
    def _tools_fit(self) -> Self:
        names = {intent.name for intent in self.intents}
        for name, tool in self.tools.items():
            if strange := sorted(tool.intents - names):
                raise ValueError(f"tools.{name}.intents: no intent is named {strange[0]}")
            check = self.tools.get(tool.check) if tool.check else None
            if tool.check and (check is None or check.kind != "read"):
                raise ValueError(f"tools.{name}.check: there is no tool {tool.check} that reads")
            if check is not None and (strange := sorted(set(check.input) - set(tool.input))):
                raise ValueError(f"tools.{name}.input: {tool.check} wants {strange[0]} as well")
            if tool.mcp and tool.mcp not in self.mcp:
                raise ValueError(f"tools.{name}.mcp: there is no [mcp.{tool.mcp}]")
        return self

    def mode(self, channel: str, *, called: bool = False) -> Mode:
        """How far the bot may go in a channel.

        Without a list of channels it is everywhere it was invited. With one, a place outside the
        list counts when the bot was `called` there: by a mention or a direct message.
        """
        if channel == self.desk.agents_channel:
            return "off"
        listed = next((each.mode for each in self.channels if each.id == channel), None)
        if listed is not None:
            return listed
        return "auto" if called or not self.channels else "off"

    def nudges(self, channel: str) -> bool:
        """Whether the desk offers its help in a channel where it is not sure to be meant."""
        return any(each.id == channel and each.nudge for each in self.channels)

    def takes_requests_from(self, channel: str, machines: Collection[str]) -> bool:
        """Whether what is known by any of these names posts requests in a channel.

        Names are ids of apps, bots and workflows, or addresses in lower case.
        """
        listed = next((each.requests_from for each in self.channels if each.id == channel), ())
        domains = (f"@{name.rpartition('@')[2]}" for name in machines if "@" in name)
        return any(name in listed for name in (*machines, *domains))

    @property
    def secrets(self) -> frozenset[str]:
        """The variables of the environment that hold secrets of the desk's tools."""
        servers = self.mcp.values()
        tokens = [*(each.token for each in self.tools.values()), *(each.token for each in servers)]
        named = [name for each in servers for name in each.env]
        return frozenset(each for each in (*tokens, *named, self.customers.secret) if each)

    @property
    def knows_by_email(self) -> bool:
        """Whether people are customers of the desk's systems by their addresses."""
        asked = any(tool.personal for tool in self.tools.values())
        return asked and self.customers.by == "email"

    @property
    def service(self) -> ServicePromise:
        """The SLA and the follow-up, as the timers keep them."""
        return ServicePromise(self.hours.hours, self.targets, self.life)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the desk's days and of its cron times."""
        return ZoneInfo(self.desk.timezone or self.hours.zone)

    def streams(self, intent: str) -> bool:
        """Whether answers to this intent show while they are written."""
        return intent in self.stream.intents and self.rule(intent) == "answer"

    def rule(self, intent: str) -> Rule:
        """Who answers requests of this intent."""
        return self.policy.get(intent, "answer")
