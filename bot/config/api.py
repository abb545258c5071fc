"""What `desk.toml` says about the API: who may use it, by which token, and for what."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from bot.config.tools import EnvName

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
