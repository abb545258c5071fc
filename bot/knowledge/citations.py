"""A source that an answer cites, and how sources are told apart."""

from collections.abc import Sequence

from bot.values import Frozen
from storage.knowledge.values import Passage


class CitedArticle(Frozen):
    """An article that the answer cites."""

    title: str
    url: str | None = None
    source: str


def sources_of(passages: Sequence[Passage]) -> tuple[CitedArticle, ...]:
    """The articles of some passages, each once, in their order."""
    found: dict[str, CitedArticle] = {}
    for passage in passages:
        found.setdefault(
            passage.source,
            CitedArticle(title=passage.title, url=passage.url or None, source=passage.source),
        )
    return tuple(found.values())


def passage_texts(passage: Passage) -> tuple[str, ...]:
    """Everything a passage says, its title, headings and address included."""
    return (passage.title, *passage.heading, *passage.paragraphs, passage.url)
