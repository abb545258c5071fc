"""`desk.toml` as a file: read over the defaults, its paths made whole, its mistakes told."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.desk import Desk
from bot.config.desk_mistakes import desk_sentences, toml_sentence
from bot.config.settings import SettingsError

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
    try:
        # Some editors begin a file with a mark of their own.
        text = path.read_text(encoding="utf-8-sig")
        given = tomllib.loads(text)
    except FileNotFoundError:
        raise SettingsError(
            f'{path}: not found. The shortest one is: [desk] agents_channel = "C0123456789"'
        ) from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is no UTF-8: save it as UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(toml_sentence(path, error)) from None
    try:
        return Desk.model_validate(_located(_over_defaults(given), path.parent))
    except ValidationError as error:
        raise SettingsError(desk_sentences(path, text, error.errors())) from None


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
        merged["hours"] = {**merged["hours"], "zone": general.get("timezone", "UTC")}
    for names_intents in ("policy", "stream"):
        if names_intents not in given and "intents" in given:
            merged[names_intents] = {}
    return merged


def _located(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    general = config.get("desk")
    if not isinstance(general, dict):
        return config
    located = dict(general)
    if isinstance(named := general.get("knowledge"), str):
        named = [named]
    if isinstance(named, list):
        located["knowledge"] = [folder / str(each) for each in named]
    if isinstance(general.get("prices"), list):
        located["prices"] = [folder / str(each) for each in general["prices"]]
    located = {**config, "desk": located}
    if isinstance(sources := config.get("sources"), list):
        located["sources"] = [_located_source(each, folder) for each in sources]
    return located


def _located_source(source: Any, folder: Path) -> Any:
    """An entry of `[[sources]]`; a folder of a repository starts there and not here."""
    if not isinstance(source, dict):
        return source
    key = "git" if "git" in source else "folder"
    return {**source, key: folder / str(source[key])} if key in source else source
