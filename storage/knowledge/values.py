"""What the article store takes in and gives back: plain values, no SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Audience = Literal["public", "agents"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article small enough to send to a model.

    `paragraphs` are the blocks a reply may cite; `heading` is the path of headings above them.
    """

    source: str
    title: str
    url: str
    audience: Audience
    language: str
    heading: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One article ready to be stored; `content_hash` changes whenever its passages could.

    `expires_on` is the first day without it, `doubts` are sentences about what it did not say
    plainly of itself, and `left_out` counts by kind what of its text is no passage.
    """

    source: str
    title: str
    url: str
    audience: Audience
    language: str
    reviewed_on: date | None
    content_hash: str
    passages: tuple[Passage, ...]
    updated_on: date | None = None
    expires_on: date | None = None
    doubts: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadArticle:
    """A file of a source that could not be read, and why in a few words.

    `audience` is for whom it is as far as that is known without reading it; None where only the
    file itself says it. `kept` says whether its last good version is on the shelf.
    """

    source: str
    reason: str
    audience: Audience | None = None
    kept: bool = False

    @property
    def sentence(self) -> str:
        return f"{self.source}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; `coverage` is the share (0 to 1) of the question's telling words in it."""

    passage: Passage
    passage_id: int
    score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How many articles a sync added, changed, removed and left alone.

    `refused` are the sources it could not take, because another origin has an article so named.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    refused: tuple[str, ...] = ()
