"""Web pages, by html-to-markdown: the main part of a page, without its navigation and pictures."""

import html_to_markdown

from bot.readers.document import Document, Reader, Unreadable, told_front
from bot.readers.plain import utf8_text

_BODY_ONLY = html_to_markdown.ConversionOptions(extract_metadata=False, skip_images=True)


def _read(name: str, data: bytes) -> Document:
    html = utf8_text(name, data)
    try:
        head = html_to_markdown.convert(html).metadata.document
        body = html_to_markdown.convert(html, _BODY_ONLY).content
    except html_to_markdown.ConversionError as error:
        raise Unreadable(f"{name}: not a page that can be read ({error})") from None
    if not body or not body.strip():
        raise Unreadable(f"{name}: no text in it", "empty")
    tags = {key.lower(): value for key, value in head.meta_tags.items()}
    said = {"title": head.title, "language": head.language, "url": head.canonical_url}
    return Document(body, told_front({**said, **tags}))


PAGE = Reader("page", (".html", ".htm"), ("text/html",), _read)
# A canvas of Slack's: known by its type alone, for what it is called says nothing.
CANVAS = Reader("canvas", (), ("application/vnd.slack-docs",), _read)
