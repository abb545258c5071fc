"""What the story may ask of the place where files are; `handlers.files` asks Slack for them."""

from typing import Literal, Protocol

from bot.inbound import File

# Why a file could not be read; `bot.phrases` has the sentence for each.
Problem = Literal[
    "kind",  # nothing we can read
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


class CannotFetch(Exception):
    """A file that cannot be had; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Files(Protocol):
    """Where attached files are."""

    async def fetch(self, file: File, most: int) -> bytes:
        """The bytes of a file of at most `most` bytes.

        Raises:
            CannotFetch: it is larger, out of reach, or not for us.
        """
