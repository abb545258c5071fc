"""What `desk.toml` says about other programs: who may use the API, and who is told of tickets."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.config.addresses import require_safe
from bot.config.tools import EnvName
from storage.tickets.values import EVENT_KINDS, TicketEventKind

Permission = Literal["ask", "open", "comment", "solve"]
ApiRole = Literal["reader", "agent"]
# What is among agents is nothing for a reader.
FOR_AGENTS = frozenset[Permission]({"comment", "solve"})
LEAST_TOKEN = 20


class ApiTokenConfig(BaseModel):
    """`[api.NAME]`: a program that may use the API; `token` names the variable that holds its own.

    A `reader` sees what everybody in the workspace may see: tickets of public channels, and what
    was said in them. An `agent` sees notes, the audit and the agents' articles as well, and with
    `private` also tickets of private channels and direct messages. Both only read, but for what
    they `may`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: EnvName
    role: ApiRole = "reader"
    may: frozenset[Permission] = frozenset()
    private: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.role == "reader" and (wanted := sorted(self.may & FOR_AGENTS)):
            raise ValueError(f'may: {wanted[0]} takes role = "agent"')
        if self.role == "reader" and self.private:
            raise ValueError('private: it takes role = "agent"')
        return self


class WebhookConfig(BaseModel):
    """`[webhooks.NAME]`: a system that is told what becomes of tickets, by a signed request.

    `secret` names the variable with what it is signed by. Without `words` it is told numbers and
    states, and of tickets that only some people see nothing, unless `private` says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    secret: EnvName
    events: Annotated[frozenset[TicketEventKind], Field(min_length=1)] = frozenset(EVENT_KINDS)
    words: bool = False
    private: bool = False

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        require_safe(url)
        return url


def _link(template: str) -> str:
    if not template.startswith("https://") or re.search(r"[\s<>|]", template):
        raise ValueError("expected an address that starts with https://")
    if strange := sorted(set(re.findall(r"\{([^{}]*)\}", template)) - set(LINK_FACTS)):
        raise ValueError(f"{{{strange[0]}}}: expected one of {', '.join(LINK_FACTS)} in braces")
    return template


# What an address may say of a ticket.
LINK_FACTS = ("number", "title", "category", "priority", "requester", "thread")
LinkName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,29}$")]
LinkTemplate = Annotated[str, Field(max_length=400), AfterValidator(_link)]
LinksConfig = Annotated[dict[LinkName, LinkTemplate], Field(max_length=4)]
