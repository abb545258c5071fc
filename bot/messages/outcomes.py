"""What can become of a message."""

from typing import Literal

# Why a question goes to a person because of what the articles lack: a gap in the knowledge.
NOT_ANSWERED = "the articles found do not answer it"
NO_ARTICLE = "no article fits the question"
UNANSWERED = (NOT_ANSWERED, NO_ARTICLE)

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
    "left_alone",
    "failed",
]
# What the bot has said to the customer by itself, and now waits for them.
SPOKEN: frozenset[Outcome] = frozenset({"answered", "replied", "asked", "declined"})
