"""How people say a file of tickets is to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReadingOptions:
    """What they leave out is seen from the file.

    `columns` are names of fields by the things they hold, `member` is a file of a zip archive.
    """

    encoding: str | None = None
    separator: str | None = None
    member: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
