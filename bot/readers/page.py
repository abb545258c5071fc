"""Web pages, by html-to-markdown: the main part of a page, without its navigation and pictures."""

import re
from html.parser import HTMLParser

import html_to_markdown

from bot.readers.decoding import decode_text
from bot.readers.document import REMARKS, CannotRead, Document, told_front
from bot.readers.page_parts import page_parts
from bot.readers.reader_limits import ReaderLimits

_BODY_ONLY = html_to_markdown.ConversionOptions(extract_metadata=False, skip_images=True)


# A text that has less than this of the letters of its page has lost some of them.
ENOUGH = 0.5
UNSEEN = frozenset(("script", "style", "template", "title", "noscript"))
_XML = re.compile(r"\A\s*<\?xml\b[^>]*>")
# Jekyll and Eleventy make pages of HTML too, which begin with front matter.
_FRONT = re.compile(r"\A\s*---[ \t]*\n.*?^---[ \t]*\n", re.DOTALL | re.MULTILINE)


def read_page(data: bytes, _limits: ReaderLimits) -> Document:
    """The text of a page below its front matter, and what its head and its comments say."""
    whole = decode_text(data, page=True).replace("\r\n", "\n").replace("\r", "\n")
    own = found[0] if (found := _FRONT.match(whole)) else ""
    # A text whose encoding is said within it is none that lxml takes: XHTML begins so.
    html = _XML.sub("", whole[len(own) :])
    try:
        head = html_to_markdown.convert(html).metadata.document
        parts = page_parts(html)
        converted = html_to_markdown.convert(parts.content if parts else html, _BODY_ONLY).content
    except html_to_markdown.ConversionError as error:
        raise CannotRead("damaged", error) from None
    body = converted or ""
    words = parts.words if parts and parts.words else ""
    if len(body) < len(words) * ENOUGH or not body.strip():
        # Elements nested deeper than the parsers go: their words are had without their form.
        body = words or _Words(html).said
    tags = parts.tags if parts else {key.lower(): value for key, value in head.meta_tags.items()}
    said = {"title": head.title, "language": head.language, "url": head.canonical_url}
    front = told_front({**said, **tags})
    if "audience" in tags:
        # Said and empty is not the same as not said.
        front = {**front, "audience": tags["audience"]}
    if parts and parts.remarks:
        front = {**front, REMARKS: "\n".join(parts.remarks)}
    around = {"navigation": parts.around} if parts and parts.around else {}
    return Document(own + body, front, around)


class _Words(HTMLParser):
    """The words of a page however deep they stand: this parser builds no tree."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._unseen = 0
        self._parts: list[str] = []
        self.feed(html)
        self.close()

    @property
    def said(self) -> str:
        """All of them, a space between two."""
        return " ".join(" ".join(self._parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(self._unseen - (tag in UNSEEN), 0)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(data)
