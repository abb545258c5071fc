"""What a model call costs, exactly.

Prices live in `prices.toml` beside this module; an operator's own files may replace or extend them.
Amounts are integer nano-dollars: one dollar per million tokens is 1,000 nano-dollars per token.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.config.desk import Desk
from bot.config.settings import SettingsError

BUNDLED = Path(__file__).with_name("prices.toml")
CLASSES = ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read")
ALWAYS = datetime.min.replace(tzinfo=UTC)
ANYWHERE = (None, "", "global", "not_available")
"""What the API reports as `inference_geo` for a call that was not pinned to a region."""


class PricingError(Exception):
    """A cost that cannot be known. It is raised, never replaced by zero."""


class UnknownModel(PricingError):
    """No catalogue file prices this model."""


class NotYetPriced(PricingError):
    """The model is known, but its first price takes effect after the call's moment."""


class UnknownRegion(PricingError):
    """The model has no multiplier for the region the call was pinned to."""


class PriceFileError(PricingError):
    """A price file cannot be read as one; the sentence names the file and the key."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one call or of many, by the class they are billed in; none is counted twice."""

    input: int = 0
    output: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0

    def __post_init__(self) -> None:
        for name in CLASSES:
            count = getattr(self, name)
            if not isinstance(count, int) or count < 0:
                raise ValueError(f"{name} must be a whole number of tokens, not {count!r}")

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(*(getattr(self, name) + getattr(other, name) for name in CLASSES))

    @property
    def prompt(self) -> int:
        """Everything sent: fresh input, cache writes and cache reads. Price tiers look at this."""
        return self.input + self.cache_write_5m + self.cache_write_1h + self.cache_read


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount and the catalogue it was counted with; equal versions mean equal prices."""

    nano_dollars: int
    price_version: str


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


class _PriceFile(_Entry):
    version: str
    discount: Discount = Decimal(0)
    models: dict[str, ModelPrices]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One line of the price list: list prices in dollars per million tokens, before `discount`.

    `over` is 0 for the base rates; `until` is None while no later price is known; `changes` says in
    words what differs from the row before, and is empty for the first.
    """

    model: str
    effective: datetime
    until: datetime | None
    over: int
    rates: Rates
    discount: Decimal
    source: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Every known model and its prices through time."""

    version: str
    entries: dict[str, ModelPrices]
    ids: dict[str, str]

    @classmethod
    def load(cls, *override_paths: Path) -> Self:
        """The bundled catalogue under the given files, later ones winning.

        A file replaces, key by key, what it says of a model and leaves the rest; new names are
        new models. With a model's `prices` goes its discount: the file's, the model's own, or none.
        Raises PriceFileError naming the file and the key.
        """
        models: dict[str, ModelPrices] = {}
        versions = []
        for path in (BUNDLED, *override_paths):
            text = _read(path)
            file = _parse(path, text)
            for name, entry in file.models.items():
                models[name] = _checked(path, name, _merged(models.get(name), entry, file))
            versions.append(f"{file.version}~{hashlib.sha256(text.encode()).hexdigest()[:8]}")
        return cls("+".join(versions), models, _names(models, (BUNDLED, *override_paths)[-1]))

    def undiscounted(self) -> Self:
        """The same catalogue at list prices."""
        models = {
            name: model.model_copy(update={"discount": Decimal(0)})
            for name, model in self.entries.items()
        }
        return replace(self, version=f"{self.version}, list prices", entries=models)

    def models(self) -> tuple[str, ...]:
        """The ids of all priced models, sorted; aliases are left out."""
        return tuple(sorted(self.entries))

    def resolve(self, name: str) -> str:
        """The model id behind an id or a dated alias. Raises UnknownModel."""
        if name not in self.ids:
            raise UnknownModel(f"no price is known for model {name!r}")
        return self.ids[name]

    def cost(
        self,
        model: str,
        tokens: Tokens,
        at: datetime,
        *,
        batch: bool = False,
        geo: str | None = None,
    ) -> Cost:
        """The exact cost of one call, at the price in force at its moment (aware; compared in UTC).

        `tokens` are those of one request, because tiers look at one prompt. The sum over classes
        and multipliers is exact; it is rounded once, half to even, to whole nano-dollars.
        Raises UnknownModel, NotYetPriced or UnknownRegion.
        """
        entry = self.entries[self.resolve(model)]
        price = entry.price(_aware(at))
        if price is None:
            raise NotYetPriced(f"model {model!r} had no price yet at {at.isoformat()}")
        rates = price.rates(tokens.prompt)
        dollars_per_million = sum(
            Fraction(rates.rate_of(name)) * count
            for name in CLASSES
            if (count := getattr(tokens, name))
        )
        exact = dollars_per_million * 1000 * entry.multiplier(batch=batch, geo=geo)
        return Cost(round(exact), self.version)

    def counterfactual(
        self,
        tokens: Tokens,
        model: str,
        at: datetime,
        *,
        batch: bool = False,
        geo: str | None = None,
    ) -> Cost:
        """What the same call would have cost on another model at that moment.

        Assumes the same tokens in the same classes, each at the other model's price for its class.
        The 5.5 models share a tokenizer, older ones count fewer tokens for the same text; whether
        the other model would have written as much, or hit its cache as often, is not known.
        A model not for sale yet at that moment counts at its first price.
        """
        first = min(price.effective for price in self.entries[self.resolve(model)].prices)
        return self.cost(model, tokens, max(_aware(at), first), batch=batch, geo=geo)

    def rows(self) -> tuple[PriceRow, ...]:
        """The whole price list with its history, by model, tier and date."""
        return tuple(row for name in self.models() for row in _history(name, self.entries[name]))


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the moment of a call must carry its time zone")
    return at


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PriceFileError(f"{path}: cannot be read: {error}") from error


@lru_cache(maxsize=8)
def _parse(path: Path, text: str) -> _PriceFile:
    """Numbers are read as decimals, so 0.85 in a file is exactly 0.85."""
    try:
        return _PriceFile.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise PriceFileError(f"{path}: is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise PriceFileError(f"{path}: {key}: {first['msg']}") from error


def _merged(base: ModelPrices | None, entry: ModelPrices, file: _PriceFile) -> ModelPrices:
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


def _history(name: str, model: ModelPrices) -> Iterator[PriceRow]:
    prices = sorted(model.prices, key=lambda price: price.effective)
    ends = [*(price.effective for price in prices[1:]), None]
    before: dict[int, Rates] = {}
    for price, until in zip(prices, ends, strict=True):
        after: dict[int, Rates] = {0: price} | {tier.over: tier for tier in price.tiers}
        for over, rates in sorted(after.items()):
            changes = _changes(before, over, rates)
            yield PriceRow(
                name, price.effective, until, over, rates, model.discount, price.source, changes
            )
        before = after


def _changes(before: dict[int, Rates], over: int, rates: Rates) -> tuple[str, ...]:
    if not before:
        return ()
    if over not in before:
        return (f"new tier over {over:,} tokens",)
    old = before[over]
    return tuple(
        f"{name} {old.rate_of(name)} → {rates.rate_of(name)}"
        for name in CLASSES
        if old.rate_of(name) != rates.rate_of(name)
    )


def prices_of(desk: Desk) -> Catalogue:
    """The prices, which must know every model of the desk before the first call is made.

    Raises:
        SettingsError: a price file is wrong, or a model has no price.
    """
    try:
        catalogue = Catalogue.load(*desk.desk.prices)
    except PricingError as error:
        raise SettingsError(f"prices: {error}") from None
    for name, model in desk.models:
        if model not in catalogue.models():
            raise SettingsError(
                f"models.{name}: no price is known for {model!r}; "
                "add it to a price file named in [desk] prices"
            )
    return catalogue
