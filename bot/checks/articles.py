"""Check of the articles: whether there is anything to answer from, and to rank it with."""

import asyncio
from collections.abc import Sequence

from bot.checks.finding import Finding, ok, warning, wrong
from bot.config.desk import Desk
from bot.knowledge import embeddings, shelf_words
from bot.knowledge.desk_sources import local_sources, websites
from bot.knowledge.sources import ArticleSource, SourceMissing
from storage.knowledge.values import Audience


async def check_articles(desk: Desk) -> Sequence[Finding]:
    """Whether there is anything to answer from, and what it takes to rank it."""
    found: list[Finding] = []
    if desk.knowledge.rerank and not embeddings.embedder_installed():
        found.append(wrong("knowledge", embeddings.MISSING))
    audiences: set[Audience] = set()
    for source in local_sources(desk):
        found += await asyncio.to_thread(_check_source, source, audiences)
    remote = [ok("knowledge", f"{each.name} is read by the bot") for each in websites(desk)]
    found += remote
    if "public" not in audiences and not remote:
        found.append(warning("knowledge", shelf_words.EMPTY))
    return found


def _check_source(source: ArticleSource, audiences: set[Audience]) -> Sequence[Finding]:
    """How many articles it has; for whom they are is added to `audiences`."""
    try:
        reading = source.read()
    except SourceMissing as problem:
        return [warning("knowledge", str(problem))]
    audiences.update(each.audience for each in reading.articles)
    told = shelf_words.articles_text(len(reading.articles))
    return [
        *(warning("knowledge", problem) for problem in reading.problems),
        ok("knowledge", f"{told} in {source.name}"),
    ]
