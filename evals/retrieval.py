"""How well search finds the right passage: recall and reciprocal rank on parallel question sets.

The Vietnamese questions are asked twice, as written and without their diacritics. Both languages
are stored together, as they are in a desk's own articles.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from storage import articles
from storage.database import Database, Session
from storage.documents import Article, Passage
from storage.folding import fold

LANGUAGES = ("en", "vi")
DEPTH = 16


@dataclass(frozen=True)
class Question:
    """A question and the source of the passage that answers it."""

    text: str
    source: str


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1; times in milliseconds for one search, measured from Python."""

    name: str
    questions: int
    recall_1: float
    recall_3: float
    recall_5: float
    mrr: float
    p50_ms: float
    p99_ms: float


def main() -> None:
    """Print a table; write it as JSON too where `--out` names a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with xquad_*.jsonl")
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file")
    parser.add_argument(
        "--passages", type=int, default=0, help="fill the store up to this size with mixed text"
    )
    options = parser.parse_args()
    if not all((options.data / f"xquad_{language}_docs.jsonl").exists() for language in LANGUAGES):
        print(f"skipped: no xquad_*.jsonl in {options.data}")
        return
    scores = asyncio.run(evaluate(options.data, options.passages))
    show(scores)
    if options.out:
        options.out.write_text(json.dumps([asdict(score) for score in scores], indent=2) + "\n")


async def evaluate(data: Path, size: int = 0) -> list[Score]:
    """Store every passage of the sets, then ask every question of the three sets."""
    stored = [article for language in LANGUAGES for article in documents(data, language)]
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/retrieval.db")
        await database.write(articles.create_tables)
        await database.write(articles.sync, [*stored, *filling(stored, size - len(stored))])
        scores = [
            await database.read(ask, name, language, questions)
            for name, language, questions in question_sets(data)
        ]
        await database.close()
    return scores


def ask(session: Session, name: str, language: str, questions: Sequence[Question]) -> Score:
    """Search for every question and note at which place its own passage comes."""
    places, times = [], []
    for question in questions:
        begun = perf_counter()
        hits = articles.search(session, question.text, language=language, limit=DEPTH)
        times.append((perf_counter() - begun) * 1000)
        sources = [hit.passage.source for hit in hits]
        places.append(sources.index(question.source) + 1 if question.source in sources else None)
    return Score(
        name=name,
        questions=len(questions),
        recall_1=_recall(places, 1),
        recall_3=_recall(places, 3),
        recall_5=_recall(places, 5),
        mrr=mean(1 / place if place else 0.0 for place in places),
        p50_ms=median(times),
        p99_ms=sorted(times)[int(len(times) * 0.99)],
    )


def _recall(places: Sequence[int | None], depth: int) -> float:
    return mean(place is not None and place <= depth for place in places)


def question_sets(data: Path) -> list[tuple[str, str, list[Question]]]:
    """English, Vietnamese, and Vietnamese as it is typed in a hurry."""
    english, vietnamese = (asked(data, language) for language in LANGUAGES)
    bare = [Question(fold(question.text), question.source) for question in vietnamese]
    return [
        ("English", "en", english),
        ("Vietnamese", "vi", vietnamese),
        ("Vietnamese, no diacritics", "vi", bare),
    ]


def asked(data: Path, language: str) -> list[Question]:
    """The questions of one language."""
    rows = read_lines(data / f"xquad_{language}_queries.jsonl")
    return [Question(row["q"], f"{language}/{row['doc']}") for row in rows]


def documents(data: Path, language: str) -> list[Article]:
    """The passages of one language, each as an article of its own."""
    rows = read_lines(data / f"xquad_{language}_docs.jsonl")
    return [document(f"{language}/{row['id']}", language, row["text"]) for row in rows]


def document(source: str, language: str, body: str) -> Article:
    """An article of one passage and without a title, since these sets have none."""
    passage = Passage(source, "", "", "public", language, (), (body,))
    return Article(source, "", "", "public", language, None, "1", (passage,))


def filling(stored: Sequence[Article], count: int) -> list[Article]:
    """Passages of the same words that answer nothing: every fifth sentence of the set, shifted."""
    filled = []
    for language in LANGUAGES:
        own = [article for article in stored if article.language == language]
        sentences = [
            sentence
            for article in own
            for sentence in article.passages[0].paragraphs[0].split(". ")
        ]
        filled += [
            document(f"filling/{language}/{number}", language, ". ".join(chosen))
            for number in range(max(count, 0) // len(LANGUAGES))
            for chosen in [
                [sentences[(number * 7 + step * 131) % len(sentences)] for step in range(5)]
            ]
        ]
    return filled


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def show(scores: Sequence[Score]) -> None:
    """The table on standard output."""
    print(f"{'':26}{'n':>5}{'R@1':>8}{'R@3':>8}{'R@5':>8}{'MRR':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for score in scores:
        shares = (score.recall_1, score.recall_3, score.recall_5, score.mrr)
        print(
            f"{score.name:26}{score.questions:5}"
            + "".join(f"{share:8.4f}" for share in shares)
            + f"{score.p50_ms:9.2f}{score.p99_ms:9.2f}"
        )


if __name__ == "__main__":
    main()
