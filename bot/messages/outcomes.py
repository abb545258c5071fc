"""What can become of a message."""

from typing import Literal

Outcome = Literal[
    "answered",
    "replied",
    "asked",
    "declined",
    "handed_over",
    "drafted",
    "stopped",
    "shadowed",
    "noted",
    "joined",
    "cancelled",
    "failed",
]
# What the bot has said to the customer by itself, and now waits for them.
SPOKEN: frozenset[Outcome] = frozenset({"answered", "replied", "asked", "declined"})
