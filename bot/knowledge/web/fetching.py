"""Pages fetched politely and within limits, each connection to an address that was checked."""

import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import httpcore2

from bot.knowledge.web.network_addresses import AddressRules, ForbiddenAddress, Place

AGENT = "deskhand"
REDIRECTS = 5
# Seconds: for a connection or the next bytes, and for a page as a whole.
PATIENCE = 10.0
WHOLE = 60.0
LARGEST = 10_000_000  # bytes of a page, as they come and when they are unpacked


class NotFetched(Exception):
    """A page that did not come; the sentence says why.

    `answered` is whether the server said so: what it does not say may be otherwise soon.
    """

    def __init__(self, why: str, *, answered: bool) -> None:
        super().__init__(why)
        self.answered = answered


@dataclass(frozen=True)
class FetchedPage:
    """What came from a URL; `headers` have small letters. Status 304 comes without a body."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class _CheckedBackend(httpcore2.SyncBackend):
    """Connects to addresses that were checked, so that no name can lead elsewhere afterwards."""

    def __init__(self, rules: AddressRules) -> None:
        self._rules = rules

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        failed: Exception = ForbiddenAddress(f"{host}: has no address")
        for address in self._rules.addresses(host, port):
            try:
                return super().connect_tcp(address, port, *args, **kwargs)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed


class PageFetcher:
    """Fetches pages of one host. It waits `delay` seconds between two requests.

    No proxy is asked and no cookie kept; redirects are followed within the host.
    """

    def __init__(self, rules: AddressRules, host: str, *, delay: float = 0) -> None:
        self.delay = delay
        self._rules = rules
        self._host = host
        self._pool = httpcore2.ConnectionPool(
            max_connections=1, keepalive_expiry=30, network_backend=_CheckedBackend(rules)
        )
        self._last = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.close()

    def fetch(self, url: str, validators: Mapping[str, str] | None = None) -> FetchedPage:
        """The page at a URL, or at where it leads within the host.

        Raises:
            NotFetched: it did not come, was too large or took too long, or leads elsewhere.
        """
        for _ in range(REDIRECTS + 1):
            page = self._fetched(url, validators or {})
            if page.status not in {301, 302, 303, 307, 308}:
                return page
            url = self._followed(url, page.headers.get("location", ""))
        raise NotFetched("leads in a circle", answered=True)

    def _followed(self, url: str, location: str) -> str:
        target = urljoin(url, location).partition("#")[0]
        before, after = self._place(url), self._place(target)
        if after.host != self._host:
            raise NotFetched(f"leads to another host, {after.host}", answered=True)
        if before.scheme == "https" and after.scheme == "http":
            raise NotFetched("leads from https to http", answered=True)
        return target

    def _place(self, url: str) -> Place:
        try:
            return self._rules.place(url)
        except ForbiddenAddress as error:
            raise NotFetched(str(error), answered=True) from None

    def _fetched(self, url: str, validators: Mapping[str, str]) -> FetchedPage:
        self._place(url)
        time.sleep(max(self._last + self.delay - time.monotonic(), 0))
        headers = {
            "User-Agent": f"{AGENT} (support desk; reads articles)",
            "Accept": "text/html, text/markdown, text/plain, application/pdf, application/xml",
            "Accept-Encoding": "gzip",
            **validators,
        }
        wait = dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE)
        try:
            with self._pool.stream(
                "GET", url, headers=list(headers.items()), extensions={"timeout": wait}
            ) as response:
                told = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                body = _body(response.iter_stream(), told) if response.status == 200 else b""
                return FetchedPage(url, response.status, told, body)
        except ForbiddenAddress as error:
            raise NotFetched(str(error), answered=True) from None
        except (httpcore2.TimeoutException, TimeoutError):
            raise NotFetched("took too long", answered=False) from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            raise NotFetched(f"could not be reached ({error})", answered=False) from None
        finally:
            self._last = time.monotonic()


def unpacked(data: bytes) -> bytes:
    """What gzip packed, up to `LARGEST` bytes.

    Raises:
        NotFetched: it is larger, or damaged.
    """
    unpacking = zlib.decompressobj(wbits=31)
    try:
        body = unpacking.decompress(data, LARGEST + 1)
    except zlib.error:
        raise NotFetched("came damaged", answered=True) from None
    if len(body) > LARGEST:
        raise NotFetched("is too large", answered=True)
    return body


def _body(chunks: Iterable[bytes], headers: Mapping[str, str]) -> bytes:
    """All that comes, within size and time; a slow trickle is given up as well."""
    end, body = time.monotonic() + WHOLE, bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > LARGEST:
            raise NotFetched("is too large", answered=True)
        if time.monotonic() > end:
            raise NotFetched("took too long", answered=False)
    packed = headers.get("content-encoding", "").lower() in {"gzip", "x-gzip"}
    return unpacked(bytes(body)) if packed else bytes(body)
