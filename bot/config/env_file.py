"""`.env` as a file: the names that it sets, each with its line."""

from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import parse_stream


@dataclass(frozen=True)
class EnvLine:
    """A line of `.env`: the name that it sets, or None where it sets none."""

    number: int
    name: str | None


def env_lines(path: Path | None) -> list[EnvLine]:
    """All that a file sets, in order; nothing where there is none.

    Raises:
        OSError, UnicodeDecodeError: it is there and cannot be read.
    """
    if path is None or not path.is_file():
        return []
    with path.open(encoding="utf-8") as stream:
        return [
            # Blank lines before it are counted to a binding.
            EnvLine(each.original.line + _blank(each.original.string), each.key)
            for each in parse_stream(stream)
            if each.error or each.key is not None
        ]


def _blank(string: str) -> int:
    return string[: len(string) - len(string.lstrip())].count("\n")
