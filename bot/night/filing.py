"""An approved draft as a file of the knowledge folder: written whole, and once.

Where the folder cannot be written, the same file is read as if it stood there.
"""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bot.converting import converted
from bot.knowledge import article
from bot.shelving import Folder
from storage.documents import Article
from storage.folding import fold, words
from storage.manuscripts import Manuscript

FOLDER = "from-tickets"
LONGEST_NAME = 60


def source_of(manuscript: Manuscript) -> str:
    """Where the article stands within the knowledge folder; never another one's place."""
    slug = fold("-".join(words(manuscript.title)))[:LONGEST_NAME].strip("-") or "article"
    return f"{FOLDER}/{manuscript.number}-{slug}.md"


def article_text(manuscript: Manuscript) -> str:
    """The file: front matter, a heading, and what was approved."""
    front = {
        "title": f'"{_one_line(manuscript.title)}"',
        "audience": manuscript.audience,
        "language": manuscript.language,
        "reviewed": manuscript.reviewed_on.isoformat(),
        "ticket": f"T-{manuscript.ticket_id}",
        "draft": str(manuscript.number),
    }
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    return f"---\n{lines}---\n\n# {_one_line(manuscript.title)}\n\n{manuscript.body.strip()}\n"


def file(folder: Path, manuscript: Manuscript) -> str:
    """Write the article unless it stands there; answers its place within the folder.

    A file that is there was written before a crash, and may have been edited since: it stays.

    Raises:
        OSError: the folder cannot be written.
    """
    source = source_of(manuscript)
    path = folder / source
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.tmp")
        with unfinished.open("w", encoding="utf-8") as written:
            written.write(article_text(manuscript))
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(path)
    return source


def read(manuscript: Manuscript) -> Article:
    """The article that the file would be read as."""
    source, data = source_of(manuscript), article_text(manuscript).encode()
    front, text = converted(source, Path(source).suffix, data, b"")
    return replace(article(source, text, front), content_hash=sha256(data).hexdigest())


def origin(folder: Path) -> str:
    """What articles without a file are filed under: where their files would stand."""
    return Folder(folder / FOLDER).origin


def _one_line(title: str) -> str:
    """A title that no reader of front matter can misread."""
    return " ".join(title.replace('"', "'").replace("\\", "/").split())
