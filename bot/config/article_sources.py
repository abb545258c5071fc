"""What `desk.toml` says about further sources of articles: folders, repositories, websites."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bot.config.section import DeskPath, Section, place

WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=2_000)]


class SourceConfig(Section):
    """One of `[[sources]]`: a `folder`, a `git` repository, a `site` by its sitemap, or `pages`.

    `audience` is for whom its articles are that say nothing themselves; `label` goes before their
    names. Of a repository `folder` is a folder within it, at the commit that `ref` names. A website
    is read every `minutes`, at most `most` pages, with `delay` seconds between two; `private_hosts`
    are the hosts of an intranet that it may be on.
    """

    git: DeskPath | None = None
    folder: Path | None = None
    site: WebAddress | None = None
    pages: tuple[WebAddress, ...] = ()
    audience: Literal["public", "agents"] = "public"
    label: Annotated[str, Field(max_length=60, pattern=r"^[^\s]*$")] = ""
    ref: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^-\s][^\s]*$")] = "HEAD"
    minutes: Annotated[int, Field(ge=5, le=44_640)] = 60
    most: Annotated[int, Field(ge=1, le=20_000)] = 2_000
    delay: Annotated[float, Field(ge=0, le=60)] = 0.5
    private_hosts: frozenset[str] = frozenset()

    @field_validator("folder", mode="before")
    @classmethod
    def _located(cls, given: Any, about: ValidationInfo) -> Any:
        """Of a repository it is a folder within that."""
        return given if about.data.get("git") is not None else place(given, about)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.git is not None, self.site is not None, bool(self.pages)]
        if sum(kinds) + (self.folder is not None and self.git is None) != 1:
            raise ValueError("give one of folder, git, site and pages")
        return self
