"""Secrets and switches, from the environment and `.env`."""

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

Seconds = Annotated[float, Field(gt=0, le=600)]


class SettingsError(Exception):
    """Something in the environment, `.env` or `desk.toml` is missing or wrong; names the key."""


class StoreSettings(BaseSettings):
    """Where the desk's own files are: all that work without Slack and Claude needs.

    Times are seconds. `.env.example` explains each name.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = "sqlite:///deskhand.db"
    desk_config: Path = Path("desk.toml")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    # The file they were read from beside the environment; secrets of tools stand there, too.
    _file: Path = PrivateAttr(Path(".env"))

    @property
    def env_file(self) -> Path:
        """Where values stand that the environment does not have."""
        return self._file


class ClaudeSettings(StoreSettings):
    """How to reach Claude as well: all that work without Slack needs."""

    anthropic_api_key: SecretStr
    anthropic_base_url: str = "https://api.anthropic.com"
    anthropic_auth: Literal["bearer", "x-api-key", "both"] = "bearer"
    claude_retries: Annotated[int, Field(ge=0, le=20)] = 5
    claude_in_flight: Annotated[int, Field(ge=1, le=500)] = 20

    @field_validator("anthropic_base_url")
    @classmethod
    def _api_address(cls, url: str) -> str:
        if _web_address(url).rstrip("/").endswith("/v1"):
            raise ValueError("leave out the /v1 at its end; it is added by the client")
        return url


class Settings(ClaudeSettings):
    """Everything that differs from one installation to the next and is not the desk itself."""

    slack_bot_token: SecretStr
    slack_app_token: SecretStr
    slack_api_url: str = "https://slack.com/api/"

    triage_timeout: Seconds = 10
    triage_deadline: Seconds = 30
    answer_timeout: Seconds = 60
    answer_deadline: Seconds = 120
    slack_patience: Annotated[float, Field(gt=0)] = 900
    slack_probe: Annotated[float, Field(gt=0, le=300)] = 5
    slack_pace: Annotated[float, Field(ge=0, le=100)] = 1
    slack_moment: Annotated[float, Field(ge=0, le=10)] = 0.7
    stop_grace: Annotated[float, Field(ge=0, le=600)] = 10
    processors: Literal["one", "all"] = "one"

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr) -> SecretStr:
        return _prefixed(token, "xoxb-", "a bot token (Slack: OAuth & Permissions)")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr) -> SecretStr:
        return _prefixed(token, "xapp-", "an app-level token (Slack: Basic Information)")

    @field_validator("slack_api_url")
    @classmethod
    def _slack_address(cls, url: str) -> str:
        return _web_address(url)


AnySettings = TypeVar("AnySettings", bound=StoreSettings)


def _web_address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("expected an address that starts with https:// or http://")
    return url


def _prefixed(token: SecretStr, prefix: str, kind: str) -> SecretStr:
    if not token.get_secret_value().startswith(prefix):
        raise ValueError(f"expected {kind}, which starts with {prefix}")
    return token


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment, then `.env` for what it does not say.

    Raises:
        SettingsError: names each missing or wrong variable in a line of its own.
    """
    return _load(Settings, env_file)


def load_claude_settings(env_file: Path | None = Path(".env")) -> ClaudeSettings:
    """The same without Slack, for work on files.

    Raises:
        SettingsError: names each missing or wrong variable in a line of its own.
    """
    return _load(ClaudeSettings, env_file)


def load_store_settings(env_file: Path | None = Path(".env")) -> StoreSettings:
    """The same without Slack and Claude.

    Raises:
        SettingsError: names each wrong variable in a line of its own.
    """
    return _load(StoreSettings, env_file)


def _load(kind: type[AnySettings], env_file: Path | None) -> AnySettings:
    try:
        settings = kind(_env_file=env_file)
        if env_file is not None:
            settings._file = env_file  # noqa: SLF001 - made here
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(each) for each in error.errors())) from None
    return settings


def _sentence(error: ErrorDetails) -> str:
    name = str(error["loc"][0]).upper()
    if error["type"] == "missing":
        return f"{name} is not set: put it in .env or the environment"
    return f"{name}: {error['msg'].removeprefix('Value error, ')}"
