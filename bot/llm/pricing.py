"""What a model call costs, exactly.

Prices come from `price_files`: `prices.toml`, and an operator's own over it.
Amounts are integer nano-dollars: one dollar per million tokens is 1,000 nano-dollars per token.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Self

from bot.config.desk import Desk
from bot.config.settings import SettingsError
from bot.llm.price_files import BUNDLED, CLASSES, ModelPrices, PricingError, read_prices


class UnknownModel(PricingError):
    """No catalogue file prices this model."""


class NotYetPriced(PricingError):
    """The model is known, but its first price takes effect after the call's moment."""


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


@dataclass(frozen=True)
class Catalogue:
    """Every known model and its prices through time."""

    version: str
    entries: dict[str, ModelPrices]
    ids: dict[str, str]

    @classmethod
    def load(cls, *override_paths: Path) -> Self:
        """The bundled catalogue under the given files, later ones winning.

        Raises:
            PriceFileError: names the file and the key.
        """
        return cls(*read_prices((BUNDLED, *override_paths)))

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


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the moment of a call must carry its time zone")
    return at


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
