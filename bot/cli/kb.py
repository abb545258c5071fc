"""The `deskhand kb` commands: look for articles, count them, find what they lack."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from rich.console import Console
from rich.markup import escape

from bot.cli.terminal.arguments import ExitCode
from bot.cli.terminal.output import print_json
from bot.cli.terminal.tables import show_table, show_text, terminal
from bot.config.desk import Desk
from bot.config.desk_file import desk_for_files
from bot.config.settings_file import load_store_settings
from bot.knowledge.rerank import reranker_of
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.shelf_words import left_out_text, stale_before
from bot.messages.outcomes import UNANSWERED
from bot.reports.gaps import Gap, find_gaps
from bot.runtime.logs import configure_logs
from bot.runtime.store import open_store
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.knowledge import inventory, shelf
from storage.knowledge.inventory import KnowledgePart
from storage.knowledge.shelf import ShelfState
from storage.knowledge.values import Hit
from storage.nightly import article_drafts
from storage.reports import gaps

EXCERPT = 300
FOUND = 8

KnowledgeCommand = Callable[[argparse.Namespace, Console, Database, Desk], Awaitable[int]]


def kb(chosen: argparse.Namespace) -> int:
    """Carry out one of the commands on the desk's store."""
    if chosen.kind in WORKS:
        work = WORKS[chosen.kind]
    else:
        # Whoever only looks waits for nothing that reads files and websites.
        from bot.cli import kb_loading  # noqa: PLC0415

        work = kb_loading.WORKS[chosen.kind]
    return asyncio.run(_run(work, chosen))


async def _run(work: KnowledgeCommand, chosen: argparse.Namespace) -> int:
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    desk = desk_for_files(settings.desk_config)
    async with open_store(settings, desk) as store:
        return await work(chosen, terminal(), store, desk)


async def _search(chosen: argparse.Namespace, console: Console, store: Database, desk: Desk) -> int:
    knowledge_search = KnowledgeSearch(store, reranker_of(store, desk))
    hits = await knowledge_search.search_articles(
        " ".join(chosen.words), "", chosen.language, (chosen.audience,)
    )
    if chosen.json:
        print_json([_hit(each) for each in hits[:FOUND]])
        return ExitCode.DONE
    for place, hit in enumerate(hits[:FOUND], start=1):
        _show(console, place, hit)
    if not hits:
        console.print("Nothing fits: such a question goes to a person.")
    return ExitCode.DONE


def _hit(hit: Hit) -> Mapping[str, object]:
    passage = hit.passage
    told = {name: getattr(passage, name) for name in ("title", "heading", "source", "language")}
    text = " ".join(passage.paragraphs)
    figures = {"coverage": hit.coverage, "score": hit.score}
    return {**told, "audience": passage.audience, **figures, "text": text}


def _show(console: Console, place: int, hit: Hit) -> None:
    passage = hit.passage
    path = " › ".join((passage.title, *passage.heading))
    facts = f"{passage.source}, {passage.language}, {passage.audience}"
    fits = f"has {hit.coverage:.0%} of the question, score {hit.score:.1f}"
    text = " ".join(passage.paragraphs)
    short = text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"
    console.print(f"[bold]{place}. {escape(path)}[/]", highlight=False, soft_wrap=True)
    show_text(console, f"{facts}, {fits}", indent=3)
    show_text(console, short, indent=3)


async def _stats(chosen: argparse.Namespace, console: Console, store: Database, desk: Desk) -> int:
    parts = await store.read(inventory.knowledge_parts)
    since = stale_before(desk.knowledge.stale_days, utc_now().date())
    state = await store.read(shelf.shelf_state, since)
    waiting = (await store.read(article_drafts.count_article_drafts)).get("waiting", 0)
    if chosen.json:
        print_json({"articles": parts, "shelf": state, "drafts_waiting": waiting})
        return ExitCode.DONE
    columns = ("from", "audience", "language", "articles", "passages", "oldest review")
    show_table(console, columns, [_row(part) for part in parts])
    if not parts:
        console.print("No articles yet: deskhand kb sync FOLDER loads some.")
    _shelf(console, state)
    if waiting:
        drafts = "1 draft waits" if waiting == 1 else f"{waiting} drafts wait"
        console.print(f"{drafts} for approval in the agents' channel.", highlight=False)
    return ExitCode.DONE


def _shelf(console: Console, state: ShelfState) -> None:
    """Everything that is not as it should be, in full: here is the place to look it up."""
    lines = [*state.missing, *(f"unread: {each.sentence}" for each in state.unread)]
    lines += (f"not plain: {name}: {'; '.join(said)}" for name, said in state.doubts.items())
    lines += (f"old: {each.source}, last looked at {each.seen_on}" for each in state.stale)
    for source in state.sources:
        for what, counts in (("files", source.files_left_out), ("text", source.text_left_out)):
            if counts:
                lines.append(f"{source.name}: {what} passed over: {left_out_text(counts)}")
    for line in lines:
        show_text(console, line)


async def _gaps(chosen: argparse.Namespace, console: Console, store: Database, _desk: Desk) -> int:
    since = utc_now() - timedelta(days=chosen.days)
    found = find_gaps(await store.read(gaps.unanswered, UNANSWERED, since))
    if chosen.json:
        print_json(found)
        return ExitCode.DONE
    columns = ("asked", "matter", "tickets", "agents' answer")
    show_table(console, columns, [_gap(each) for each in found])
    if not found:
        console.print(f"In the last {chosen.days} days every question found an article.")
    return 0


def _gap(gap: Gap) -> tuple[str, ...]:
    numbers = " ".join(f"T-{each}" for each in gap.tickets)
    return (str(gap.count), gap.title[:EXCERPT], numbers, gap.answer[:EXCERPT] or "none yet")


def _row(part: KnowledgePart) -> tuple[str, ...]:
    reviewed = part.oldest_review.isoformat() if part.oldest_review else "never"
    counts = (str(part.articles), str(part.passages))
    return (part.origin, part.audience, part.language, *counts, reviewed)


WORKS: Mapping[str, KnowledgeCommand] = {"search": _search, "stats": _stats, "gaps": _gaps}
