"""`desk.toml` as a file: read over the defaults, its paths made whole, its mistakes told."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.desk import Desk
from bot.config.desk_mistakes import desk_sentences, toml_sentence
from bot.config.encoding import encoding_mistake, reason_of, utf8_text
from bot.config.settings import SettingsError
from bot.config.time_zones import zone_named

# Stands for the agents' channel where nothing is posted.
NOWHERE = "C00"
DEFAULTS = Path(__file__).with_name("starter_desk.toml")
# The tables that are laid over the defaults key by key; of others the whole table counts.
COMPLETED = ("desk", "models", "hours", "targets", "life", "agent")


def load_desk(path: Path) -> Desk:
    """Read `desk.toml` over the defaults; relative paths in it start at its own folder.

    Raises:
        SettingsError: names the file, the key and what was expected.
    """
    text = _text(path)
    try:
        given = tomllib.loads(text)
    except RecursionError:
        raise SettingsError(f"{path}: its brackets are nested too deeply") from None
    except ValueError as error:
        raise SettingsError(toml_sentence(path, text, error)) from None
    try:
        return Desk.model_validate(_over_defaults(given), context=path.parent)
    except ValidationError as error:
        raise SettingsError(desk_sentences(path, text, error.errors())) from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            f'{path}: not found. The shortest one is: [desk] agents_channel = "C0123456789"'
        ) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: cannot be read: {reason_of(error)}") from None
    try:
        return utf8_text(data)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}{encoding_mistake(error)}") from None


def desk_for_files(path: Path) -> Desk:
    """The desk at `path` or, where there is none, the defaults: for work that posts nowhere.

    Raises:
        SettingsError: names the file, the key and what was expected.
    """
    return load_desk(path) if path.exists() else default_desk()


def default_desk() -> Desk:
    """The defaults alone, with a channel in which nobody is."""
    return Desk.model_validate(_over_defaults({"desk": {"agents_channel": NOWHERE}}))


@cache
def defaults() -> dict[str, Any]:
    """What `starter_desk.toml` says; nobody changes it, neither the file nor this."""
    return tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))


def _over_defaults(given: dict[str, Any]) -> dict[str, Any]:
    filled = defaults()
    merged = {**filled, **given}
    for table in COMPLETED:
        if isinstance(given.get(table, {}), dict):
            merged[table] = {**filled[table], **given.get(table, {})}
    # The business hours are in the desk's own time zone, unless they say another.
    general, hours = merged["desk"], given.get("hours", {})
    if isinstance(general, dict) and isinstance(hours, dict) and "zone" not in hours:
        zone = general.get("timezone")
        merged["hours"] = {**merged["hours"], "zone": zone if _is_zone(zone) else "UTC"}
    for names_intents in ("policy", "stream"):
        if names_intents not in given and "intents" in given:
            merged[names_intents] = {}
    return merged


def _is_zone(name: Any) -> bool:
    """What is none is told of where it was written, and not a second time."""
    try:
        return isinstance(name, str) and bool(zone_named(name))
    except ValueError:
        return False
