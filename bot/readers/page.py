"""Web pages, by html-to-markdown: the main part of a page, without its navigation and pictures."""

import re

import html_to_markdown

from bot.readers.decoding import decode_text
from bot.readers.document import REMARKS, CannotRead, Document, told_front
from bot.readers.page_parts import page_parts
from bot.readers.reader_limits import ReaderLimits

_BODY_ONLY = html_to_markdown.ConversionOptions(extract_metadata=False, skip_images=True)


# Jekyll and Eleventy make pages of HTML too, which begin with front matter.
_FRONT = re.compile(r"\A\s*---[ \t]*\n.*?^---[ \t]*\n", re.DOTALL | re.MULTILINE)


def read_page(data: bytes, _limits: ReaderLimits) -> Document:
    """The text of a page below its front matter, and what its head and its comments say."""
    whole = decode_text(data, page=True).replace("\r\n", "\n").replace("\r", "\n")
    own = found[0] if (found := _FRONT.match(whole)) else ""
    html = whole[len(own) :]
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
    if parts and parts.remarks:
        front = {**front, REMARKS: "\n".join(parts.remarks)}
    around = {"navigation": parts.around} if parts and parts.around else {}
    return Document(own + (body or ""), front, around)
