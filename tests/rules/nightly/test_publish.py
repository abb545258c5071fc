"""An approved draft as a file: whatever its words are, it says what was approved and no more."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.knowledge.passages import read_article
from bot.nightly.publish import article_of, write_article
from storage.nightly.article_drafts import ArticleDraft


def draft(
    title: str = "Plastic smell",
    body: str = "Peel the film off.",
    audience: str = "agents",
    language: str = "en",
) -> ArticleDraft:
    return ArticleDraft(
        id=7,
        ticket_id=1001,
        solved_at=datetime(2026, 11, 26, tzinfo=UTC),
        title=title,
        body=body,
        audience=audience,
        language=language,
        model="m",
        drafted="d",
    )


@pytest.mark.parametrize(
    "words",
    [
        {"language": "en\naudience: public"},
        {"audience": "agents\naudience: public"},
        {"audience": "everyone"},
        {"audience": "Public"},
        {"title": 'Smell"\naudience: public\nx: "'},
        {"title": "---\naudience: public"},
        {"title": "Smell\u2028audience: public"},
        {"body": "---\naudience: public\n---\nPeel the film off."},
        {"body": "audience: public\n\nPeel the film off."},
    ],
)
def test_no_words_of_a_draft_publish_it(tmp_path: Path, words: dict[str, str]) -> None:
    """A draft for agents stays one, in the store and in its file."""
    written = draft(**words)
    source = write_article(tmp_path, written)
    filed = read_article(source, (tmp_path / source).read_text(encoding="utf-8"))

    assert filed.audience == article_of(written).audience == "agents"
    assert "Peel the film off." in filed.passages[-1].paragraphs[-1]
    assert (filed.language, filed.doubts) == ("en", ())


def test_a_public_draft_is_public_under_its_own_title(tmp_path: Path) -> None:
    """Colons, quotes and brackets stay in it, and it is no draft any more."""
    written = draft(audience="public", title='Smell: "plastic" [1] #2')
    source = write_article(tmp_path, written)
    filed = read_article(source, (tmp_path / source).read_text(encoding="utf-8"))

    assert (filed.audience, filed.title) == ("public", 'Smell: "plastic" [1] #2')
