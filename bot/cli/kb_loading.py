"""`deskhand kb sync` and `kb forget`: articles into the desk's knowledge, and out of it."""

import argparse
from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from bot.cli.kb import KnowledgeCommand
from bot.cli.kb_sources import asked_sources, origins_of
from bot.cli.terminal.arguments import ExitCode
from bot.config.desk import Desk
from bot.knowledge.rerank import Reranker, reranker_of
from bot.knowledge.shelf_words import left_out_text
from bot.knowledge.sources import ArticleSource
from bot.knowledge.sync import SourceSync, sync_source
from storage.db.database import Database
from storage.knowledge import articles, inventory, shelf


async def _sync(chosen: argparse.Namespace, console: Console, store: Database, desk: Desk) -> int:
    skipped = 0
    for source in asked_sources(chosen, desk):
        synced = await _shown(console, store, source)
        skipped += len(synced.problems)
        _tell(console, synced)
        if report := synced.report:
            console.print(
                f"{escape(source.name)}: {report.added} added, {report.changed} changed, "
                f"{report.removed} removed, {report.unchanged} unchanged",
                highlight=False,
                soft_wrap=True,
            )
    if reranker := reranker_of(store, desk):
        await _read(console, reranker)
    return ExitCode.INCOMPLETE if skipped else ExitCode.DONE


def _tell(console: Console, synced: SourceSync) -> None:
    """A line for each file that was not read and each doubt, and what was passed over by kind."""
    unread = {each.sentence: each for each in synced.unread}
    for problem in synced.problems:
        found = unread.get(problem)
        word = "not plain" if found is None else "kept as it was" if found.kept else "skipped"
        if synced.report is None:
            # The whole place could not be read.
            word = "not read"
        console.print(f"[yellow]{word}[/] {escape(problem)}", highlight=False, soft_wrap=True)
    if synced.left_out:
        told = escape(left_out_text(synced.left_out))
        console.print(f"passed over: {told}", highlight=False, soft_wrap=True)


async def _read(console: Console, reranker: Reranker) -> None:
    """Read passages for their meaning, a fifth of a second each; what is done stays done."""
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading for meaning", total=None)
        await reranker.read_passages(lambda more: bar.advance(task, more))
        read = int(bar.tasks[0].completed)
    console.print(f"{read} passages read for their meaning", highlight=False)


async def _shown(console: Console, store: Database, source: ArticleSource) -> SourceSync:
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading")

        def progress(name: str, number: int, total: int) -> None:
            bar.update(task, description=escape(name), completed=number, total=total)

        return await sync_source(store, source, progress)


async def _forget(
    chosen: argparse.Namespace, console: Console, store: Database, _desk: Desk
) -> int:
    stored = [part.origin for part in await store.read(inventory.knowledge_parts)]
    for place in chosen.places:
        removed = 0
        for origin in origins_of(place, list(dict.fromkeys(stored))):
            removed += (await store.write(articles.sync_articles, [], origin)).removed
            await store.write(shelf.forget_source, origin)
        console.print(f"{escape(place)}: {removed} removed", highlight=False)
    return ExitCode.DONE


WORKS: Mapping[str, KnowledgeCommand] = {"sync": _sync, "forget": _forget}
