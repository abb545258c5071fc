"""`.env` as a file: the names that it sets, each with its line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import parse_stream

from bot.config.mistakes import meant

# UTF-8, and the mark that some editors begin a file with.
ENCODING = "utf-8-sig"
# Ends a line that another program reads, where the file is shared.
OTHER = "# other"
# What libraries and Python itself look for; in a file it would do nothing.
ONLY_ENVIRONMENT = re.compile(
    r"(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|TZ|PYTHON[A-Z]+", re.IGNORECASE
)


@dataclass(frozen=True)
class EnvLine:
    """A line of `.env`: the name that it sets, or None where it sets none.

    `other` says by a comment at its end that another program reads it.
    """

    number: int
    name: str | None
    other: bool = False

    def fault(self, names: Sequence[str], desk: str) -> str:
        """What is wrong with it by itself; empty if nothing is.

        `names` are those of our settings, `desk` is the text of `desk.toml`, which may name more.
        """
        if self.name is None:
            return "expected NAME=value"
        if self.other or self.known(names, desk):
            return ""
        if near := meant(self.name, names):
            told = f"no such setting{near} If another program reads it, end the line with {OTHER}"
            return f"{self.name}: {told}"
        if ONLY_ENVIRONMENT.fullmatch(self.name):
            told = "is read from the environment only: set it there, or end the line with"
            return f"{self.name}: {told} {OTHER} if another program reads it"
        return ""

    def known(self, names: Sequence[str], desk: str) -> bool:
        """Whether the desk reads it."""
        return self.name is not None and (self.name.upper() in names or self.name in desk)


def env_lines(path: Path | None) -> list[EnvLine]:
    """All that a file sets, in order; nothing where there is none.

    Raises:
        OSError, UnicodeDecodeError: it is there and cannot be read.
    """
    if path is None or not path.is_file():
        return []
    with path.open(encoding=ENCODING) as stream:
        return [
            # Blank lines before it are counted to a binding.
            EnvLine(
                each.original.line + _blank(each.original.string),
                each.key,
                other=each.original.string.rstrip().endswith(OTHER),
            )
            for each in parse_stream(stream)
            if each.error or each.key is not None
        ]


def _blank(string: str) -> int:
    return string[: len(string) - len(string.lstrip())].count("\n")
