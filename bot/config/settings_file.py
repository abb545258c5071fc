"""Settings read from the environment and `.env`; each mistake is a line that says where."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.encoding import encoding_mistake, reason_of
from bot.config.env_file import EnvLine, env_lines, repeated
from bot.config.mistakes import as_written, mistake_text
from bot.config.settings import ClaudeSettings, Settings, SettingsError, StoreSettings

AnySettings = TypeVar("AnySettings", bound=StoreSettings)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment, then `.env` for what it does not say.

    Raises:
        SettingsError: names each missing or wrong variable in a line of its own.
    """
    return _load(Settings, env_file)


def settings_of(values: Mapping[str, str]) -> Settings:
    """Settings of some values, by their names in `.env`, over those of the environment.

    Raises:
        SettingsError: names each missing or wrong variable in a line of its own.
    """
    try:
        given: dict[str, Any] = {name.lower(): value for name, value in values.items()}
        return Settings(_env_file=None, **given)
    except ValidationError as error:
        raise SettingsError(
            "\n".join(_sentence(each, None, ()) for each in error.errors())
        ) from None


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
        lines = env_lines(env_file)
    except (OSError, UnicodeDecodeError) as error:
        fault = (
            encoding_mistake(error)
            if isinstance(error, UnicodeDecodeError)
            else f": cannot be read: {reason_of(error)}"
        )
        raise SettingsError(f"{env_file}{fault}") from None
    settings, mistakes = None, []
    try:
        settings = kind(_env_file=env_file)
    except ValidationError as error:
        mistakes = [_sentence(each, env_file, lines) for each in error.errors()]
    # The desk may name secrets of its tools, which stand there too.
    desk = _text(settings.desk_config if settings else Path("desk.toml"))
    names = _names()
    odd = [f"{env_file}:{each.number}: {f}" for each in lines if (f := each.fault(names, desk))]
    odd += [f"{env_file}:{each}" for each in repeated(lines, names)]
    if settings is None and not odd and (others := _others(lines, names, desk)):
        mistakes.append(f"{env_file} has {', '.join(others)}, which the desk does not read")
    if settings is None or odd:
        raise SettingsError("\n".join([*odd, *mistakes]))
    if env_file is not None:
        settings._file = env_file  # noqa: SLF001 - made here
    return settings


def passed_over(settings: StoreSettings) -> list[str]:
    """The names in `.env` that nothing of the desk reads: another program's, or a mistake."""
    return _others(env_lines(settings.env_file), _names(), _text(settings.desk_config))


def _others(lines: Iterable[EnvLine], names: Sequence[str], desk: str) -> list[str]:
    return [
        each.name for each in lines if each.name and not (each.other or each.known(names, desk))
    ]


def _names() -> list[str]:
    return [name.upper() for name in Settings.model_fields]


def _text(path: Path) -> str:
    """What a file says; nothing where it cannot be read, which is told elsewhere."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _sentence(error: ErrorDetails, env_file: Path | None, lines: Sequence[EnvLine]) -> str:
    if not error["loc"]:
        return mistake_text(error, tuple)
    name = str(error["loc"][0]).upper()
    if error["type"] == "missing":
        return f"{name} is not set: put it in {env_file or 'the file'} or the environment"
    if str(error["type"]).endswith(("_parsing", "_type")):
        # What it is told as may be a secret, or long.
        kind = "a whole number" if str(error["type"]).startswith("int") else "a number"
        told = f"expected {kind}, not {as_written(error['input'])}"
    else:
        told = mistake_text(error, tuple)
    numbers = [line.number for line in lines if (line.name or "").upper() == name]
    # The environment goes before the file.
    here = numbers and not any(each.upper() == name for each in os.environ)
    return f"{env_file}:{numbers[-1]}: {name}: {told}" if here else f"{name}: {told}"
