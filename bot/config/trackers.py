"""What `desk.toml` says about trackers: where agents make an issue of a ticket, and follow it."""

import re
from typing import Literal, Self

from pydantic import field_validator, model_validator

from bot.config.addresses import require_safe
from bot.config.section import Section
from bot.config.tools import EnvName

GITHUB = "https://api.github.com"
PROJECTS = {
    "github": re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}"),
    "jira": re.compile(r"[A-Z][A-Z0-9_]{1,30}"),
}


class TrackerConfig(Section):
    """`[trackers.NAME]`: GitHub or Jira; `token` names the variable that holds what opens it.

    `project` is a repository (acme/shop) or the key of a Jira project (SHOP). A token of Jira's
    cloud is written with its address (an@acme.com:token). Of private tickets issues are made only
    with `private`.
    """

    kind: Literal["github", "jira"]
    project: str
    token: EnvName
    url: str = ""
    issue_type: str = "Task"
    private: bool = False

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        if url:
            require_safe(url)
        return url.rstrip("/")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not PROJECTS[self.kind].fullmatch(self.project):
            known = {"github": "a repository such as acme/shop", "jira": "a key such as SHOP"}
            raise ValueError(f"project: expected {known[self.kind]}")
        if self.kind == "jira" and not self.url:
            raise ValueError("url: where your Jira is, such as https://acme.atlassian.net")
        return self

    @property
    def address(self) -> str:
        """Where it is asked, without a slash at its end."""
        return self.url or GITHUB
