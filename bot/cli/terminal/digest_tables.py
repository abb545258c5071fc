"""A digest as tables of the terminal."""

from rich.console import Console
from rich.markup import escape

from bot.cli.terminal.tables import show_table
from bot.reports import wording as words
from bot.reports.digest import Digest
from bot.text.money import dollars


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
        words.alone_text(digest),
        words.balance_text(digest),
    ):
        if line:
            console.print(line, highlight=False, soft_wrap=True)
