"""Web pages, by html-to-markdown: the main part of a page, without its navigation and pictures."""

import html_to_markdown

from bot.readers.decoding import decode_text
from bot.readers.document import CannotRead, Document, told_front
from bot.readers.page_parts import page_parts
from bot.readers.reader_limits import ReaderLimits

_BODY_ONLY = html_to_markdown.ConversionOptions(extract_metadata=False, skip_images=True)


def read_page(data: bytes, _limits: ReaderLimits) -> Document:
    """The text of a page and what its head says."""
    html = decode_text(data, page=True)
    try:
        head = html_to_markdown.convert(html).metadata.document
        parts = page_parts(html)
        body = html_to_markdown.convert(parts.content if parts else html, _BODY_ONLY).content
    except html_to_markdown.ConversionError as error:
        raise CannotRead("damaged", error) from None
    tags = parts.tags if parts else {key.lower(): value for key, value in head.meta_tags.items()}
    said = {"title": head.title, "language": head.language, "url": head.canonical_url}
    front = told_front({**said, **tags})
    if "audience" in tags:
        # Said and empty is not the same as not said.
        front = {**front, "audience": tags["audience"]}
    around = {"navigation": parts.around} if parts and parts.around else {}
    return Document(body or "", front, around)
