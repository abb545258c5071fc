"""What can be seen after a run: in Slack, on the wire, and in the desk's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chaos.people import Crowd
from chaos.rows import Row
from emulator.claude import ClaudeEmulator
from emulator.slack import Message, SlackEmulator
from emulator.slack.channels import Channel


@dataclass(frozen=True)
class Seen:
    """A message as it stands in Slack; `key` is the desk's own, empty for people's."""

    channel: str
    ts: str
    thread: str
    user: str
    text: str
    key: str


@dataclass(frozen=True)
class Billed:
    """A request to Claude: how it ended, and what it used, if anything."""

    request_id: str
    status: int
    at: float
    until: float
    tokens: int


@dataclass(frozen=True)
class Evidence:
    """All of it. `heard` is when the desk acknowledged a message first, by channel and ts."""

    team: str
    bot: str
    said: Sequence[tuple[str, str, str]]
    words: Sequence[tuple[str, str, str]]
    desk: str
    agents: frozenset[str]
    seen: Sequence[Seen]
    heard: Mapping[tuple[str, str], float]
    billed: Sequence[Billed]
    kills: Sequence[float]
    ends: Sequence[tuple[float, int]]
    rows: Mapping[str, Sequence[Row]]


def gather(
    slack: SlackEmulator,
    claude: ClaudeEmulator,
    crowd: Crowd,
    rows: Mapping[str, Sequence[Row]],
    kills: Sequence[float],
    ends: Sequence[tuple[float, int]],
) -> Evidence:
    """Look at everything once."""
    return Evidence(
        team=slack.team_id,
        bot=slack.bot_user_id,
        said=[(each.message.channel, each.message.ts, each.root.ts) for each in crowd.said],
        words=[(each.message.ts, each.message.root_ts, each.text) for each in crowd.did.words],
        desk=crowd.desk.id,
        agents=frozenset(each.id for each in crowd.agents),
        seen=[
            _seen(channel, each)
            for channel in slack.workspace.channels.values()
            for each in channel.messages.values()
            if not each.deleted
        ],
        heard=_heard(slack),
        billed=[
            Billed(
                each.request_id, each.status, each.at, each.at + each.ms / 1000, _tokens(each.usage)
            )
            for each in claude.calls
        ],
        kills=kills,
        ends=ends,
        rows=rows,
    )


def _seen(channel: Channel, message: Message) -> Seen:
    payload = (message.metadata or {}).get("event_payload", {})
    return Seen(
        channel.id,
        message.ts,
        message.root_ts,
        str(message.user),
        message.text,
        str(payload.get("key", "")),
    )


def _heard(slack: SlackEmulator) -> dict[tuple[str, str], float]:
    heard: dict[tuple[str, str], float] = {}
    for each in slack.acks:
        event = each.payload.get("event", {})
        if event.get("type") == "message" and "subtype" not in event and each.acked_at:
            heard.setdefault((event["channel"], event["ts"]), each.acked_at)
    return heard


def _tokens(usage: Mapping[str, object] | None) -> int:
    names = (
        "input_tokens",
        "output_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
    )
    return sum(int(str((usage or {}).get(name) or 0)) for name in names)
