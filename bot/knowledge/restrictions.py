"""What keeps an article to colleagues without the word audience: other tools have their own keys.

Obsidian, Notion, MkDocs and help centres write `internal: true`, `visibility: private`,
`public: false` or a label `internal`. Who writes such a thing does not want customers to read it.
"""

import re
from collections.abc import Iterable

from bot.knowledge.front_matter import Entry, plain_letters

_NO = frozenset(("false", "no", "off", "n", "0", "never", "none", "null", "~", ""))
_CLOSED_KEYS = frozenset((
    "internal", "internalonly", "isinternal", "confidential", "restricted", "isprivate",
    "agentsonly", "agentonly", "staffonly", "teamonly", "employeesonly", "loginrequired",
))  # fmt: skip
_OPEN_KEYS = frozenset(("public", "ispublic", "external", "isexternal"))
_SCOPES = frozenset((
    "visibility", "access", "accesslevel", "visibleto", "classification", "confidentiality",
    "sensitivity",
))  # fmt: skip
_OPEN_SCOPES = frozenset(
    ("public", "open", "visible", "everyone", "all", "anyone", "world", "free", "external")
)
_LABEL_KEYS = frozenset(("tags", "tag", "labels", "label", "categories", "category", "keywords"))
_CLOSED_LABELS = _CLOSED_KEYS | {"private", "agents", "staff"}
# Where tools keep the fields that are an author's own: Hugo, MkDocs, Eleventy.
_HOLDERS = frozenset(("params", "cascade", "meta", "metadata", "extra", "custom", "properties"))
# A part of a text that is for colleagues: an admonition, a directive, a tag or a comment before it.
_PART = re.compile(
    r"^[ \t>]*(?:(?:!!!|\?\?\?\+?|:{3,}|\.\.)[ \t]*\{?|<|\{%-?[ \t]*|\{\{[<%][ \t]*|\[!)"
    r"(?:(?:internal|agents?|staff|confidential)(?:[-_ ]?only)?)\b(?![-_]).*$"
    r"|<!--[ \t]*(?:audience|visibility)[ \t]*[:=](?![ \t]*public[ \t]*-->).*$",
    re.MULTILINE | re.IGNORECASE,
)
_APART = re.compile(r"[\W_]+")
_FIELD = re.compile(r"\W*([A-Za-z][\w -]{2,20}?)\W*:+\W*([\w -]{2,40})")


def restriction(entries: Iterable[Entry]) -> str:
    """The first entry that keeps an article from customers, as it is written; empty if none."""
    for each in entries:
        holders, key = each.path[:-1], each.path[-1] if each.path else ""
        if {_plain(holder) for holder in holders} <= _HOLDERS and _closes(key, each.value):
            return f"{'.'.join(each.path)}: {each.value.strip()}"
    return ""


def stated_restriction(line: str) -> bool:
    """Whether a line of a text is a field that says so, such as `Visibility: Internal`."""
    found = _FIELD.match(line)
    return found is not None and _plain(found[1]) in _SCOPES and _plain(found[2]) in _CLOSED_LABELS


def restricted_part(body: str) -> str:
    """The line that begins a part for colleagues within a text; empty if there is none."""
    found = _PART.search(body)
    return found.group().strip()[:80] if found else ""


def _closes(key: str, value: str) -> bool:
    name, plain, denied = _plain(key), _plain(value), value.strip().casefold() in _NO
    return (
        (name in _CLOSED_KEYS and not denied)
        or (name in _OPEN_KEYS and denied and bool(plain))
        or (name in _SCOPES and plain not in _OPEN_SCOPES)
        or (name in _LABEL_KEYS and _has_closed(value))
    )


def _has_closed(labels: str) -> bool:
    return any(_plain(each) in _CLOSED_LABELS for each in labels.split(","))


def _plain(word: str) -> str:
    return _APART.sub("", plain_letters(word)).casefold()
