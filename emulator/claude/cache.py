"""The prompt cache: which prefix of a request is already there, and what it writes.

A prefix is the text of all blocks up to a `cache_control` breakpoint, in the order tools, system,
messages; model, thinking, effort and output format are part of its key. An entry lives 5 minutes
or 1 hour from its last use. Prefixes under the model's minimum are silently not cached.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from emulator.claude.errors import Json
from emulator.claude.models import Model
from emulator.claude.tokens import Piece, pieces
from emulator.claude.wire import dumps

LIFETIMES = {"5m": 300.0, "1h": 3600.0}


@dataclass(frozen=True)
class _Breakpoint:
    key: bytes
    tokens: int
    ttl: str


@dataclass(frozen=True)
class Plan:
    """How the input of one request divides: fresh, read from the cache, written to it."""

    fresh: int
    read: int
    written: dict[str, int]
    entries: tuple[_Breakpoint, ...]

    @property
    def total(self) -> int:
        """All input tokens."""
        return self.fresh + self.read + sum(self.written.values())

    def usage(self) -> Json:
        """The input side of a reply's `usage`."""
        return {
            "input_tokens": self.fresh,
            "cache_creation_input_tokens": sum(self.written.values()),
            "cache_read_input_tokens": self.read,
            "cache_creation": {
                f"ephemeral_{ttl}_input_tokens": self.written.get(ttl, 0) for ttl in LIFETIMES
            },
        }


class PromptCache:
    """Entries by prefix, with the moment each dies."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._dies: dict[bytes, float] = {}

    def plan(self, body: Json, model: Model) -> Plan:
        """What the request reads and would write; entries read live on from now."""
        found = pieces(body, model)
        points = [
            point
            for point in _breakpoints(found, _salt(body, model))
            if point.tokens >= model.min_cached_tokens
        ]
        hit = max((number for number, one in enumerate(points) if self._alive(one)), default=-1)
        for point in points[: hit + 1]:
            self._touch(point)
        read = points[hit].tokens if hit >= 0 else 0
        written, last = _written(points[hit + 1 :], read)
        whole = sum(piece.tokens for piece in found)
        return Plan(whole - last, read, written, tuple(points[hit + 1 :]))

    def commit(self, plan: Plan) -> None:
        """Makes the written entries usable: call when the response begins."""
        for point in plan.entries:
            self._dies[point.key] = self._clock() + LIFETIMES[point.ttl]

    def clear(self) -> None:
        """Forgets everything."""
        self._dies.clear()

    def _alive(self, point: _Breakpoint) -> bool:
        return self._dies.get(point.key, 0.0) > self._clock()

    def _touch(self, point: _Breakpoint) -> None:
        if self._alive(point):
            self._dies[point.key] = self._clock() + LIFETIMES[point.ttl]


def _written(points: list[_Breakpoint], start: int) -> tuple[dict[str, int], int]:
    """Tokens written by lifetime, and where the cached part of the prompt ends."""
    written: dict[str, int] = {}
    for point in points:
        written[point.ttl] = written.get(point.ttl, 0) + point.tokens - start
        start = point.tokens
    return written, start


def _salt(body: Json, model: Model) -> bytes:
    config = body.get("output_config") or {}
    return dumps([model.id, body.get("thinking"), config.get("effort")]).encode()


def _breakpoints(found: list[Piece], salt: bytes) -> list[_Breakpoint]:
    if not any(piece.ttl for piece in found):
        return []
    digest, tokens, points = blake2b(salt, digest_size=16), 0, []
    for piece in found:
        digest.update(piece.text.encode())
        digest.update(b"\0")
        tokens += piece.tokens
        if piece.ttl:
            points.append(_Breakpoint(digest.digest(), tokens, piece.ttl))
    return points
