"""Tables of the terminal: digests, prices, and any others."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.costs.recost import Difference
from bot.llm.price_list import PriceRow
from bot.llm.pricing import CLASSES
from bot.reports import wording as words
from bot.reports.digest import Digest
from bot.text.money import dollars

Cells = Iterable[tuple[str, ...]]


def show_digest(console: Console, digest: Digest) -> None:
    """The digest that Slack gets, as tables."""
    console.print(f"[bold]{escape(words.digest_title(digest))}[/]")
    console.print(escape(words.digest_headline(digest)), highlight=False)
    if digest.quiet:
        return
    console.print()
    for label, value in words.key_figures(digest):
        console.print(f"  {label:<26}{escape(value)}", highlight=False)
    show_table(console, ("route", "model", "messages", "part"), words.route_rows(digest))
    show_table(console, ("model", "cost", "part", "median", "p90"), words.model_rows(digest))
    total = digest.nano_dollars
    show_table(console, ("purpose", "cost", "part"), words.ranked_rows(digest.by_purpose, total))
    show_table(console, ("intent", "cost", "part"), words.ranked_rows(digest.by_intent, total))
    dearest = [
        (f"T-{each.ticket_id}", dollars(each.nano_dollars), each.title[:60] or "no title yet")
        for each in digest.dearest
    ]
    show_table(console, ("dearest", "cost", "title"), dearest)
    console.print()
    for usage in digest.budgets:
        console.print(f"{usage.limit.name}  {words.budget_text(usage)}", highlight=False)
    for line in (
        words.forecast_text(digest),
        words.tokens_text(digest),
        words.failures_text(digest),
        words.corrected_text(digest),
        words.balance_text(digest),
    ):
        if line:
            console.print(line, highlight=False, soft_wrap=True)


def show_table(console: Console, heads: Sequence[str], rows: Cells) -> None:
    """A table whose first column is text and whose others are figures."""
    table = Table(show_edge=False, header_style="bold", pad_edge=False)
    for place, head in enumerate(heads):
        figures = place > 0 and head not in ("model", "title", "what changed", "why")
        table.add_column(head, justify="right" if figures else "left")
    for row in rows:
        table.add_row(*map(escape, row))
    if table.row_count:
        console.print()
        console.print(table)


def show_prices(console: Console, rows: Sequence[PriceRow], version: str) -> None:
    """The price list with its history, and what changed each time."""
    show_table(
        console,
        ("price of", "from", *CLASSES, "what changed"),
        [
            (
                f"{row.model}{f', over {row.over:,}' if row.over else ''}",
                f"{row.effective:%Y-%m-%d}" if row.effective.year > 1 else "ever",
                *(f"{row.rates.rate_of(name).normalize():f}" for name in CLASSES),
                "; ".join(row.changes) or (f"{row.discount:%} off" if row.discount else ""),
            )
            for row in rows
        ],
    )
    console.print(f"\nDollars per million tokens, before discounts. Version {version}")


def show_differences(console: Console, differences: Sequence[Difference]) -> None:
    """What counting again came to."""
    show_table(
        console,
        ("recosted", "calls", "changed", "first counted", "before", "now", "difference"),
        [
            (
                each.model,
                f"{each.calls:,}",
                f"{each.changed:,}",
                dollars(each.first),
                dollars(each.before),
                dollars(each.after),
                dollars(each.after - each.before),
            )
            for each in differences
        ],
    )
