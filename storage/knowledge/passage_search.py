"""The passages that fit what is asked, best first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from storage.knowledge import fusion, index, ranking, respelling, word_counts
from storage.knowledge.query import Terms, together
from storage.knowledge.ranking import PassageScore
from storage.knowledge.stored_passages import VISIBLE, passage_in, read_rows
from storage.knowledge.values import Audience, Hit
from storage.knowledge.words import PreparedWords
from storage.text.folding import words

OWN_LANGUAGE = 1.2  # how much more a passage in the customer's language is worth
SHORTLIST = 32  # passages read for each part of a question, unless more are asked for
MOST_READ = 32  # passages read for all of its parts
# Up to so many passages in the store there is time to read more of them: of long questions 94 find
# an article among 16, instead of 89 of a hundred (docs/benchmarks.md).
FEW_STORED = 4_000
LONG_SHORTLIST = 48
MOST_READ_OF_FEW = 96
NAMES = 1_000  # titles with headings whose words need not be counted again
ASKED = 3  # passages read for a question while one is read for what is merely told


def search_passages(
    session: Session,
    parts: Sequence[Terms],
    *,
    language: str | None,
    audience: Audience = "public",
    limit: int = 5,
) -> list[Hit]:
    """The passages that fit any part of a message, best first; none when nothing fits.

    Only an `agents` search sees articles for agents. Passages in `language` are preferred a little,
    where a language is given.
    """
    if not parts:
        return []
    asked = together(parts)
    common = word_counts.word_occurrences(session, asked.every)
    meant = respelling.respelled(session, parts, common)
    if meant != list(parts):
        parts, asked = meant, together(meant)
        common = word_counts.word_occurrences(session, asked.every)
    weights = ranking.weigh_terms(asked, common)
    parts = ranking.heaviest(parts, weights)
    searched = parts if len(parts) == 1 else [*parts, asked]
    postings = index.index(session).postings(session, *ranking.rarest_terms(parts, weights, common))
    lists = [ranking.shortlist_passages(each, weights, postings) for each in searched]
    few = common.get(word_counts.ALL, ranking.NOWHERE).folded <= FEW_STORED
    shortlist = LONG_SHORTLIST if few else SHORTLIST
    most_read = MOST_READ_OF_FEW if few else MOST_READ
    most = max(limit, shortlist if len(parts) == 1 else most_read)
    turns = fusion.in_turns(lists, [ASKED if part.question else 1 for part in searched])
    rows = {row.id: row for row in read_rows(session, turns, VISIBLE[audience], most)}
    judged = ranking.score_passages(
        searched,
        weights,
        common,
        {key: _prepared(row) for key, row in rows.items()},
        [[key for key in ranked if key in rows][:shortlist] for ranked in lists],
    )
    found = _fused(rows, parts, judged)
    best = sorted(
        found, key=lambda key: (-found[key].score * _worth(rows[key].language, language), key)
    )
    return [
        Hit(passage_in(rows[key]), key, found[key].score, found[key].coverage)
        for key in best[:limit]
    ]


def prefer_language(hits: Iterable[Hit], language: str | None) -> list[Hit]:
    """Hits best first for a customer of this language; their scores stay as they are."""
    return sorted(
        hits,
        key=lambda hit: (-hit.score * _worth(hit.passage.language, language), hit.passage_id),
    )


def _prepared(row: Row[Any]) -> PreparedWords:
    return PreparedWords(row.stemmed, row.folded, _names(row.title, row.heading))


@lru_cache(maxsize=NAMES)
def _names(title: str, heading: str) -> int:
    """How many words a passage's title and its headings, a list in JSON, are."""
    return len(words(" ".join((title, *json.loads(heading)))))


def _fused(
    rows: Mapping[int, Row[Any]],
    parts: Sequence[Terms],
    judged: Sequence[Mapping[int, PassageScore]],
) -> Mapping[int, PassageScore]:
    weights = [1.0 if each.question else fusion.STATED for each in parts]
    fused = fusion.fused(judged[: len(parts)], weights, judged[len(parts) :])
    return fusion.spread(fused, {key: row.source for key, row in rows.items()})


def _worth(language: str, wanted: str | None) -> float:
    return OWN_LANGUAGE if language == wanted else 1.0
