"""An approved draft as a file of the knowledge folder: written whole, and once.

Where the folder cannot be written, the same file is read as if it stood there.
"""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bot.knowledge.convert import convert_file
from bot.knowledge.front_matter import dump_front_matter
from bot.knowledge.passages import read_article
from bot.knowledge.sources import Folder
from bot.text.language import language_code
from storage.knowledge.values import Article
from storage.nightly.article_drafts import ArticleDraft
from storage.text.folding import fold, words

FOLDER = "from-tickets"
LONGEST_NAME = 60


def source_of(article_draft: ArticleDraft) -> str:
    """Where the article stands within the knowledge folder; never another one's place."""
    slug = fold("-".join(words(article_draft.title)))[:LONGEST_NAME].strip("-") or "article"
    return f"{FOLDER}/{article_draft.number}-{slug}.md"


def article_text(article_draft: ArticleDraft) -> str:
    """The file: front matter, a heading, and what was approved.

    An audience or a language that is none is not written as one.
    """
    front = {
        "title": _one_line(article_draft.title),
        "audience": "public" if article_draft.audience == "public" else "agents",
        "language": language_code(article_draft.language),
        "reviewed-on": article_draft.reviewed_on.isoformat(),
        "ticket": f"T-{article_draft.ticket_id}",
        "article-draft": str(article_draft.number),
    }
    heading = _one_line(article_draft.title)
    return f"{dump_front_matter(front)}\n# {heading}\n\n{article_draft.body.strip()}\n"


def write_article(folder: Path, article_draft: ArticleDraft) -> str:
    """Write the article unless it stands there; answers its place within the folder.

    A file that is there was written before a crash, and may have been edited since: it stays.

    Raises:
        OSError: the folder cannot be written.
    """
    source = source_of(article_draft)
    path = folder / source
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.tmp")
        with unfinished.open("w", encoding="utf-8") as written:
            written.write(article_text(article_draft))
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(path)
    return source


def article_of(article_draft: ArticleDraft) -> Article:
    """The article that the file would be read as."""
    source, data = source_of(article_draft), article_text(article_draft).encode()
    article = read_article(source, convert_file(source, data).text)
    return replace(article, content_hash=sha256(data).hexdigest())


def published_origin(folder: Path) -> str:
    """What articles without a file are filed under: where their files would stand."""
    return Folder(folder / FOLDER).origin


def _one_line(title: str) -> str:
    return " ".join(title.split())
