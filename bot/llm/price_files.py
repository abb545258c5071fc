"""Price files: what a model's tokens cost from when on, as `prices.toml` and an operator's own say.

A file that is laid over another replaces, key by key, what it says of a model and leaves the rest;
new names are new models. With a model's `prices` goes its discount: the file's, the model's own, or
none.
"""

import hashlib
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.desk import Desk
from bot.config.encoding import encoding_mistake, reason_of
from bot.config.settings import SettingsError
from bot.llm.pricing import Catalogue, Discount, ModelPrices, PriceEntry, PricingError

BUNDLED = Path(__file__).with_name("prices.toml")


class PriceFileError(PricingError):
    """A price file cannot be read as one; the sentence names the file and the key."""


class PriceFile(PriceEntry):
    """One file as it stands; its `discount` is for every model whose prices it gives."""

    version: str
    discount: Discount = Decimal(0)
    models: dict[str, ModelPrices]


def load_catalogue(*override_paths: Path) -> Catalogue:
    """The bundled catalogue under the given files, later ones winning.

    Raises:
        PriceFileError: names the file and the key.
    """
    models: dict[str, ModelPrices] = {}
    versions = []
    for path in (BUNDLED, *override_paths):
        text = _read(path)
        file = _parse(path, text)
        for name, entry in file.models.items():
            models[name] = _checked(path, name, _merged(models.get(name), entry, file))
        versions.append(f"{file.version}~{hashlib.sha256(text.encode()).hexdigest()[:8]}")
    ids = _names(models, (BUNDLED, *override_paths)[-1])
    return Catalogue("+".join(versions), models, ids)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PriceFileError(f"{path}{encoding_mistake(error)}") from error
    except (OSError, ValueError) as error:
        raise PriceFileError(f"{path}: cannot be read: {reason_of(error)}") from error


@lru_cache(maxsize=8)
def _parse(path: Path, text: str) -> PriceFile:
    """Numbers are read as decimals, so 0.85 in a file is exactly 0.85."""
    try:
        return PriceFile.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise PriceFileError(f"{path}: is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise PriceFileError(f"{path}: {key}: {first['msg']}") from error


def _merged(base: ModelPrices | None, entry: ModelPrices, file: PriceFile) -> ModelPrices:
    said: dict[str, Any] = {name: getattr(entry, name) for name in entry.model_fields_set}
    if "prices" in said or file.discount:
        said.setdefault("discount", file.discount)
    return (base or ModelPrices()).model_copy(update=said)


def _checked(path: Path, name: str, model: ModelPrices) -> ModelPrices:
    dates = [price.effective for price in model.prices]
    if not dates:
        raise PriceFileError(f"{path}: models.{name}.prices: missing, and no earlier file has them")
    if len(set(dates)) < len(dates):
        raise PriceFileError(f"{path}: models.{name}.prices: two prices take effect on one date")
    return model


def _names(models: dict[str, ModelPrices], path: Path) -> dict[str, str]:
    ids = {name: name for name in models}
    for name, model in models.items():
        for alias in model.aliases:
            if ids.setdefault(alias, name) != name:
                raise PriceFileError(f"{path}: models.{name}.aliases: {alias!r} is already taken")
    return ids


def prices_of(desk: Desk) -> Catalogue:
    """The prices, which must know every model of the desk before the first call is made.

    Raises:
        SettingsError: a price file is wrong, or a model has no price.
    """
    try:
        catalogue = load_catalogue(*desk.desk.prices)
    except PricingError as error:
        raise SettingsError(f"prices: {error}") from None
    for name, model in desk.models:
        if model not in catalogue.models():
            raise SettingsError(
                f"models.{name}: no price is known for {model!r}; "
                "add it to a price file named in [desk] prices"
            )
    return catalogue
