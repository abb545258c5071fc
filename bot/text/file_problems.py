"""Why something could not be read, in a word."""

from typing import Literal

UnreadableReason = Literal[
    "kind",  # nothing we can read
    "locked",  # a password is needed
    "damaged",  # not what its name says, or broken
    "empty",  # no text in it
    "large",  # more bytes, pages, pixels, text or memory than we take
    "slow",  # reading it took too long
    "busy",  # its turn did not come, for all the others before it
]
"""Why a reader could not read a file; `[why]` of each locale has the words."""

Problem = Literal[
    UnreadableReason,
    "recording",  # a voice or video clip without a transcript
    "long",  # more text than we take
    "many",  # more pictures than we look at
    "partly",  # read, but for parts of it that are no text
    "refused",  # the workspace does not let the bot see it
    "elsewhere",  # kept outside the workspace: never asked for
    "away",  # the workspace could not be reached
    "budget",  # nothing may be spent on it now
    "unread",  # the model gave no notes on it
]
"""Why a file could not be read; `bot.text.phrases` has the sentence for each."""
