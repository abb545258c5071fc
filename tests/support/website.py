"""A website on this machine, whose pages a test changes as it likes."""

import gzip
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What a path is answered with."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    validates: bool = True


class LocalWebsite:
    """Answers by path; `asked` are the requests, each with the validators that came with it."""

    def __init__(self, host: str, port: int) -> None:
        self.host = f"{host}:{port}"
        self.url = f"http://{self.host}"
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, bool]] = []

    def page(self, path: str, text: str, head: str = "", **headers: str) -> None:
        """Put a page there."""
        html = f"<html><head>{head}</head><body><main>{text}</main></body></html>"
        self.answers[path] = Answer(html.encode(), headers={"Content-Type": "text/html", **headers})

    def sitemap(self, *paths: str, at: str = "/sitemap.xml", packed: bool = False) -> None:
        """Put a sitemap of these paths there, or of these addresses."""
        urls = (path if "://" in path else f"{self.url}{path}" for path in paths)
        rows = "".join(f"<url><loc>{url}</loc><lastmod>2026-10-01</lastmod></url>" for url in urls)
        text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
        self.answers[at] = Answer(gzip.compress(text.encode()) if packed else text.encode())

    def paths(self) -> list[str]:
        """What was asked for, robots.txt and sitemaps left out."""
        aside = ("/robots.txt", "/sitemap")
        return [path for path, _ in self.asked if not path.startswith(aside)]


@contextmanager
def local_website(host: str = "127.0.0.1") -> Iterator[LocalWebsite]:
    """A website that listens until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known = self.headers.get("If-None-Match")
            site.asked.append((self.path, known is not None))
            answer = site.answers.get(self.path, Answer(status=404))
            time.sleep(answer.wait)
            tag = f'"{sha256(answer.body).hexdigest()[:16]}"'
            same = answer.validates and known == tag
            self.send_response(304 if same else answer.status)
            if answer.validates and answer.status == 200:
                self.send_header("ETag", tag)
                self.send_header("Last-Modified", formatdate(0, usegmt=True))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            body = b"" if same else answer.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    site = LocalWebsite(host, server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
