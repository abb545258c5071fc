"""Files of any kind as Markdown with front matter."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import docx
import html_to_markdown
from docx.opc.exceptions import PackageNotFoundError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bot.knowledge.passages import ArticleError, front_matter
from bot.text.extract import Unreadable, document_text

Front = Mapping[str, str]
# Bytes. A bigger file is more likely a mistake than an article.
LARGEST = 50_000_000
MARKDOWN = (".md", ".markdown")


def convert_file(source: str, suffix: str, data: bytes, notes: bytes = b"") -> tuple[Front, str]:
    """What a file says of itself, and its text as Markdown. Blocks: a large PDF takes seconds.

    `notes` is the Markdown file beside it, which may hold front matter and nothing else; what it
    says counts more than what the file itself says.

    Raises:
        Unreadable: damaged, locked, too big, or without any text.
        ArticleError: the notes hold text that would be lost.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"{source}: larger than {LARGEST // 1_000_000} MB")
    front, text = _CONVERTERS[suffix](source, data)
    return {**front, **_said(source, notes)}, text.replace("\x00", "")


def _said(source: str, notes: bytes) -> Front:
    if not notes:
        return {}
    front, rest = front_matter(document_text(f"{source}.md", ".md", notes))
    if rest.strip():
        raise ArticleError(
            f"{source}.md: expected front matter and nothing else, because it describes {source}"
        )
    return front


def _plain(source: str, data: bytes) -> tuple[Front, str]:
    return {}, document_text(source, ".md", data)


def _page(source: str, data: bytes) -> tuple[Front, str]:
    try:
        html = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{source}: expected text in UTF-8") from None
    try:
        head = html_to_markdown.convert(html).metadata.document
        body = html_to_markdown.convert(html, _BODY_ONLY).content
    except html_to_markdown.ConversionError as error:
        raise Unreadable(f"{source}: not a page that can be read ({error})") from None
    if not body or not body.strip():
        raise Unreadable(f"{source}: no text in it", "empty")
    tags = {key.lower(): value for key, value in head.meta_tags.items()}
    said = {"title": head.title, "language": head.language, "url": head.canonical_url}
    return _told({**said, **tags}), body


def _pdf(source: str, data: bytes) -> tuple[Front, str]:
    text = document_text(source, ".pdf", data)
    try:
        about = PdfReader(BytesIO(data)).metadata
        title = about.title if about else None
    except (PyPdfError, KeyError, TypeError, ValueError):
        title = None
    return _told({"title": title}), text


def _word(source: str, data: bytes) -> tuple[Front, str]:
    text = document_text(source, ".docx", data)
    try:
        about = docx.Document(BytesIO(data)).core_properties
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError):
        return {}, text
    return _told({"title": about.title, "language": about.language}), text


def _told(said: Mapping[str, Any]) -> Front:
    """What is said at all. A language may come with its country: vi-VN."""
    front = {key: str(value).strip() for key, value in said.items() if value}
    if language := front.get("language"):
        front["language"] = language.replace("_", "-").split("-")[0].lower()
    return {key: value for key, value in front.items() if value}


_BODY_ONLY = html_to_markdown.ConversionOptions(extract_metadata=False, skip_images=True)
_CONVERTERS: Mapping[str, Callable[[str, bytes], tuple[Front, str]]] = {
    ".md": _plain,
    ".markdown": _plain,
    ".txt": _plain,
    ".html": _page,
    ".htm": _page,
    ".pdf": _pdf,
    ".docx": _word,
}
KINDS = frozenset(_CONVERTERS)
