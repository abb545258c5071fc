"""Which workspace the app is installed in, and who the app is there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Installation:
    """What `auth.test` says once, at start; a token belongs to one workspace.

    Events of a channel that several workspaces share name any of them: what is ours is told by
    this, never by an event.
    """

    team: str
    bot_user: str
    bot_id: str
    enterprise: str = ""
    url: str = ""
