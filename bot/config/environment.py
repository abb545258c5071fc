"""Secrets that `desk.toml` names by the variable that holds them."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from dotenv import dotenv_values

from bot.config.env_file import ENCODING
from bot.config.settings import SettingsError


def secrets_of(names: Iterable[str], env_file: Path = Path(".env")) -> Mapping[str, str]:
    """The values of some variables, of the environment or else of `.env`.

    Raises:
        SettingsError: names the first that is not set.
    """
    wanted = set(names)
    if not wanted:
        return {}
    written = dotenv_values(env_file, encoding=ENCODING) if env_file.exists() else {}
    found = {name: os.environ.get(name) or written.get(name) or "" for name in wanted}
    if missing := sorted(name for name, value in found.items() if not value):
        raise SettingsError(f"{missing[0]} is not set: put it in .env or the environment")
    return found


def require_length(variable: str, secret: str | bytes, least: int) -> None:
    """Raise SettingsError for a secret that is so short that it could be guessed."""
    if len(secret) < least:
        raise SettingsError(f"{variable}: expected at least {least} characters")
