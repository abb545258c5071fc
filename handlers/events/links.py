"""Links to messages of Slack that stand in a text, in every form that Slack's clients copy."""

import html
import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qs, urlsplit

from bot.messages.inbound import MessageLink

MOST_FOLLOWED = 3
_ADDRESS = re.compile(r"(?:https|slack)://[^\s|<>\"]+")
# acme.slack.com, acme.enterprise.slack.com, app.slack.com, and the same of GovSlack.
_HOST = re.compile(r"(?:[\w-]+\.){0,3}slack(?:-gov)?\.com")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_COPIED = re.compile(r"p(\d{9,11})(\d{6})")
_TS = re.compile(r"\d{9,11}\.\d{6}")
# The last part of a link to a thread as the client shows it: C0123-1700000000.000100
_THREAD = re.compile(r"(?P<channel>[CGD][A-Z0-9]{2,})-(?P<ts>\d{9,11}\.\d{6})")


def links_in(text: str) -> tuple[MessageLink, ...]:
    """The first few links to messages, each once; `text` is as Slack sent it."""
    return tuple(dict.fromkeys(_links(text)))[:MOST_FOLLOWED]


def _links(text: str) -> Iterator[MessageLink]:
    for found in _ADDRESS.finditer(text):
        try:
            address = urlsplit(html.unescape(found[0]))
        except ValueError:
            continue
        link = _of_app(address) if address.scheme == "slack" else _of_web(address)
        if link is not None:
            yield link


def _of_web(address: SplitResult) -> MessageLink | None:
    """`/archives/C…/p…`, and `/client/T…/C…/p…` or `/client/T…/C…/thread/C…-…`."""
    if not _HOST.fullmatch((address.netloc or "").lower()):
        return None
    match [each for each in address.path.split("/") if each]:
        case ["archives" | "messages", channel, message, *_]:
            return _named(channel, message, address)
        case ["client", _, _, "thread", message, *_] if found := _THREAD.fullmatch(message):
            return MessageLink(channel=found["channel"], ts=found["ts"], thread_ts=None)
        case ["client", _, channel, message, *_]:
            return _named(channel, message, address)
        case _:
            return None


def _of_app(address: SplitResult) -> MessageLink | None:
    """`slack://channel?team=T…&id=C…&message=…`."""
    channel, message = _asked(address, "id"), _asked(address, "message")
    return _named(channel or "", message or "", address) if address.netloc == "channel" else None


def _named(channel: str, message: str, address: SplitResult) -> MessageLink | None:
    copied = _COPIED.fullmatch(message)
    ts = f"{copied[1]}.{copied[2]}" if copied else message
    if not (_CHANNEL.fullmatch(channel) and _TS.fullmatch(ts)):
        return None
    thread = _asked(address, "thread_ts")
    known = thread if thread and _TS.fullmatch(thread) else None
    return MessageLink(channel=channel, ts=ts, thread_ts=known)


def _asked(address: SplitResult, name: str) -> str | None:
    return next(iter(parse_qs(address.query).get(name, ())), None)
