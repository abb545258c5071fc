"""Programs that use the API, known by their tokens."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.config.api import LEAST_TOKEN, ApiRole, ApiTokenConfig, Permission
from bot.config.environment import require_length
from bot.config.settings import SettingsError


@dataclass(frozen=True)
class Caller:
    """A program with a token: its role, and what it may do but reading."""

    name: str
    role: ApiRole = "reader"
    may: Collection[Permission] = frozenset()
    private: bool = False

    @property
    def who(self) -> str:
        """As whom the audit, the notes and the ledger know it. No person has such an id."""
        return f"api:{self.name}"

    @property
    def agent(self) -> bool:
        """Whether it sees what is among agents."""
        return self.role == "agent"


class Callers:
    """Finds the program that a token belongs to."""

    def __init__(self, configs: Mapping[str, ApiTokenConfig], secrets: Mapping[str, str]) -> None:
        """Tokens are kept as digests.

        Raises:
            SettingsError: a token is short, or two programs have the same.
        """
        self._callers: dict[bytes, Caller] = {}
        for name, config in configs.items():
            digest = _digest(good_token(config.token, secrets))
            if digest in self._callers:
                raise SettingsError(f"{config.token}: api.{name} needs a token of its own")
            self._callers[digest] = Caller(name, config.role, config.may, config.private)

    def find(self, authorization: str) -> Caller | None:
        """Whose token a header `Authorization: Bearer …` has; None for nobody's."""
        scheme, _, token = authorization.partition(" ")
        given = _digest(token.strip()) if scheme.lower() == "bearer" else b""
        return next(
            (each for known, each in self._callers.items() if hmac.compare_digest(known, given)),
            None,
        )


def good_token(variable: str, secrets: Mapping[str, str]) -> str:
    """The token in a variable.

    Raises:
        SettingsError: it is short, so that it could be guessed.
    """
    token = secrets[variable]
    require_length(variable, token, LEAST_TOKEN)
    return token


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()
