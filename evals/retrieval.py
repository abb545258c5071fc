"""How well search finds the right passage, and how fast: on XQuAD, else on the sample articles.

The Vietnamese questions are asked twice, as written and without their diacritics. Both languages
are stored together, as they are in a desk's own articles. Quality is measured on the passages of
the set alone, speed with the store filled up with passages of the same sentences. Then come
messages as people write them, with the goals beside what is reached (`evals.goals`).
"""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.knowledge.embeddings import E5
from bot.knowledge.rerank import Reranker
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.sources import Folder, SourceReading
from bot.knowledge.terms import message_terms
from demo.server import NoServer, embedded_server
from evals import goals
from evals.long_requests import long_table
from storage.db.database import Database, Store
from storage.knowledge import articles, inventory, vectors
from storage.knowledge.passage_search import search_passages
from storage.knowledge.values import Article, Hit, Passage
from storage.text.folding import fold

LANGUAGES = ("en", "vi")
SAMPLE = Path(__file__).parent.parent / "demo" / "articles"
DEPTH = 16  # passages asked for, as the bot does before it knows the language
FULL = 10_000

Ask = Callable[[str, str], Awaitable[list[Hit]]]


@dataclass(frozen=True)
class Question:
    """A question, the source of the passage that answers it, and the half of the set it is in.

    A half holds whole articles, so that no article's questions are in both.
    """

    text: str
    source: str
    half: int = 0


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1; times in milliseconds for one search, as its caller waits for it."""

    database: str
    passages: int
    name: str
    questions: int
    recall_1: float
    recall_3: float
    recall_5: float
    mrr: float
    halves: tuple[float, float]
    p50_ms: float
    p99_ms: float


def main() -> None:
    """Print a table; write it as JSON too where `--out` names a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with xquad_*.jsonl")
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file")
    parser.add_argument("--passages", type=int, default=FULL, help="fill up to this for speed")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--rerank", action="store_true", help="with and without deskhand[rerank]")
    parser.add_argument("--centres", type=Path, help="folder with the text of the help centres")
    parser.add_argument("--long", type=Path, help="folder with the articles of the long requests")
    parser.add_argument("--every", type=int, default=1, help="ask each n-th question only")
    parser.add_argument("--goals", action="store_true", help="messages as people write them, only")
    options = parser.parse_args()
    if all((options.data / f"xquad_{language}_docs.jsonl").exists() for language in LANGUAGES):
        stored = [each for language in LANGUAGES for each in documents(options.data, language)]
        sets = question_sets(options.data)
    else:
        print(f"No xquad_*.jsonl in {options.data}: asking the sample articles by their headings.")
        stored = Folder(SAMPLE).read().articles
        sets = heading_sets(stored)
    if not options.rerank:
        asyncio.run(reached(options, stored))
    if options.goals:
        return
    if options.rerank:
        scores = asyncio.run(reranked(stored, sets))
    else:
        scores = asyncio.run(evaluate(stored, sets, options.passages, sqlite_only=options.sqlite))
    show(scores)
    if options.out:
        options.out.write_text(json.dumps([asdict(score) for score in scores], indent=2) + "\n")


async def reached(options: argparse.Namespace, stored: Sequence[Article]) -> None:
    """Print the goals' table for each database, and what else is asked of articles."""
    full = [*stored, *filling(stored, options.passages)]
    for name, opened in STORES.items():
        if options.sqlite and name != "SQLite":
            continue
        async with opened() as store:
            if store is None:
                continue
            library = KnowledgeSearch(store)
            if (options.data / "xquad_en_docs.jsonl").exists():
                asked_of = {language: asked(options.data, language) for language in LANGUAGES}
                noise = others(options.data)
                await store.write(articles.store_articles, stored, "")
                goals.title(f"{name}, {len(stored)} passages")
                for goal in goals.xquad_goals(asked_of, noise, options.every):
                    goals.show(await goals.reach(library, goal))
                await store.write(articles.store_articles, full, "")
                goals.title(f"{name}, {len(full):,} passages")
                for goal in goals.xquad_goals(asked_of, noise, max(options.every, 12)):
                    goals.show(await goals.reach(library, goal))
            for centre in sorted(options.centres.iterdir()) if options.centres else ():
                await store.write(articles.sync_articles, _for_customers(Folder(centre).read()))
                goals.show(await goals.reach(library, goals.centre_goal(centre.name)))
            await store.write(articles.sync_articles, Folder(SAMPLE).read().articles)
            print(f"{name}, messages to the sample articles")
            print("\n".join(await goals.silence(library)), flush=True)
            if options.long:
                technical = Folder(options.long).read().articles
                await store.write(articles.sync_articles, technical)
                print("\n".join(await long_table(library, technical)), flush=True)


@asynccontextmanager
async def sqlite() -> AsyncIterator[Store | None]:
    """A store of SQLite's with the tables of articles."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/retrieval.db")
        await database.write(articles.create_tables)
        yield database
        await database.close()


@asynccontextmanager
async def postgres() -> AsyncIterator[Store | None]:
    """A store on a PostgreSQL of its own; None, and a word why, where none can be started."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(embedded_server())
        except NoServer as problem:
            print(problem)
            yield None
            return
        database = Database(address)
        await database.write(articles.create_tables)
        yield database
        await database.close()


STORES = {"SQLite": sqlite, "PostgreSQL": postgres}


def others(data: Path) -> dict[str, list[str]]:
    """Sentences of other people, by language: each a question itself."""
    files = {"en": "banking77_train.jsonl", "vi": "massive_vi_5intents.jsonl"}
    return {name: [row["text"] for row in read_lines(data / file)] for name, file in files.items()}


async def evaluate(
    stored: Sequence[Article],
    sets: Sequence[tuple[str, str, list[Question]]],
    size: int,
    *,
    sqlite_only: bool = False,
) -> list[Score]:
    """Ask every question of every set: of the set's own passages, then of a full store."""
    scores = []
    for name in ["SQLite"] if sqlite_only else STORES:
        scores += await _evaluated(name, stored, sets, size)
    return scores


async def _evaluated(
    name: str,
    stored: Sequence[Article],
    sets: Sequence[tuple[str, str, list[Question]]],
    size: int,
) -> list[Score]:
    """As the bot searches: through the store's own threads."""
    scores: list[Score] = []
    async with STORES[name]() as store:
        if store is None:
            return scores

        async def search(question: str, language: str) -> list[Hit]:
            return await store.read(
                search_passages, message_terms(question), language=language, limit=DEPTH
            )

        for filler in ([], filling(stored, size)):
            await store.write(articles.store_articles, [*stored, *filler], "")
            await store.write(_analyzed)
            count = (await store.read(inventory.knowledge_size)).passages
            scores += [await ask(search, name, count, *each) for each in sets]
    return scores


def _analyzed(session: Session) -> None:
    """What a server does by itself, a little later."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


async def reranked(
    stored: Sequence[Article], sets: Sequence[tuple[str, str, list[Question]]]
) -> list[Score]:
    """By words alone and by meaning too, over the set's own passages; reads each of these first."""
    scores = []
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/retrieval.db")
        await database.write(articles.create_tables)
        await database.write(vectors.create_vector_table)
        await database.write(articles.store_articles, stored, "")
        count = (await database.read(inventory.knowledge_size)).passages
        reranker = Reranker(database, E5())
        await reranker.read_passages()
        for name, library in (
            ("words", KnowledgeSearch(database)),
            ("meaning", KnowledgeSearch(database, reranker)),
        ):

            async def search(
                question: str, language: str, library: KnowledgeSearch = library
            ) -> list[Hit]:
                return list(await library.search_articles(question, "", language))

            scores += [await ask(search, name, count, *each) for each in sets]
        await database.close()
    return scores


async def ask(
    search: Ask,
    database: str,
    passages: int,
    name: str,
    language: str,
    questions: Sequence[Question],
) -> Score:
    """Search for every question and note at which place its own passage comes."""
    places, times = [], []
    for question in questions:
        begun = perf_counter()
        hits = await search(question.text, language)
        times.append((perf_counter() - begun) * 1000)
        sources = [hit.passage.source for hit in hits]
        places.append(sources.index(question.source) + 1 if question.source in sources else None)
    halves = [
        [place for place, each in zip(places, questions, strict=True) if each.half == half]
        for half in (0, 1)
    ]
    return Score(
        database=database,
        passages=passages,
        name=name,
        questions=len(questions),
        recall_1=_recall(places, 1),
        recall_3=_recall(places, 3),
        recall_5=_recall(places, 5),
        mrr=mean(1 / place if place else 0.0 for place in places),
        halves=(_recall(halves[0], 3), _recall(halves[1], 3)),
        p50_ms=median(times),
        p99_ms=sorted(times)[int(len(times) * 0.99)],
    )


def _recall(places: Sequence[int | None], depth: int) -> float:
    return mean([place is not None and place <= depth for place in places] or [0])


def _for_customers(reading: SourceReading) -> list[Article]:
    """Articles as customers find them on a public site, also those that search engines may not."""
    return [
        replace(
            each,
            audience="public",
            passages=tuple(replace(passage, audience="public") for passage in each.passages),
        )
        for each in reading.articles
    ]


def heading_sets(stored: Sequence[Article]) -> list[tuple[str, str, list[Question]]]:
    """Every heading of the sample articles as a question, which its own article should answer."""
    asked: dict[str, list[Question]] = {language: [] for language in LANGUAGES}
    for article in stored:
        for passage in article.passages if article.audience == "public" else ():
            words = " ".join((article.title, *passage.heading))
            asked[article.language].append(Question(words, article.source))
    bare = [Question(fold(each.text), each.source) for each in asked["vi"]]
    return [
        ("English", "en", asked["en"]),
        ("Vietnamese", "vi", asked["vi"]),
        ("Vietnamese, no diacritics", "vi", bare),
    ]


def question_sets(data: Path) -> list[tuple[str, str, list[Question]]]:
    """English, Vietnamese, and Vietnamese as it is typed in a hurry."""
    english, vietnamese = (asked(data, language) for language in LANGUAGES)
    bare = [Question(fold(each.text), each.source, each.half) for each in vietnamese]
    return [
        ("English", "en", english),
        ("Vietnamese", "vi", vietnamese),
        ("Vietnamese, no diacritics", "vi", bare),
    ]


def asked(data: Path, language: str) -> list[Question]:
    """The questions of one language."""
    rows = read_lines(data / f"xquad_{language}_queries.jsonl")
    return [
        Question(row["q"], f"{language}/{row['doc']}", int(row["doc"].split("-")[0]) % 2)
        for row in rows
    ]


def documents(data: Path, language: str) -> list[Article]:
    """The passages of one language, each as an article of its own."""
    rows = read_lines(data / f"xquad_{language}_docs.jsonl")
    return [document(f"{language}/{row['id']}", language, row["text"]) for row in rows]


def document(source: str, language: str, body: str) -> Article:
    """An article of one passage and without a title, since these sets have none."""
    passage = Passage(source, "", "", "public", language, (), (body,))
    return Article(source, "", "", "public", language, None, "1", (passage,))


def filling(stored: Sequence[Article], size: int) -> list[Article]:
    """Passages of the same sentences, five in each, so that together they are `size` or so."""
    missing = size - sum(len(article.passages) for article in stored)
    filled = []
    for language in LANGUAGES:
        sentences = [
            sentence
            for article in stored
            if article.language == language
            for passage in article.passages
            for sentence in " ".join(passage.paragraphs).split(". ")
        ]
        for number in range(max(missing, 0) // len(LANGUAGES)):
            chosen = [sentences[(number * 7 + step * 131) % len(sentences)] for step in range(5)]
            filled.append(document(f"filling/{language}/{number}", language, ". ".join(chosen)))
    return filled


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def show(scores: Sequence[Score]) -> None:
    """The table on standard output."""
    print(
        f"{'':11}{'passages':>9}  {'':26}{'n':>4}{'R@1':>7}{'R@3':>7}{'R@5':>7}{'MRR':>7}"
        f"{'R@3 by half':>16}{'p50 ms':>8}{'p99 ms':>8}"
    )
    for score in scores:
        shares = (score.recall_1, score.recall_3, score.recall_5, score.mrr)
        print(
            f"{score.database:11}{score.passages:9,}  {score.name:26}{score.questions:4}"
            + "".join(f"{share:7.3f}" for share in shares)
            + f"{score.halves[0]:9.3f}{score.halves[1]:7.3f}"
            + f"{score.p50_ms:8.2f}{score.p99_ms:8.2f}"
        )


if __name__ == "__main__":
    main()
