"""Why a server gave no answer of its own: in words, and whether that may be over in a while.

May use: nothing.
Used by: llm, checks, cli; of handlers slack.
"""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass


class NotNow(Exception):
    """A server cannot be asked now, or its answer may be another one in a while; says why."""


@dataclass(frozen=True)
class Unreached:
    """What stood in the way. `passing`: nothing need be put right, it may be over in a while.

    The sentence goes after the name of what was asked for.
    """

    sentence: str
    passing: bool


NOT_TRUSTED = (
    "is not trusted: {why}. Look at the address, at this machine's clock, and at proxies that read "
    "along (SSL_CERT_FILE names their authority)"
)
IN_TIME = Unreached("did not answer in time", passing=True)
# The system's own errors, the narrower ones first.
_CAUSES: tuple[tuple[type[BaseException], Unreached], ...] = (
    (ssl.SSLError, Unreached("does not speak TLS: look at the address", passing=False)),
    (socket.gaierror, Unreached("could not be reached: no such host, or no network", passing=True)),
    (ConnectionRefusedError, Unreached("could not be reached: it takes no calls", passing=True)),
    (TimeoutError, IN_TIME),
    (ConnectionError, Unreached("could not be reached: the connection was cut", passing=True)),
)


def unreached(error: BaseException) -> Unreached:
    """What kept a request from being answered, by whatever lies under the client's own error."""
    below = list(_below(error))
    for each in below:
        if isinstance(each, ssl.SSLCertVerificationError):
            why = str(getattr(each, "verify_message", each)).rstrip(".")
            return Unreached(NOT_TRUSTED.format(why=why), passing=False)
        for kind, why_not in _CAUSES:
            if isinstance(each, kind):
                return why_not
    names = {type(each).__name__ for each in below}
    if any("Timeout" in name for name in names):
        return IN_TIME
    if any("URL" in name for name in names):
        return Unreached("is no address that can be asked", passing=False)
    return Unreached(f"could not be reached: {type(error).__name__}", passing=True)


def not_an_answer(status: int, waits: str = "") -> Unreached:
    """What an answer means that is not the server's own; `waits` is its Retry-After."""
    if status == 429:
        told = f" for {waits} seconds" if waits.isdecimal() else ""
        return Unreached(f"takes no more questions{told} (429)", passing=True)
    if status == 407:
        return Unreached("is behind a proxy that wants a password (407)", passing=False)
    if status in (408, 425) or status >= 500:
        return Unreached(f"is in trouble ({status})", passing=True)
    if status == 404:
        return Unreached("is not there (404): the address leads somewhere else", passing=False)
    return Unreached(
        f"did not answer, a web page did ({status}): a proxy or a login page is in between, or the "
        "address leads somewhere else",
        passing=False,
    )


def _below(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from, down to the system's own."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        # What aiohttp keeps beside its errors is not always what they were raised from.
        kept = [getattr(each, name, None) for name in ("os_error", "certificate_error")]
        held = [other for other in kept if isinstance(other, BaseException)]
        waiting += [each.__context__, each.__cause__, *held]
