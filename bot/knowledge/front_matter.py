"""Front matter: what a text says of itself before it begins, in YAML, TOML or JSON.

Blank lines, comments and a byte order mark may stand before it. What cannot be read is a fault, and
who asks for whom the text is has to take the strictest answer then.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from bot.knowledge.fields import Entry, UnreadFields, plain_lines, read_entries, read_object
from bot.text.hidden import without_hidden

_COMMENT = r"<!--.*?-->|\{/\*.*?\*/\}|\{#.*?#\}"
_BEFORE = re.compile(rf"(?:\ufeff|\s|{_COMMENT})*", re.DOTALL)
_OPENING = re.compile(r"(---|\+\+\+|;;;)[ \t]*(\w*)[ \t]*(?:\n|\Z)")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
    ";;;": re.compile(r"^;;;[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_LANGUAGES = {"---": "yaml", "+++": "toml", ";;;": "json"}
_BLANK_LINE = re.compile(r"^[ \t]*\n", re.MULTILINE)
_KEY = re.compile(r"""\s*(?:[\w.-]+|"[^"]*"|'[^']*')[ \t]*[:=](?:\s|\Z|["'\[{])""")
_MEANT = re.compile(r"\{(?![{%])|[?&%]|!!|!\w")
# How descriptions without fences begin; prose begins with a word and a colon too.
_FIRST = frozenset(("title", "audience"))


@dataclass(frozen=True)
class FrontMatter:
    """What a text says of itself, and the text below. `fault` says why it could not be read."""

    entries: tuple[Entry, ...]
    body: str
    fault: str = ""

    def first(self, *keys: str) -> str:
        """The value of the first of these keys that has one; empty where none has."""
        said = self.said
        return next((said[key] for key in keys if said.get(key)), "")

    @property
    def said(self) -> Mapping[str, str]:
        """The outermost keys that have one value. Of a key said twice the first one counts."""
        found: dict[str, str] = {}
        for each in self.entries:
            if len(each.path) == 1:
                found.setdefault(each.path[0], each.value)
        return found


def split_front_matter(text: str) -> FrontMatter:
    """The front matter of a text, whose lines end in a line feed, and its body.

    A text that begins with a rule and goes on in prose has none, and is its own body whole.
    """
    begin = _begin(text)
    if opening := _OPENING.match(text, begin):
        return _fenced(text, opening)
    if text.startswith("{", begin):
        return _bare_json(text, begin)
    return _unfenced(text, begin) or FrontMatter((), text)


def read_fields(text: str, language: str) -> FrontMatter:
    """What a file of fields says that is no front matter of a text: `language` is yaml, toml, json.

    A list, a word or prose say nothing.
    """
    try:
        return FrontMatter(read_entries(text, language) or (), "")
    except UnreadFields as problem:
        return FrontMatter((), "", str(problem))


def plain_letters(text: str) -> str:
    """A text without letters that nobody sees, and with wide ones as they are usually written."""
    return unicodedata.normalize("NFKC", without_hidden(text))


def dump_front_matter(said: Mapping[str, str]) -> str:
    """Front matter that says exactly this, whatever the values hold."""
    return (
        f"---\n{yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False, width=10_000)}---\n"
    )


def _begin(text: str) -> int:
    """Where the text begins; a line's own indentation belongs to it."""
    found = _BEFORE.match(text)
    end = found.end() if found else 0
    start = len(text[:end].rstrip(" \t"))
    # An indented fence is none to any tool, but may be meant as one: the strict reading is ours.
    return end if _OPENING.match(text, end) else start


def _fenced(text: str, opening: re.Match[str]) -> FrontMatter:
    fence, language = opening[1], opening[2].lower() or _LANGUAGES[opening[1]]
    closing = _CLOSING[fence].search(text, opening.end())
    inner = text[opening.end() : closing.start() if closing else len(text)]
    rest = closing.end() if closing else len(text)
    if not _is_described(inner, fence):
        return FrontMatter((), text)
    try:
        entries = read_entries(inner, language) if closing else _endless()
    except UnreadFields as problem:
        # Where it ends is not known then, so that nothing of the text is taken for it.
        blank = _BLANK_LINE.search(text, opening.end(), rest)
        return FrontMatter((), text[blank.end() if blank else rest :], str(problem))
    # Between two rules, a heading reads like a comment of YAML's.
    prose = entries is None or (not entries and bool(inner.strip()))
    return FrontMatter((), text) if prose else FrontMatter(entries or (), text[rest:])


def _endless() -> tuple[Entry, ...]:
    raise UnreadFields("it has no end")


def _is_described(inner: str, fence: str) -> bool:
    """Whether lines between two fences are meant to describe: they begin with a key or nothing."""
    lines = (plain_letters(line) for line in inner.split("\n"))
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    return fence != "---" or not first or bool(_KEY.match(first) or _MEANT.match(first))


def _bare_json(text: str, begin: int) -> FrontMatter:
    """Hugo's kind: an object at the top of a text, without fences."""
    if not re.match(r'\{\s*"[^"\n]*"\s*:', text[begin:]):
        return FrontMatter((), text)
    try:
        entries, end = read_object(text, begin)
        return FrontMatter(entries, text[end:].lstrip("\n"))
    except UnreadFields as error:
        blank = _BLANK_LINE.search(text, begin)
        return FrontMatter((), text[blank.end() if blank else len(text) :], str(error))


def _unfenced(text: str, begin: int) -> FrontMatter | None:
    """MultiMarkdown's kind, which MkDocs reads: `key: value` from the first line to a blank one."""
    blank = _BLANK_LINE.search(text, begin)
    end = blank.start() if blank else len(text)
    entries = plain_lines(text[begin:end])
    if not entries or entries[0].path[0] not in _FIRST:
        return None
    return FrontMatter(entries, text[end:])
