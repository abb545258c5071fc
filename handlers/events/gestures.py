"""What people do in Slack besides writing, each event read once into a value.

A reaction, a tab opened, a stop pressed, a channel joined or left.
"""

from dataclasses import dataclass

from handlers.types import Payload


@dataclass(frozen=True)
class Reaction:
    """A reaction that somebody added to a message; `key` is what it counts under.

    `name` is without the colour of the skin, which is everybody's own.
    """

    team: str
    user: str
    name: str
    channel: str
    ts: str
    key: str


@dataclass(frozen=True)
class TabOpened:
    """Somebody looks at the app. `place` is what the Home they last saw carried."""

    user: str
    tab: str
    channel: str
    place: str


@dataclass(frozen=True)
class SessionStopped:
    """Somebody pressed stop in a thread in which the agent is at work."""

    channel: str
    thread_ts: str
    user: str


def read_reaction(event: Payload, team: str) -> Reaction | None:
    """A `reaction_added` event; None when it is by nobody, or to something else than a message."""
    item = event["item"]
    if item.get("type") != "message" or not event.get("user"):
        return None
    user, name = str(event["user"]), str(event["reaction"])
    return Reaction(
        team=team,
        user=user,
        name=name.partition("::")[0],
        channel=str(item["channel"]),
        ts=str(item["ts"]),
        key=f"reaction:{user}:{name}:{event['event_ts']}",
    )


def read_membership(event: Payload) -> str:
    """The channel that somebody joined or left."""
    return str(event.get("channel") or "")


def read_tab_opened(event: Payload) -> TabOpened:
    """An `app_home_opened` event."""
    return TabOpened(
        user=str(event["user"]),
        tab=str(event.get("tab", "home")),
        channel=str(event.get("channel") or ""),
        place=str((event.get("view") or {}).get("private_metadata", "")),
    )


def read_session_stopped(event: Payload) -> SessionStopped:
    """An `agent_session_stopped` event."""
    return SessionStopped(
        str(event["channel"]), str(event["thread_ts"]), str(event.get("user") or "")
    )
