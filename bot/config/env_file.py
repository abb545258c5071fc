"""`.env` as a file: the names that it sets, each with its line."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.config.encoding import utf8_text
from bot.config.mistakes import meant

# What cannot be read is told of by us, with its line.
logging.getLogger("dotenv").setLevel(logging.ERROR)

# UTF-8, and the mark that some editors begin a file with.
ENCODING = "utf-8-sig"
# Ends a line that another program reads, where the file is shared.
OTHER = "# other"
# What libraries and Python itself look for; in a file it would do nothing.
ONLY_ENVIRONMENT = re.compile(
    r"(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|TZ|PYTHON[A-Z]+", re.IGNORECASE
)

# What people mostly did where a line sets nothing, by how it looks.
_LOOKS = (
    (r"^\s*(<{7}|={7}|>{7})", "a merge was left unfinished here"),
    (r"^\s*(;|//|--)", "a remark begins with #"),
    (r"^\s*[{}]", "this looks like JSON"),
    (r"^\s*(set|setx|let|const)\s", "leave out what stands before the name"),
    (r"^\s*[\w-]+\s*:", "a name and its value are joined by =, not by :"),
    (r"""^[^"]*"[^"]*$|^[^']*'[^']*$""", "a quote is not closed"),
)


@dataclass(frozen=True)
class EnvLine:
    """A line of `.env`: the name that it sets, or None where it sets none.

    `value` is None where there is no =. `other` says by a comment at its end that another program
    reads it.
    """

    number: int
    name: str | None
    value: str | None = None
    other: bool = False
    hint: str = ""

    def fault(self, names: Sequence[str], desk: str) -> str:
        """What is wrong with it by itself; empty if nothing is.

        `names` are those of our settings, `desk` is the text of `desk.toml`, which may name more.
        """
        if self.name is None:
            return f"expected NAME=value{f': {self.hint}' if self.hint else ''}"
        if self.other:
            return ""
        if self.known(names, desk):
            return f"{self.name}: expected {self.name}=value" if self.value is None else ""
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
    if path is None or not path.exists():
        return []
    stream = StringIO(utf8_text(path.read_bytes()))
    return [_line(each) for each in parse_stream(stream) if each.error or each.key is not None]


def repeated(lines: Sequence[EnvLine], names: Sequence[str]) -> Iterator[str]:
    """A sentence for each setting of ours that stands twice with two values."""
    first: dict[str, EnvLine] = {}
    for line in lines:
        name = (line.name or "").upper()
        if line.value is None or name not in names:
            continue
        if first.setdefault(name, line).value != line.value:
            yield f"{line.number}: {name}: stands in line {first[name].number} already: keep one"


def _line(binding: Binding) -> EnvLine:
    written = binding.original.string
    return EnvLine(
        # Blank lines before it are counted to a binding.
        binding.original.line + _blank(written),
        binding.key,
        binding.value,
        other=written.rstrip().endswith(OTHER),
        hint=next((hint for look, hint in _LOOKS if re.search(look, written)), ""),
    )


def _blank(string: str) -> int:
    return string[: len(string) - len(string.lstrip())].count("\n")
