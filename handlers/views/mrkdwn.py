"""Slack's text, undone on the way in and made safe on the way out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.text.invisible import visible
from storage.tickets.values import NOBODY

# <@U1>, <@U1|name>, <#C1|name>, <!here>, <!subteam^S1|@team>, <https://x|label>, <mailto:a@b|a@b>
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_BROADCAST = re.compile(r"@(channel|here|everyone)\b", re.IGNORECASE)
# References that stay what they are in words that are said for somebody.
_LIVE = re.compile(r"@[UW][A-Z0-9]+|#C[A-Z0-9]+|!date\^\d+\^.*|(?:https?://|mailto:|tel:)\S+")
_NOBODY = "an erased customer"
_OPENING = re.compile(r"<(?=[@#!])")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
# What Slack's clients write for a channel that their reader may not see.
HIDDEN_CHANNEL = "private channel"
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def readable_text(
    text: str, *, without: str | None = None, names: Mapping[str, str] | None = None
) -> str:
    """What the person typed: references as readable text, entities undone once.

    `without` is a user id whose mention is dropped: the bot's own. `names` are the names of people,
    channels and groups by their ids; without one, a reference shows its label or else its id.
    """
    known = names or {}
    read = _REFERENCE.sub(lambda match: _readable(match, without, known), text)
    for entity, character in _ENTITIES:
        read = read.replace(entity, character)
    return visible(read).strip()


def _readable(match: re.Match[str], without: str | None, names: Mapping[str, str]) -> str:
    sigil, target, label = match.groups()
    match sigil:
        case "@":
            return "" if target == without else f"@{names.get(target) or label or target}"
        case "#":
            # Of a channel that the app may not see Slack tells no name, and writes an empty one.
            return f"#{names.get(target) or label or (HIDDEN_CHANNEL if label == '' else target)}"
        case "!":
            return _special(target, label, names)
        case _:
            return _link_text(target, label)


def _special(target: str, label: str | None, names: Mapping[str, str]) -> str:
    """A date by the words that Slack was given for it, a group or a crowd by its name."""
    kind, _, rest = target.partition("^")
    if kind == "subteam":
        name = names.get(rest) or label or rest
        return f"@{name.removeprefix('@')}"
    return label or wordless_date(rest) or f"@{kind}"


def wordless_date(date: str) -> str:
    """The day (UTC) of a date without words: `1795000000^{date}` is `2026-11-18`; else nothing."""
    seconds = date.partition("^")[0]
    if not re.fullmatch(r"\d{1,10}", seconds):
        return ""
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d}"


def _link_text(target: str, label: str | None) -> str:
    """A link with its text; a telephone number or an address that repeats its text stands once."""
    kind, _, rest = target.partition(":")
    address = rest if kind in ("mailto", "tel") else target
    if not label or label == address:
        return address
    if kind == "tel" and _digits(label) == _digits(address):
        return label
    return f"{label} ({address})"


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def escape(text: str) -> str:
    """Text from people as data in mrkdwn: the three characters that could start a reference."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def harmless_mrkdwn(text: str) -> str:
    """A model's text as data: escaped, and with nothing left that could ping many people.

    Escaping disarms `<!channel>`; a bare `@channel` is broken up as well, because a workspace or a
    client that links names would bring it back to life.
    """
    return _BROADCAST.sub(lambda match: f"@\u200b{match[1]}", escape(text))


def markdown(text: str) -> str:
    """A model's text for a message that is written piece by piece, which Slack reads as Markdown.

    There our *bold* is **bold**, and how escapes are read is not documented: what could become a
    mention is broken up instead.
    """
    bold = _BOLD.sub(r"**\1**", text)
    quiet = _BROADCAST.sub(lambda match: f"@\u200b{match[1]}", bold)
    return _OPENING.sub("<\u200b", quiet)


def live_mrkdwn(raw: str, names: Mapping[str, str] | None = None) -> str:
    """What a person wrote in Slack, to be said for them: it looks alike, and pings whom it names.

    Mentions of people and channels, links and dates stay what they are; a crowd or a group is only
    named. `raw` is Slack's own text, escaped already.
    """
    parts: list[str] = []
    end = 0
    for match in _REFERENCE.finditer(raw):
        parts += [_quiet(raw[end : match.start()]), _live(match, names or {})]
        end = match.end()
    return "".join([*parts, _quiet(raw[end:])]).strip()


def _live(match: re.Match[str], names: Mapping[str, str]) -> str:
    sigil, target, label = match.groups()
    if _LIVE.fullmatch(f"{sigil}{target}"):
        return match[0]
    return _quiet(escape(_readable(match, None, names)) if sigil == "!" else label or target)


def _quiet(text: str) -> str:
    """Escaped text in which nothing pings a crowd, and nothing is unseen."""
    shown = visible(text.replace("<", "&lt;").replace(">", "&gt;"))
    return _BROADCAST.sub(lambda match: f"@\u200b{match[1]}", shown)


def mentions(text: str, user: str) -> bool:
    """Whether the raw text mentions the user."""
    return re.search(rf"<@{re.escape(user)}(\|[^>]*)?>", text) is not None


def mrkdwn_link(url: str, label: str) -> str:
    """A link, or only its label where the address could break out of it."""
    if not re.fullmatch(r"https?://[^\s<>|]+", url):
        return escape(label)
    return f"<{url}|{escape(label).replace('|', '¦')}>"


def person_mention(user: str) -> str:
    """A person by mention; what is no user's id is shown as it is: an address, the clock."""
    if user == NOBODY:
        return _NOBODY
    return f"<@{user}>" if is_user_id(user) else escape(user)


def doer_mention(who: str) -> str:
    """Who did something, as the audit names them: a person, a part of the desk, nobody any more."""
    known = who == NOBODY or is_user_id(who)
    return person_mention(who) if known else f"the {escape(who)}"


def is_user_id(who: str) -> bool:
    """Whether this is the id of a user, and not an address or a part of the desk."""
    return who[:1] in ("U", "W") and who.isalnum() and who.isupper()


def channel_mention(channel: str) -> str:
    """A place for people to read; a direct message has no name that others could be shown."""
    return "a direct message" if channel.startswith("D") else f"<#{channel}>"


# What is left of an escaped character that was cut through.
_HALF = re.compile(r"&(?:a|am|amp|l|lt|g|gt)?\Z")


def clipped(text: str, limit: int) -> str:
    """At most `limit` characters, the last of them an ellipsis where something is left out."""
    return text if len(text) <= limit else f"{_HALF.sub('', text[: limit - 1])}…"


def local_time(moment: datetime, style: str = "{date_short_pretty} {time}") -> str:
    """A moment that Slack shows in the reader's own time zone."""
    fallback = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{style}|{fallback}>"
