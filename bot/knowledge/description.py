"""What an article says of itself: for whom it is, in which language, since when and until when.

What keeps something from customers fails closed: an audience or an end that is not plainly readable
makes the article one for agents only, and a doubt says so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.knowledge.fields import Entry
from bot.knowledge.front_matter import FrontMatter, plain_letters
from bot.knowledge.restricted_lines import is_marked_title, marked_line, restricted_part
from bot.knowledge.restriction_words import is_open
from bot.knowledge.restrictions import names_readers, restriction
from bot.text.language import language_code, language_of, same_language
from storage.knowledge.values import Audience

Doubts = tuple[str, ...]

AUDIENCE = "audience"
SAMPLE = 1_500  # characters of a text that its language is told by
FEWEST_WORDS = 20  # from which the text is believed more than what is said of it
HEAD_LINES = 20  # in which a text may say its audience without front matter
LONGEST_TITLE = 300  # characters
MISPLACED = "audience: expected in front matter, found {line!r} in the text"

_SIGNS = " \t_-.:*+#>\"'`/|!"
_AUDIENCES = frozenset((AUDIENCE, f"target{AUDIENCE}", f"intended{AUDIENCE}"))
_NO = frozenset(("false", "no", "off", "n", "0", "never", "none", "null", "~", ""))
_STATES = frozenset((
    "draft", "drafted", "unpublished", "notpublished", "not published", "private", "hidden",
    "pending", "archived", "retired", "withdrawn",
    "in review", "review", "wip", "nháp", "bản nháp", "entwurf", "brouillon",
    "borrador", "rascunho", "bozza", "concept", "下書き", "草稿", "черновик",
))  # fmt: skip
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s])")
_CODE_BLOCK = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_GIVEN = re.compile(r"(\w{6,10})[^\w\n]{0,4}(?:[:=]|content\b)")
_MARKUP = re.compile(r"\s*(?:[<{%\[;@\\]|export\b|const\b)")
# Each tool spells these in its own way: Hugo, Jekyll, Docusaurus, Astro, MkDocs, Eleventy.
_HIDING = ("draft", "unlisted", "hidden", "private", "archived", "isdraft")
_PUBLISHED = ("published", "publish", "ispublished")
_STATED = (
    "status", "state", "stage", "publicationstatus", "workflowstate", "lifecycle", "trạngthái",
    "estado",
    "statut",
)  # fmt: skip
_BUILT = ("build.render", "_build.render", "build.list", "_build.list", "display")
_EXPIRES = (
    "expires",
    "expirydate",
    "expirationdate",
    "expireson",
    "expiry",
    "unpublishdate",
    "validuntil",
)
_BEGINS = ("publishdate", "pubdate", "published", "publishedat", "date")
_REVIEWED = ("reviewedon", "reviewed", "lastreviewed", "lastreviewedon", "reviewdate")
_UPDATED = (
    "lastmod", "lastmodifiedat", "lastmodified", "modified", "datemodified", "updated",
    "updatedat", "lastupdated", "lastupdatedon", "lastupdate.date", "date",
)  # fmt: skip


@dataclass(frozen=True)
class Description:
    """What is known of an article before its text is looked at.

    `audience` is None where nobody says it. `left_out` says in a word why it is not on the shelf
    today: draft, expired, not yet published. `doubts` are sentences about what was not plain.
    """

    title: str = ""
    url: str = ""
    audience: Audience | None = None
    language: str = ""
    reviewed_on: date | None = None
    updated_on: date | None = None
    expires_on: date | None = None
    left_out: str = ""
    doubts: tuple[str, ...] = ()


def describe(front: FrontMatter, today: date) -> Description:
    """What front matter says, on a day."""
    said = _normal(front.entries)
    audience, doubts = _audience(front)
    expires_on, endless = _end(said)
    if endless:
        audience, doubts = "agents", [*doubts, f"expires: expected a date, found {endless!r}"]
    reviewed = _value(said, _REVIEWED)
    reviewed_on = read_date(reviewed)
    if reviewed and reviewed_on is None:
        doubts = [*doubts, f"reviewed-on: expected a date like 2026-10-01, found {reviewed!r}"]
    return Description(
        title=" ".join(said.get("title", "").split())[:LONGEST_TITLE],
        url=said.get("url", "").strip(),
        audience=audience,
        language=_language(said),
        reviewed_on=reviewed_on,
        updated_on=next(filter(None, (read_date(said.get(key, "")) for key in _UPDATED)), None),
        expires_on=expires_on,
        left_out=_left_out(said, expires_on, today),
        doubts=tuple(doubts),
    )


def over(first: Description, second: Description) -> Description:
    """Two descriptions of one article as one: what the first one says counts more.

    Either may keep it off the shelf, and a doubt of either stays.
    """
    return Description(
        title=first.title or second.title,
        url=first.url or second.url,
        audience=first.audience or second.audience,
        language=first.language or second.language,
        reviewed_on=first.reviewed_on or second.reviewed_on,
        updated_on=first.updated_on or second.updated_on,
        expires_on=first.expires_on or second.expires_on,
        left_out=first.left_out or second.left_out,
        doubts=(*first.doubts, *second.doubts),
    )


def settle_audience(about: Description, own: Description, body: str) -> tuple[Audience, Doubts]:
    """For whom an article is, and every doubt about what was said.

    What a text says of itself in a way that is not front matter counts where nobody else, its notes
    or its front matter, has said anything: a folder's own audience is never made wider by it.
    """
    hidden = "" if own.audience or about.audience == "agents" else _hidden(about.title, body)
    if hidden:
        return "agents", (*about.doubts, hidden)
    part = "" if about.audience == "agents" else restricted_part(_CODE_BLOCK.sub(" ", body))
    if part:
        return "agents", (*about.doubts, f"audience: a part of the text is for some only: {part!r}")
    return about.audience or "public", about.doubts


def _hidden(title: str, body: str) -> str:
    if is_marked_title(title):
        return f"audience: expected in front matter, found {title!r} as the title"
    return hidden_audience(body)


def settle_language(said: str, body: str) -> tuple[str, Doubts]:
    """The language of an article; where its text is plainly in another one, that one."""
    sample = _CODE_BLOCK.sub(" ", body[:SAMPLE])
    found = language_of(sample)
    if not said or not found or same_language(said, found):
        return said or found or "en", ()
    if len(sample.split()) < FEWEST_WORDS:
        return said, ()
    return found, (f"language: {said} is said, but the text is {found}",)


def hidden_audience(body: str) -> str:
    """The doubt that a text says its audience where no front matter is; empty when it does not.

    An unknown kind of front matter, a comment, a list of fields: nobody can know them all.
    """
    lines = body.lstrip().split("\n", HEAD_LINES)[:HEAD_LINES]
    for line in lines:
        plain = _as_field(plain_letters(line))
        # A value is given at the beginning of a line, or anywhere in a line of code or markup.
        given = (
            _GIVEN.finditer(plain) if _MARKUP.match(plain) else [_GIVEN.match(plain.lstrip(_SIGNS))]
        )
        if any(each and is_audience(each[1]) for each in given):
            return MISPLACED.format(line=line.strip()[:80])
    marked = marked_line(lines)
    return MISPLACED.format(line=marked) if marked else ""


def _as_field(line: str) -> str:
    """A row of a table as the field that it may be: `| Audience | agents |`."""
    row = line.lstrip()
    return row[1:].replace("|", ":", 1) if row.startswith("|") else line


def is_audience(key: str) -> bool:
    """Whether a key is meant to say the audience: a typing mistake or a foreign letter is too."""
    plain = plain_letters(key).casefold().strip(_SIGNS)
    return abs(len(plain) - len(AUDIENCE)) <= 2 and _distance(plain, AUDIENCE) <= 2


def read_date(value: str) -> date | None:
    """The day that a value begins with, as written; None for anything else."""
    found = _DATE.match(value.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _audience(front: FrontMatter) -> tuple[Audience | None, list[str]]:
    """Public only where every word about it is plainly one for customers."""
    if front.fault:
        return "agents", [f"front matter cannot be read: {front.fault}"]
    said = [each for each in front.entries if any(_names_audience(key) for key in each.path)]
    values = {each.value.strip().casefold() for each in said}
    if all(each.path[-1] == AUDIENCE for each in said) and values == {"agents"}:
        return "agents", []
    if closed := restriction(front.entries):
        return "agents", [f"audience: expected public or agents, found {closed!r}"]
    if not said:
        return None, []
    named = all(re.sub("[-_ ]", "", each.path[-1]) in _AUDIENCES for each in said)
    if named and all(map(is_open, values)):
        return "public", []
    found = ", ".join(f"{'.'.join(each.path)}: {each.value.strip()}" for each in said)
    return "agents", [f"audience: expected public or agents, found {found!r}"]


def _names_audience(key: str) -> bool:
    """Whether a key is one for the audience, be it `target_audience` or `audience.type`."""
    return not names_readers(key) and (
        is_audience(key) or AUDIENCE in plain_letters(key).casefold()
    )


def _left_out(said: Mapping[str, str], expires_on: date | None, today: date) -> str:
    for key in _HIDING:
        if said.get(key, "").strip().casefold() not in _NO and not _numbered(said, key):
            return key
    published = [said[key].strip().casefold() for key in _PUBLISHED if key in said]
    if any(each in _NO - {""} for each in published):
        return "draft"
    if any(said.get(key, "").strip().casefold() in _STATES for key in _STATED):
        return "draft"
    if {said.get(key, "").strip().casefold() for key in _BUILT} & {"never", "false", "hidden"}:
        return "hidden"
    if expires_on and expires_on <= today:
        return "expired"
    begins = [read_date(said.get(key, "")) for key in _BEGINS]
    return "not yet published" if any(day and day > today for day in begins) else ""


def _numbered(said: Mapping[str, str], key: str) -> bool:
    """Whether a draft is one by number: so the desk filed articles of its own until 0.1."""
    ours = re.fullmatch(r"T-\d+", said.get("ticket", ""))
    return key == "draft" and ours is not None and said[key].isdecimal()


def _end(said: Mapping[str, str]) -> tuple[date | None, str]:
    """The first day without the article, or else what could not be read of it."""
    value = _value(said, _EXPIRES)
    if value.strip().casefold() in _NO:
        return None, ""
    day = read_date(value)
    return day, "" if day else value


def _language(said: Mapping[str, str]) -> str:
    return language_code(_value(said, ("language", "lang", "locale")))


def _value(said: Mapping[str, str], keys: Iterable[str]) -> str:
    return next((said[key] for key in keys if said.get(key)), "")


def _normal(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Values by their keys without dashes; of a key said twice the first one counts."""
    said: dict[str, str] = {}
    for each in entries:
        said.setdefault(".".join(re.sub(r"[-_ ]", "", key) for key in each.path), each.value)
    return said


def _distance(one: str, other: str) -> int:
    """How many letters have to be typed anew to make one word of the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        previous, row[0] = row[0], number
        for place, wanted in enumerate(other, start=1):
            above = row[place]
            row[place] = min(above + 1, row[place - 1] + 1, previous + (letter != wanted))
            previous = above
    return row[-1]
