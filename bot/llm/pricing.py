"""What a model call costs, exactly.

Amounts are integer nano-dollars: one dollar per million tokens is 1,000 nano-dollars per token.
Prices are read by `price_files`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

CLASSES = ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read")
ALWAYS = datetime.min.replace(tzinfo=UTC)
ANYWHERE = (None, "", "global", "not_available")
"""What the API reports as `inference_geo` for a call that was not pinned to a region."""
# Far more digits than prices, factors and tokens have together: no product or sum is rounded.
EXACT = Context(prec=200, rounding=ROUND_HALF_EVEN)


class PricingError(Exception):
    """A cost that cannot be known. It is raised, never replaced by zero."""


class UnknownModel(PricingError):
    """No catalogue file prices this model."""


class NotYetPriced(PricingError):
    """The model is known, but its first price takes effect after the call's moment."""


class UnknownRegion(PricingError):
    """The model has no multiplier for the region the call was pinned to."""


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


class PriceEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rates(PriceEntry):
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


class ModelPrices(PriceEntry):
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

    def rates(
        self, at: datetime, prompt: int, *, batch: bool, geo: str | None
    ) -> Mapping[str, Decimal] | None:
        """Dollars per million tokens of each class, all told; None where no price is in force yet.

        `prompt` is the length of the request's prompt in tokens, which its tier depends on.
        """
        price = self.price(at)
        if price is None:
            return None
        rates, factor = price.rates(prompt), self.multiplier(batch=batch, geo=geo)
        return {name: EXACT.multiply(rates.rate_of(name), factor) for name in CLASSES}

    def multiplier(self, *, batch: bool, geo: str | None) -> Decimal:
        """The factor on every token class: batch, region and discount stack."""
        factor = EXACT.subtract(Decimal(1), self.discount)
        if batch:
            factor = EXACT.multiply(factor, self.batch)
        if geo in ANYWHERE:
            return factor
        if geo != "us" or self.geo_us is None:
            raise UnknownRegion(f"no price is known for calls pinned to {geo!r}")
        return EXACT.multiply(factor, self.geo_us)


@dataclass(frozen=True)
class Catalogue:
    """Every known model and its prices through time."""

    version: str
    entries: dict[str, ModelPrices]
    ids: dict[str, str]

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
        rates = entry.rates(_aware(at), tokens.prompt, batch=batch, geo=geo)
        if rates is None:
            raise NotYetPriced(f"model {model!r} had no price yet at {at.isoformat()}")
        dollars_per_million = Decimal(0)
        for name in CLASSES:
            count = Decimal(getattr(tokens, name))
            dollars_per_million = EXACT.fma(rates[name], count, dollars_per_million)
        nano_dollars = EXACT.to_integral_value(EXACT.scaleb(dollars_per_million, 3))
        return Cost(int(nano_dollars), self.version)

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


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the moment of a call must carry its time zone")
    return at
