"""The bundled catalogue and the files laid over it."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.llm.price_files import BUNDLED, PriceFileError, load_catalogue
from bot.llm.price_list import PriceRow, price_rows
from bot.llm.pricing import CLASSES, Catalogue, Tokens
from evals.claims import PUBLISHED_DISCOUNT, published_catalogue

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GATEWAY = Path(__file__).parents[3] / "examples" / "gateway-prices.toml"
MILLION = Tokens(input=1_000_000, output=1_000_000)


def written(folder: Path, text: str, name: str = "prices.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def nano(catalogue: Catalogue, model: str, tokens: Tokens = MILLION, *, batch: bool = False) -> int:
    return catalogue.cost(model, tokens, NOW, batch=batch).nano_dollars


def test_the_bundled_catalogue_prices_every_class_with_a_date_and_a_source() -> None:
    """Nothing in it is filled in by a default."""
    rows = price_rows(load_catalogue())

    assert all(row.source for row in rows)
    assert all(row.effective.year > 2000 for row in rows)
    assert all(getattr(row.rates, name) is not None for row in rows for name in CLASSES)


@pytest.mark.parametrize(
    "row",
    price_rows(load_catalogue()),
    ids=lambda row: f"{row.model} {row.effective:%F} {row.over}",
)
def test_every_bundled_price_keeps_the_published_multiples_of_its_input(row: PriceRow) -> None:
    """Output 5, cache writes 1.25 and 2 times the input; cache reads a tenth or a twentieth."""
    multiples = [row.rates.rate_of(name) / row.rates.input for name in CLASSES]

    assert multiples[:4] == [1, 5, Decimal("1.25"), 2]
    assert multiples[4] in {Decimal("0.1"), Decimal("0.05")}


def test_the_price_list_tells_what_changed_and_when() -> None:
    """Sonnet's cache reads became cheaper; nothing else of it moved."""
    sonnet = [row for row in price_rows(load_catalogue()) if row.model == "claude-sonnet-5-5"]

    assert [row.changes for row in sonnet] == [(), ("cache_read 0.20 → 0.10",)]
    assert sonnet[0].until == sonnet[1].effective == datetime(2026, 10, 7, tzinfo=UTC)
    assert sonnet[1].until is None


def test_the_price_list_shows_a_tier_as_its_own_row() -> None:
    """Haiku has base rates and those over 100,000 tokens."""
    haiku = [row for row in price_rows(load_catalogue()) if row.model == "claude-haiku-5-5"]

    assert [(0, Decimal("0.10")), (100_000, Decimal("0.50"))] == [
        (row.over, row.rates.input) for row in haiku
    ]


def test_a_tier_that_appears_or_moves_is_told_as_a_change(tmp_path: Path) -> None:
    """History covers tiers as well as base rates."""
    tier = "tiers = [{ over = 1000, input = 2, output = 2 }]"
    path = written(
        tmp_path,
        f"""
        version = "1"
        [[models.m.prices]]
        input = 1
        output = 1
        [[models.m.prices]]
        effective = 2026-11-01
        input = 1
        output = 1
        {tier}
        [[models.m.prices]]
        effective = 2026-11-02
        input = 1
        output = 3
        {tier.replace("input = 2", "input = 4")}
        """,
    )
    rows = [row for row in price_rows(load_catalogue(path)) if row.model == "m"]

    assert [(row.over, row.changes) for row in rows] == [
        (0, ()),
        (0, ()),
        (1000, ("new tier over 1,000 tokens",)),
        (0, ("output 1 → 3",)),
        (
            1000,
            (
                "input 2 → 4",
                "cache_write_5m 2 → 4",
                "cache_write_1h 2 → 4",
                "cache_read 2 → 4",
            ),
        ),
    ]


def test_a_file_replaces_prices_and_keeps_what_it_does_not_name(tmp_path: Path) -> None:
    """New list for one model; its alias and batch price, and all other models, stay."""
    path = written(
        tmp_path,
        'version = "1"\n[models.claude-haiku-4-5]\nprices = [{ input = 0.80, output = "4.00" }]',
    )
    catalogue = load_catalogue(path)

    assert nano(catalogue, "claude-haiku-4-5-20251001") == 4_800_000_000
    assert nano(catalogue, "claude-haiku-4-5", batch=True) == 2_400_000_000
    assert nano(load_catalogue(), "claude-opus-5-5") == nano(catalogue, "claude-opus-5-5")


def test_a_new_name_is_a_new_model_with_cache_classes_billed_as_input(tmp_path: Path) -> None:
    """Left-out cache prices count as input, stated ones as stated, and batch saves nothing."""
    path = written(
        tmp_path,
        'version = "1"\n[models."gpt-4.1"]\nprices = [{ input = 2, output = 8, cache_read = "0" }]',
    )
    catalogue = load_catalogue(path)

    assert nano(catalogue, "gpt-4.1", Tokens(cache_write_5m=1)) == 2_000
    assert nano(catalogue, "gpt-4.1", Tokens(cache_read=1)) == 0
    assert nano(catalogue, "gpt-4.1") == nano(catalogue, "gpt-4.1", batch=True)


def test_later_files_win_and_the_version_names_them_all(tmp_path: Path) -> None:
    """Equal versions mean equal files; another text is another version."""
    text = 'version = "mine"\n[models.m]\nprices = [{ input = 1, output = 1 }]'
    first = written(tmp_path, text, "first.toml")
    second = written(tmp_path, text.replace("input = 1", "input = 3"), "second.toml")
    catalogue = load_catalogue(first, second)

    assert nano(catalogue, "m") == 4_000_000_000
    assert catalogue.version.startswith(f"{load_catalogue().version}+mine~")
    assert catalogue.version == catalogue.cost("m", MILLION, NOW).price_version
    assert load_catalogue(first).version != load_catalogue(second).version


def test_a_discount_of_a_model_beats_that_of_the_file(tmp_path: Path) -> None:
    """0.85 is exactly 85 %, and one model may have its own."""
    path = written(
        tmp_path,
        """
        version = "1"
        discount = 0.85
        [models.a]
        prices = [{ input = "2.70", output = "10.70" }]
        [models.b]
        discount = "0.5"
        prices = [{ input = 1, output = 1 }]
        """,
    )
    catalogue = load_catalogue(path)

    assert nano(catalogue, "a") == 2_010_000_000
    assert nano(catalogue, "b") == 1_000_000_000
    assert nano(catalogue.undiscounted(), "a") == 13_400_000_000


def test_a_discount_alone_comes_off_the_catalogue_and_ends_with_new_prices(tmp_path: Path) -> None:
    """A negotiated rate needs no list; a later file with prices starts from its own list."""
    off = written(tmp_path, 'version = "1"\n[models.claude-opus-5-5]\ndiscount = 0.1', "off.toml")
    anew = written(
        tmp_path,
        'version = "1"\n[models.claude-opus-5-5]\nprices = [{ input = 1, output = 1 }]',
        "anew.toml",
    )

    assert nano(load_catalogue(off), "claude-opus-5-5") == 21_600_000_000
    assert nano(load_catalogue(off, anew), "claude-opus-5-5") == 2_000_000_000


def test_the_example_file_is_the_published_table_with_its_discount() -> None:
    """The gateway's list as published, and 15 % of it as the cost."""
    example, table = load_catalogue(GATEWAY), published_catalogue()
    discounted = published_catalogue(PUBLISHED_DISCOUNT)

    for model in table.models():
        assert nano(table, model) == nano(example.undiscounted(), model)
        assert nano(discounted, model) == nano(example, model)
        assert nano(table, model) * 15 == nano(example, model) * 100


PRICES = "[[models.m.prices]]\ninput = 1\noutput = 1\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("version = ", "is not TOML", id="syntax"),
        pytest.param("[models]", "version: Field required", id="no version"),
        pytest.param('version = "1"', "models: Field required", id="no models"),
        pytest.param(
            'version = "1"\n[models.m]\n', "models.m.prices: missing", id="a new model unpriced"
        ),
        pytest.param(
            'version = "1"\n[[models.m.prices]]\ninput = 1',
            "models.m.prices.0.output: Field required",
            id="no output price",
        ),
        pytest.param(
            f'version = "1"\n{PRICES}cache_reed = 1',
            "models.m.prices.0.cache_reed: Extra inputs",
            id="a misspelt key",
        ),
        pytest.param(
            f'version = "1"\n{PRICES}cache_read = -1',
            "models.m.prices.0.cache_read: Input should be greater than or equal to 0",
            id="a negative price",
        ),
        pytest.param(
            f'version = "1"\n{PRICES}cache_read = nan',
            "models.m.prices.0.cache_read: Input should be a finite number",
            id="not a number",
        ),
        pytest.param(
            f'version = "1"\ndiscount = 85\n{PRICES}',
            "discount: Input should be less than 1",
            id="a discount in per cent",
        ),
        pytest.param(
            f'version = "1"\n{PRICES}effective = 2026-10-07T00:00:00',
            "models.m.prices.0.effective: Input should have timezone info",
            id="a time without offset",
        ),
        pytest.param(
            f'version = "1"\n{PRICES}{PRICES}',
            "models.m.prices: two prices take effect on one date",
            id="two prices at once",
        ),
        pytest.param(
            f'version = "1"\n[models.m]\naliases = ["claude-opus-5-5"]\n{PRICES}',
            "models.m.aliases: 'claude-opus-5-5' is already taken",
            id="an alias that is a model",
        ),
    ],
)
def test_a_mistake_is_told_with_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    """The sentence starts with the file and names the key and what was expected."""
    path = written(tmp_path, text)

    with pytest.raises(PriceFileError) as caught:
        load_catalogue(path)

    assert str(caught.value).startswith(f"{path}: {sentence}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere stops the start."""
    with pytest.raises(PriceFileError, match=r"nowhere\.toml: cannot be read"):
        load_catalogue(tmp_path / "nowhere.toml")


def test_the_bundled_file_ships_beside_the_module() -> None:
    """An installed package finds its catalogue."""
    assert BUNDLED.is_file()
