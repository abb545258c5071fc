"""Slack's documented rate limits: calls a minute by method, and posts a second in a channel.

From docs.slack.dev/apis/web-api/rate-limits and the methods' pages, as of November 2026. Slack
promises at least these; what it takes beyond them is not written down.
"""

from typing import NamedTuple

MINUTE = 60.0
# A method whose tier is not in the table gets the slowest that we use.
UNKNOWN = 20
# "Special" methods: several hundred a minute; Slack gives no figure.
SPECIAL = 600

PER_MINUTE = {
    "agents.sessions.rename": 50,
    "agents.sessions.setStatus": 50,
    "assistant.threads.setStatus": SPECIAL,
    "assistant.threads.setSuggestedPrompts": 100,
    "assistant.threads.setTitle": 100,
    "auth.test": SPECIAL,
    "bots.info": 50,
    "chat.appendStream": 100,
    "chat.delete": 50,
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": 100,
    "chat.postMessage": SPECIAL,
    "chat.startStream": 20,
    "chat.stopStream": 20,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.join": 50,
    "conversations.list": 20,
    "conversations.members": 100,
    "conversations.open": 50,
    "conversations.replies": 50,
    "files.completeUploadExternal": 100,
    "files.delete": 50,
    "files.getUploadURLExternal": 100,
    "files.info": 100,
    "reactions.add": 50,
    "reactions.get": 50,
    "reactions.remove": 20,
    "usergroups.list": 20,
    "usergroups.users.list": 20,
    "users.conversations": 50,
    "users.info": 100,
    "users.list": 20,
    "users.lookupByEmail": 50,
    "views.open": 100,
    "views.publish": 100,
    "views.push": 100,
    "views.update": 100,
}


class RateLimit(NamedTuple):
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


# "One a second a channel, short bursts are tolerated": five at once pass, then one a second.
IN_CHANNEL = RateLimit(5, 5.0)


def limit_of(method: str) -> RateLimit:
    """What Slack takes of a method in the whole workspace."""
    return RateLimit(PER_MINUTE.get(method, UNKNOWN), MINUTE)


def is_by_channel(method: str) -> bool:
    """Whether a channel has a limit of its own besides."""
    return method == "chat.postMessage"
