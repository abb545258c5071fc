"""Sitemaps (sitemaps.org): which pages a website has, and when each was last changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from bot.knowledge.description import read_date

LONGEST_URL = 2_048


@dataclass(frozen=True)
class SitemapPage:
    """A page of a website; `changed_on` where the sitemap says it."""

    url: str
    changed_on: date | None = None


@dataclass
class Sitemap:
    """The pages of a sitemap, and the sitemaps that an index of them names."""

    pages: list[SitemapPage] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


class NoSitemap(ValueError):
    """Bytes that are no sitemap."""


def read_sitemap(data: bytes) -> Sitemap:
    """A sitemap as XML or as a list of lines.

    Raises:
        NoSitemap: it is neither, or declares entities.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Sitemap([SitemapPage(each) for each in _lines(data)])
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.say
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise NoSitemap(str(error)) from None
    if not reading.is_sitemap:
        raise NoSitemap("no sitemap")
    return reading.sitemap


def _lines(data: bytes) -> Iterator[str]:
    for line in data.decode("utf-8-sig", "replace").splitlines():
        if line.strip().startswith(("http://", "https://")):
            yield line.strip()[:LONGEST_URL]


def _refuse(*_declared: object) -> None:
    raise NoSitemap("it declares a document type")


class _Reading:
    def __init__(self) -> None:
        self.sitemap = Sitemap()
        self.is_sitemap = False
        self._said: dict[str, str] = {}
        self._name = ""

    def begin(self, name: str, _attributes: object) -> None:
        self._name = name.rpartition(" ")[2]
        self.is_sitemap = self.is_sitemap or self._name in {"urlset", "sitemapindex"}
        if self._name in {"url", "sitemap"}:
            self._said = {}

    def say(self, text: str) -> None:
        if self._name in {"loc", "lastmod"}:
            self._said[self._name] = (self._said.get(self._name, "") + text)[:LONGEST_URL]

    def end(self, name: str) -> None:
        name, self._name = name.rpartition(" ")[2], ""
        url = self._said.get("loc", "").strip()
        if name == "url" and url:
            changed_on = read_date(self._said.get("lastmod", ""))
            self.sitemap.pages.append(SitemapPage(url, changed_on))
        elif name == "sitemap" and url:
            self.sitemap.sitemaps.append(url)
