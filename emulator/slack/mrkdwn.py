"""Slack's text: how typing becomes markup, and how markup reads on the screen."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from emulator.slack.wire import JSON

BROADCASTS = ("channel", "here", "everyone")
TYPED = re.compile(
    r"<(?P<ref>[@#](?P<id>[A-Z0-9]{3,}))(?:\|[^>]*)?>"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<target>https?://[^\s<>()]+)\)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>https?://[^\s<>]*[^\s<>.,;:!?)\"'])"
    r"|@(?P<handle>\w+(?:[.-]\w+)*)"
)
MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
PINGS = re.compile(r"<!(channel|here|everyone|subteam\^[A-Z0-9]+)(?:\|[^>]*)?>")
BARE_PINGS = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
STRAY_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
STRAY_OPENING = re.compile(r"<(?![@#!\w/][^<>]*>)")


class Directory(Protocol):
    """What text needs to know of the workspace."""

    def id_of(self, handle: str) -> str | None:
        """The id of the user or the group with this name."""

    def name_of(self, identifier: str) -> str | None:
        """The name of a user, channel or user group."""


@dataclass(frozen=True)
class Typed:
    """A person's text as Slack stores it, with the elements of its rich_text block."""

    text: str
    elements: list[JSON]


def escape(text: str) -> str:
    """The three characters Slack escapes, and no other."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The inverse of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def compose(raw: str, directory: Directory) -> Typed:
    """What the message box makes of typed text: escaped, with mentions and links marked up.

    `<@U…>` of a known user counts as picked from the list, and so does `@handle` of a user or a
    group; `[text](address)` is a link that was put behind a text. A typed `<!channel>` stays text.
    """
    text, elements = [], []
    for piece, element in _pieces(raw, directory):
        text.append(piece)
        elements.append(element)
    return Typed("".join(text), elements)


def _pieces(raw: str, directory: Directory) -> Iterator[tuple[str, JSON]]:
    done = 0
    for match in TYPED.finditer(raw):
        if marked := _marked(match, directory):
            if match.start() > done:
                yield _plain(raw[done : match.start()])
            yield marked
            done = match.end()
    if done < len(raw):
        yield _plain(raw[done:])


def _plain(raw: str) -> tuple[str, JSON]:
    return escape(raw), {"type": "text", "text": raw}


def _marked(match: re.Match[str], directory: Directory) -> tuple[str, JSON] | None:
    if match["email"] or match["url"] or match["target"]:
        return _linked(match)
    if match["handle"] in BROADCASTS:
        return f"<!{match['handle']}>", {"type": "broadcast", "range": match["handle"]}
    known = match["id"] or directory.id_of(match["handle"])
    if known is None or directory.name_of(known) is None:
        return None
    return _named(known, place=(match["ref"] or "@").startswith("#"))


def _named(known: str, *, place: bool) -> tuple[str, JSON]:
    if place:
        return f"<#{known}>", {"type": "channel", "channel_id": known}
    if known.startswith("S"):
        return f"<!subteam^{known}>", {"type": "usergroup", "usergroup_id": known}
    return f"<@{known}>", {"type": "user", "user_id": known}


def _linked(match: re.Match[str]) -> tuple[str, JSON]:
    if url := match["url"]:
        return f"<{escape(url)}>", {"type": "link", "url": url}
    label = match["label"] or match["email"]
    target = match["target"] or f"mailto:{match['email']}"
    return f"<{escape(target)}|{escape(label)}>", {"type": "link", "url": target, "text": label}


def normalise(text: str) -> str:
    """An app's text as Slack stores it: stray & and < escaped, markup kept alive."""
    return STRAY_OPENING.sub("&lt;", STRAY_AMPERSAND.sub("&amp;", text))


def link_names(text: str, directory: Directory) -> str:
    """What `parse=full` or `link_names` does to an app's text: bare @names come alive."""

    def live(match: re.Match[str]) -> str:
        handle = match[1]
        if handle in BROADCASTS:
            return f"<!{handle}>"
        known = directory.id_of(handle)
        if known is None:
            return match[0]
        return f"<!subteam^{known}>" if known.startswith("S") else f"<@{known}>"

    return re.sub(r"(?<![\w<@])@(\w+(?:[.-]\w+)*)", live, text)


def pings(text: str, *, markdown: bool = False) -> list[str]:
    """Who this text would ping beyond single people; in markdown a bare @channel counts too."""
    found = PINGS.findall(text)
    return found + BARE_PINGS.findall(text) if markdown else found


def mentions(text: str, user: str) -> bool:
    """Whether the text mentions the user."""
    return f"<@{user}>" in text or f"<@{user}|" in text


def rendered(text: str, name_of: Callable[[str], str | None]) -> str:
    """The text as a person reads it: names instead of ids, no escapes."""

    def shown(match: re.Match[str]) -> str:
        sigil, target, label = match.groups()
        if sigil in ("@", "#"):
            return f"{sigil}{name_of(target) or label or target}"
        if sigil == "!":
            return _command(target, label, name_of)
        return f"{label} ({target})" if label and not target.endswith(label) else label or target

    return unescape(MARKUP.sub(shown, text))


def _command(target: str, label: str | None, name_of: Callable[[str], str | None]) -> str:
    kind, _, rest = target.partition("^")
    if kind == "subteam":
        return f"@{name_of(rest) or label or rest}"
    return f"@{target}" if target in BROADCASTS else label or target
