"""Price files: what a model's tokens cost from when on, as `prices.toml` and an operator's own say.

A file that is laid over another replaces, key by key, what it says of a model and leaves the rest;
new names are new models. With a model's `prices` goes its discount: the file's, the model's own, or
none.
"""

import hashlib
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

BUNDLED = Path(__file__).with_name("prices.toml")
CLASSES = ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read")
ALWAYS = datetime.min.replace(tzinfo=UTC)
ANYWHERE = (None, "", "global", "not_available")
"""What the API reports as `inference_geo` for a call that was not pinned to a region."""


class PricingError(Exception):
    """A cost that cannot be known. It is raised, never replaced by zero."""


class UnknownRegion(PricingError):
    """The model has no multiplier for the region the call was pinned to."""


class PriceFileError(PricingError):
    """A price file cannot be read as one; the sentence names the file and the key."""


def _moment(value: object) -> object:
    """A TOML date means its first instant in UTC; a date with a time must carry its offset."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return value


Amount = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Discount = Annotated[Decimal, Field(ge=0, lt=1)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rates(_Entry):
    """Dollars per million tokens. A cache class left out is billed as plain input."""

    input: Amount
    output: Amount
    cache_write_5m: Amount | None = None
    cache_write_1h: Amount | None = None
    cache_read: Amount | None = None

    def rate_of(self, name: str) -> Decimal:
        """Dollars per million tokens of one class."""
        price: Decimal | None = getattr(self, name)
        return self.input if price is None else price


class Tier(Rates):
    """Rates of a whole request whose prompt is longer than `over` tokens."""

    over: Annotated[int, Field(gt=0)]


class Price(Rates):
    """Rates in force from `effective` until the model's next price."""

    effective: Moment = ALWAYS
    source: str = ""
    tiers: tuple[Tier, ...] = ()

    def rates(self, prompt: int) -> Rates:
        """The highest tier this prompt length goes over, or else the base rates."""
        passed = [tier for tier in self.tiers if prompt > tier.over]
        return max(passed, key=lambda tier: tier.over, default=self)


class ModelPrices(_Entry):
    """A model's prices and what multiplies them."""

    aliases: tuple[str, ...] = ()
    batch: Amount = Decimal(1)
    geo_us: Amount | None = None
    discount: Discount = Decimal(0)
    prices: tuple[Price, ...] = ()

    def price(self, at: datetime) -> Price | None:
        """The price in force at a moment; the instant of a change belongs to the new price."""
        in_force = [price for price in self.prices if price.effective <= at]
        return max(in_force, key=lambda price: price.effective, default=None)

    def multiplier(self, *, batch: bool, geo: str | None) -> Fraction:
        """The factor on every token class: batch, region and discount stack."""
        factor = 1 - Fraction(self.discount)
        if batch:
            factor *= Fraction(self.batch)
        if geo in ANYWHERE:
            return factor
        if geo != "us" or self.geo_us is None:
            raise UnknownRegion(f"no price is known for calls pinned to {geo!r}")
        return factor * Fraction(self.geo_us)


class PriceFile(_Entry):
    """One file as it stands; its `discount` is for every model whose prices it gives."""

    version: str
    discount: Discount = Decimal(0)
    models: dict[str, ModelPrices]


def read_prices(paths: Sequence[Path]) -> tuple[str, dict[str, ModelPrices], dict[str, str]]:
    """Price files laid over each other: their versions, the models, and the id behind each name.

    Raises:
        PriceFileError: names the file and the key.
    """
    models: dict[str, ModelPrices] = {}
    versions = []
    for path in paths:
        text = _read(path)
        file = _parse(path, text)
        for name, entry in file.models.items():
            models[name] = _checked(path, name, _merged(models.get(name), entry, file))
        versions.append(f"{file.version}~{hashlib.sha256(text.encode()).hexdigest()[:8]}")
    return "+".join(versions), models, _names(models, paths[-1])


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PriceFileError(f"{path}: cannot be read: {error}") from error


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
