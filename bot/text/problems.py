"""Why something could not be read, in a word."""

from typing import Literal

# Why a file could not be read; `bot.text.phrases` has the sentence for each.
Problem = Literal[
    "kind",  # nothing we can read
    "recording",  # a voice or video clip without a transcript
    "large",  # more bytes than we take
    "long",  # more text than we take
    "many",  # more pictures than we look at
    "refused",  # the workspace does not let the bot see it
    "elsewhere",  # kept outside the workspace: never asked for
    "away",  # the workspace could not be reached
    "locked",  # a password is needed
    "damaged",  # not what its name says, or broken
    "empty",  # no text in it
    "budget",  # nothing may be spent on it now
    "unread",  # the model gave no notes on it
]
