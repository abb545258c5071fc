"""A website as a source: the pages of its sitemap, or those that the desk lists."""

import json
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

import structlog
from protego import Protego

from bot.knowledge.convert import convert_document
from bot.knowledge.description import Description, describe, over
from bot.knowledge.passages import CUT_VERSION, LeftOut, read_article
from bot.knowledge.sources import SourceMissing, SourceProgress, SourceReading
from bot.knowledge.web.fetching import AGENT, FetchedPage, NotFetched, PageFetcher, unpacked
from bot.knowledge.web.network_addresses import AddressRules, ForbiddenAddress
from bot.knowledge.web.sitemap import NoSitemap, Sitemap, SitemapPage, read_sitemap
from bot.readers.pool import ReaderPool, shared_pool
from bot.readers.unreadable import Unreadable
from storage.knowledge.values import Article, Audience, UnreadArticle

SITEMAPS = 50  # read of a website, those that an index names included
ROBOTS = 500_000  # bytes of robots.txt that are read (RFC 9309)
LONGEST_DELAY = 10.0  # seconds between two pages that robots.txt may ask for
GONE = frozenset((404, 410))
CLOSED = frozenset((401, 403, 407, 451))

log = structlog.get_logger("knowledge")


@dataclass(frozen=True)
class Website:
    """The pages below `url`, or those of `pages`, which are all of one host.

    It is read again every `minutes`, at most `most` pages, with `delay` seconds between two.
    """

    url: str
    pages: tuple[str, ...] = ()
    audience: Audience = "public"
    most: int = 2_000
    minutes: int = 60
    delay: float = 0.5
    rules: AddressRules = field(default_factory=AddressRules)
    readers: ReaderPool = field(default_factory=shared_pool, compare=False, repr=False)

    @property
    def name(self) -> str:
        return self.url

    @property
    def origin(self) -> str:
        return self.url

    def state(self) -> Hashable:
        """Something that changes every so many minutes, and with the day."""
        return int(time.time() // (self.minutes * 60)), datetime.now(UTC).date()

    def read(
        self, known: Mapping[str, str] | None = None, progress: SourceProgress | None = None
    ) -> SourceReading:
        """As `ArticleSource.read`; pages that its robots.txt keeps back are passed over.

        Raises:
            SourceMissing: it cannot be reached, or has no sitemap.
        """
        try:
            place = self.rules.place(self.url)
            with PageFetcher(self.rules, place.host, delay=self.delay) as fetcher:
                return _Crawl(self, fetcher, place.host, known or {}, progress).read()
        except (ForbiddenAddress, NotFetched) as error:
            raise SourceMissing(f"{self.url}: {str(error).removeprefix(f'{self.url}: ')}") from None


class _Crawl:
    def __init__(
        self,
        site: Website,
        fetcher: PageFetcher,
        host: str,
        known: Mapping[str, str],
        progress: SourceProgress | None,
    ) -> None:
        self._site = site
        self._fetcher = fetcher
        self._host = host
        self._known = known
        self._progress = progress
        self._reading = SourceReading()
        self._robots = Protego.parse("")

    def read(self) -> SourceReading:
        self._robots = self._rules()
        asked = self._robots.crawl_delay(AGENT) or 0
        self._fetcher.delay = max(self._fetcher.delay, min(float(asked), LONGEST_DELAY))
        pages = self._allowed(list(self._listed()))
        for number, page in enumerate(pages, start=1):
            if self._progress:
                self._progress(page.url, number, len(pages))
            self._page(page)
        return self._reading

    def _rules(self) -> Protego:
        """What robots.txt says; a website that cannot say it is not read (RFC 9309, 2.3.1)."""
        page = self._fetcher.fetch(self._at("/robots.txt"))
        if page.status >= 500 or page.status == 429:
            raise NotFetched(f"robots.txt cannot be read ({page.status})", answered=False)
        text = page.body[:ROBOTS].decode("utf-8-sig", "replace") if page.status == 200 else ""
        return Protego.parse(text)

    def _listed(self) -> Iterator[SitemapPage]:
        """The pages that the desk lists, or else those of the sitemaps, each once."""
        if self._site.pages:
            yield from (SitemapPage(url) for url in dict.fromkeys(self._site.pages))
            return
        waiting, seen, found = self._sitemaps(), set[str](), False
        while waiting and len(seen) < SITEMAPS:
            url = waiting.pop(0)
            if url in seen or not self._ours(url):
                continue
            seen.add(url)
            if sitemap := self._sitemap(url):
                found = True
                waiting += sitemap.sitemaps
                yield from sitemap.pages
        if not found:
            raise NotFetched("has no sitemap; list its pages", answered=True)

    def _sitemaps(self) -> list[str]:
        path = urlsplit(self._site.url).path
        if path.endswith((".xml", ".xml.gz", ".txt")):
            return [self._site.url]
        return [*self._robots.sitemaps, self._at("/sitemap.xml"), self._at("/sitemap_index.xml")]

    def _sitemap(self, url: str) -> Sitemap | None:
        page = self._fetcher.fetch(url)
        if page.status != 200:
            return None
        try:
            body = unpacked(page.body) if page.body.startswith(b"\x1f\x8b") else page.body
            return read_sitemap(body)
        except NoSitemap as error:
            self._unread(_source(url), f"is no sitemap ({error})")
            return None

    def _allowed(self, pages: Sequence[SitemapPage]) -> list[SitemapPage]:
        """Those of this host and below the address, that robots.txt keeps back from nobody."""
        allowed: dict[str, SitemapPage] = {}
        for page in pages:
            if not self._ours(page.url) or not (self._site.pages or self._below(page.url)):
                self._reading.left_out["elsewhere"] += 1
            elif not self._robots.can_fetch(page.url, AGENT):
                self._reading.left_out["robots.txt"] += 1
            elif len(allowed) >= self._site.most:
                self._reading.left_out["too many pages"] += 1
            else:
                allowed.setdefault(_source(page.url), page)
        return list(allowed.values())

    def _page(self, page: SitemapPage) -> None:
        source = _source(page.url)
        try:
            fetched = self._fetcher.fetch(page.url, _validators(self._known.get(source)))
            self._read_page(source, page, fetched)
        except LeftOut as reason:
            self._reading.left_out[str(reason)] += 1
        except NotFetched as error:
            self._unread(source, str(error), stands=not error.answered)
        except Unreadable as error:
            self._unread(source, str(error).removeprefix(f"{source}: "))
        except Exception:
            log.exception("page not read", source=source)
            self._unread(source, "cannot be read")

    def _read_page(self, source: str, page: SitemapPage, fetched: FetchedPage) -> None:
        if fetched.status == 304:
            self._reading.kept.append(source)
        elif fetched.status in GONE:
            raise LeftOut("gone")
        elif fetched.status in CLOSED:
            raise NotFetched(f"is closed ({fetched.status})", answered=True)
        elif fetched.status != 200:
            raise NotFetched(f"the server answers {fetched.status}", answered=False)
        elif "noindex" in fetched.headers.get("x-robots-tag", "").lower():
            raise LeftOut("noindex")
        elif _same(self._known.get(source), fetched.body):
            self._reading.kept.append(source)
        else:
            self._reading.articles.append(self._article(source, page, fetched))

    def _article(self, source: str, page: SitemapPage, fetched: FetchedPage) -> Article:
        today = datetime.now(UTC).date()
        media_type, _, parameters = fetched.headers.get("content-type", "").partition(";")
        body = _decoded(fetched.body, parameters)
        # What a page is says its type: many addresses end in nothing, or in something else.
        readers = self._site.readers
        converted = convert_document("", source, body, media_type.strip().lower(), readers)
        properties = describe(converted.properties, today)
        if "noindex" in converted.properties.first("robots").lower():
            raise LeftOut("noindex")
        ours = Description(
            url=fetched.url, audience=self._site.audience, updated_on=page.changed_on
        )
        below = over(replace(properties, url=""), ours)
        article = read_article(source, converted.text, below, today=today)
        if not article.passages:
            raise LeftOut("no text")
        left_out = Counter(converted.left_out) + Counter(article.left_out)
        return replace(article, content_hash=_hash(fetched), left_out=left_out)

    def _unread(self, source: str, why: str, *, stands: bool = False) -> None:
        self._reading.unread.append(UnreadArticle(source, why, kept=stands))

    def _at(self, path: str) -> str:
        parts = urlsplit(self._site.url)
        return f"{parts.scheme}://{parts.netloc}{path}"

    def _ours(self, url: str) -> bool:
        try:
            return self._site.rules.place(url).host == self._host
        except ForbiddenAddress:
            return False

    def _below(self, url: str) -> bool:
        root = urlsplit(self._site.url).path
        folder = "/" if root.endswith((".xml", ".gz", ".txt")) else root.rstrip("/") + "/"
        return f"{urlsplit(url).path.rstrip('/')}/".startswith(folder)


def _source(url: str) -> str:
    """What the article of a page is called: its address without the scheme."""
    parts = urlsplit(url)
    return (
        f"{parts.netloc.lower()}{parts.path.rstrip('/')}{f'?{parts.query}' if parts.query else ''}"
    )


def _hash(fetched: FetchedPage) -> str:
    """What changes when a page does, with what its server wants to hear when it is asked again."""
    headers = fetched.headers
    said = {
        "etag": headers.get("etag", "")[:200],
        "modified": headers.get("last-modified", "")[:60],
    }
    return json.dumps({"cut": CUT_VERSION, "sha": sha256(fetched.body).hexdigest(), **said})


def _validators(content_hash: str | None) -> Mapping[str, str]:
    """The headers of a conditional request; none where the passages are cut anew."""
    before = _before(content_hash)
    names = {"If-None-Match": "etag", "If-Modified-Since": "modified"}
    return {name: before[key] for name, key in names.items() if before.get(key)}


def _same(content_hash: str | None, body: bytes) -> bool:
    return _before(content_hash).get("sha") == sha256(body).hexdigest()


def _before(content_hash: str | None) -> Mapping[str, str]:
    try:
        before = json.loads(content_hash or "{}")
    except ValueError:
        return {}
    return before if isinstance(before, dict) and before.get("cut") == CUT_VERSION else {}


def _decoded(body: bytes, parameters: str) -> bytes:
    """A body whose encoding its header says, as UTF-8 that says so itself."""
    name = parameters.lower().partition("charset=")[2].strip("\"' ;")
    if not name or name in {"utf-8", "utf8"} or body.startswith(b"%PDF-"):
        return body
    try:
        return b"\xef\xbb\xbf" + body.decode(name).encode()
    except (LookupError, UnicodeDecodeError, ValueError):
        return body
