"""Secrets and switches, from the environment and `.env`."""

import re
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.config.env_file import ENCODING
from bot.config.mistakes import as_written
from bot.config.tokens import SIGNING_SECRET, kind_of, prefixed, whole_secret

# A week in seconds: whoever waits longer waits for ever.
WEEK = 604_800
HOST = re.compile(r"[\w.:%-]+")
Seconds = Annotated[float, Field(gt=0, le=600)]


class SettingsError(Exception):
    """Something in the environment, `.env` or `desk.toml` is missing or wrong; names the key."""


class StoreSettings(BaseSettings):
    """Where the desk's own files are: all that work without Slack and Claude needs.

    Times are seconds. `.env.example` explains each name.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding=ENCODING,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        allow_inf_nan=False,
    )

    database_url: str = "sqlite:///deskhand.db"
    desk_config: Path = Path("desk.toml")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    ops_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    ops_host: str = "127.0.0.1"
    # The REST API, and where a client of it finds it and with which token.
    api_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    api_host: str = "127.0.0.1"
    api_url: str = ""
    api_token: SecretStr | None = None
    # OpenTelemetry's own name for the collector that traces go to.
    otel_exporter_otlp_endpoint: str = ""

    # The file they were read from beside the environment; secrets of tools stand there, too.
    _file: Path = PrivateAttr(Path(".env"))

    @property
    def env_file(self) -> Path:
        """Where values stand that the environment does not have."""
        return self._file

    @field_validator("desk_config")
    @classmethod
    def _desk_file(cls, path: Path) -> Path:
        if not str(path).isprintable():
            told = "in double quotes a backslash is written twice; in single quotes once"
            raise ValueError(f"expected a path, not {as_written(str(path))}: {told}")
        return path.expanduser()

    @field_validator("api_url")
    @classmethod
    def _api_place(cls, url: str) -> str:
        return web_address(url).rstrip("/") if url else url

    @field_validator("api_token")
    @classmethod
    def _api_secret(cls, token: SecretStr | None) -> SecretStr | None:
        return whole_secret(token) if token is not None else None

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _traces(cls, collector: str) -> str:
        if collector and find_spec("opentelemetry.sdk") is None:
            raise ValueError("traces need an extra: pip install 'deskhand[traces]'")
        return web_address(collector) if collector else collector

    @field_validator("*", mode="before")
    @classmethod
    def _in_any_case(cls, given: object, about: ValidationInfo) -> object:
        """A word out of a few is taken in any case, with blanks around it."""
        known = get_args(cls.model_fields[str(about.field_name)].annotation)
        if not isinstance(given, str) or not all(isinstance(each, str) for each in known):
            return given
        named = {"warn": "warning"}.get(given.strip().casefold(), given.strip().casefold())
        return next((each for each in known if each.casefold() == named), given)

    @field_validator("ops_host", "api_host", "slack_http_host", check_fields=False)
    @classmethod
    def _host_alone(cls, host: str) -> str:
        if not HOST.fullmatch(host):
            raise ValueError(f"expected a host alone, such as 127.0.0.1, not {as_written(host)}")
        return host


class ClaudeSettings(StoreSettings):
    """How to reach Claude as well: all that work without Slack needs."""

    anthropic_api_key: SecretStr
    anthropic_base_url: str = "https://api.anthropic.com"
    anthropic_auth: Literal["bearer", "x-api-key", "both"] = "bearer"
    claude_retries: Annotated[int, Field(ge=0, le=20)] = 5
    claude_in_flight: Annotated[int, Field(ge=1, le=500)] = 20

    @field_validator("anthropic_api_key")
    @classmethod
    def _api_key(cls, key: SecretStr) -> SecretStr:
        value = key.get_secret_value()
        if value.startswith(("xox", "xapp-")):
            raise ValueError(f"expected a key of the Claude API, and this is {kind_of(value)}")
        if value.startswith("sk-ant-admin"):
            raise ValueError("expected a key that may call models, and this is one for admins")
        return whole_secret(key)

    @field_validator("anthropic_base_url")
    @classmethod
    def _api_address(cls, url: str) -> str:
        url = web_address(url)
        if re.search(r"/v1(/messages)?/?$", url):
            raise ValueError("leave out the /v1 at its end; it is added by the client")
        return url


class Settings(ClaudeSettings):
    """Everything that differs from one installation to the next and is not the desk itself."""

    slack_bot_token: SecretStr
    # With a port events come as requests, without one over a socket.
    slack_http_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    slack_http_host: str = "127.0.0.1"
    slack_app_token: Annotated[SecretStr | None, Field(validate_default=True)] = None
    slack_signing_secret: Annotated[SecretStr | None, Field(validate_default=True)] = None
    slack_api_url: str = "https://slack.com/api/"

    triage_timeout: Seconds = 10
    triage_deadline: Seconds = 30
    answer_timeout: Seconds = 60
    answer_deadline: Seconds = 120
    slack_patience: Annotated[float, Field(gt=0, le=WEEK)] = 900
    slack_probe: Annotated[float, Field(gt=0, le=300)] = 5
    slack_pace: Annotated[float, Field(ge=0, le=100)] = 1
    slack_moment: Annotated[float, Field(ge=0, le=10)] = 2
    stop_grace: Annotated[float, Field(ge=0, le=600)] = 10
    processors: Literal["one", "all"] = "one"

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr) -> SecretStr:
        return prefixed(token, "xoxb-", "a bot token (Slack: OAuth & Permissions)")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr | None, known: ValidationInfo) -> SecretStr | None:
        """Socket Mode is opened with it, so HTTP mode goes without."""
        if token is None:
            if known.data.get("slack_http_port") is None:
                raise PydanticCustomError("missing", "Field required")
            return None
        return prefixed(token, "xapp-", "an app-level token (Slack: Basic Information)")

    @field_validator("slack_signing_secret")
    @classmethod
    def _signing_secret(cls, secret: SecretStr | None, known: ValidationInfo) -> SecretStr | None:
        """Anybody can send requests to a port: without a secret none of them is from Slack."""
        if secret is None and known.data.get("slack_http_port") is not None:
            raise PydanticCustomError("missing", "Field required")
        if secret is not None and not SIGNING_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError(
                "expected a signing secret (Slack: Basic Information), 32 letters a-f and digits"
                + (f", and this is {kind}" if (kind := kind_of(secret.get_secret_value())) else "")
            )
        return secret

    @field_validator("slack_api_url")
    @classmethod
    def _slack_address(cls, url: str) -> str:
        """The SDK puts a method's name in place of what follows the last slash."""
        url = f"{web_address(url).rstrip('/')}/"
        if re.search(r"//([\w-]+\.)*slack\.com/(?!api/$)", url):
            raise ValueError("Slack's own is https://slack.com/api/, which is the default")
        return url

    @model_validator(mode="after")
    def _ports_of_their_own(self) -> Self:
        for one, other in combinations(("ops", "api", "slack_http"), 2):
            port, host = getattr(self, f"{one}_port"), getattr(self, f"{one}_host")
            shared = port == getattr(self, f"{other}_port") and port not in (None, 0)
            if shared and host == getattr(self, f"{other}_host"):
                names = f"{one.upper()}_PORT and {other.upper()}_PORT"
                raise ValueError(f"{names} are both {port}: take two")
        return self

    @model_validator(mode="after")
    def _one_attempt_fits(self) -> Self:
        for name in ("triage", "answer"):
            attempt, together = getattr(self, f"{name}_timeout"), getattr(self, f"{name}_deadline")
            if attempt > together:
                raise ValueError(
                    f"{name.upper()}_TIMEOUT ({attempt:g} s for one attempt) is longer than "
                    f"{name.upper()}_DEADLINE ({together:g} s for all of them)"
                )
        return self


def web_address(url: str) -> str:
    """An address with a host, and with nothing that a request could not be made of.

    Raises:
        ValueError: it is none.
    """
    scheme, mark, rest = url.strip().partition("://")
    if not mark or scheme.lower() not in ("https", "http"):
        raise ValueError("expected an address that starts with https:// or http://")
    try:
        parts = urlsplit(f"{scheme.lower()}://{rest}")
        fit = bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        fit = False
    if not fit or not re.fullmatch(r"[!-~]+", rest):
        raise ValueError(f"expected an address such as https://example.com/, not {as_written(url)}")
    return parts.geturl()
