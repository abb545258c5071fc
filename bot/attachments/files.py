"""The port to where files are: what a workflow may ask of it. `handlers.slack.files` asks Slack."""

from typing import Protocol

from bot.messages.inbound import File
from bot.text.file_problems import Problem


class CannotFetch(Exception):
    """A file that cannot be had; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Files(Protocol):
    """Where attached files are."""

    async def described(self, file: File) -> File:
        """The file with its name, type and address, where only its id is known.

        Raises:
            CannotFetch: it is out of reach, or not for us.
        """

    async def fetch(self, file: File, most: int) -> bytes:
        """The bytes of a file of at most `most` bytes.

        Raises:
            CannotFetch: it is larger, out of reach, or not for us.
        """
