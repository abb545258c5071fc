"""What keeps a text from customers in the text itself: its first lines, its title, parts of it.

People mark an article as they would mark paper: «[INTERNAL] Refunds», «Do not share with
customers», a section «Internal notes», a box or a comment for colleagues.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from bot.knowledge.fields import Entry
from bot.knowledge.front_matter import plain_letters
from bot.knowledge.restriction_words import (
    folded,
    is_denied,
    is_inside,
    is_marking,
    is_only,
    is_open,
    is_withheld,
    names_part,
)
from bot.knowledge.restrictions import is_inside_label, names_labels, names_whom, restriction

LONGEST_SHOWN = 80  # characters of a line in a doubt
LONGEST_LINE = 400  # characters of a line that are looked at: a mark stands at its beginning
SHORT = 2  # words before a colon or a dash that only lead to what is said: «Note:», «Lưu ý -»

_FIELD = re.compile(r"[\W_]*([^\W\d_][\w ./-]{1,30}?)[*_`\"'\s]*[:=|]+(.{1,200})")
_PROPERTY = re.compile(r"[\s>*+-]*([^\W\d_][\w -]{1,30})::[ \t]+(.{1,80})")
# Properties that Notion and others write into the text of a page.
_STATED = frozenset({"status", "state"})
_PUBLISHED = frozenset({"public", "publish", "published", "for customers", "customer facing"})
_HASHTAGS = re.compile(r"(?:[ \t]*#[^\W\d_][\w/-]*){1,20}[ \t]*")
_SHORTCODE = re.compile(r":[a-z_0-9]+:")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]+(.*)")
_BRACKETS = re.compile(r"[(\[【（<«{]([^()\[\]【】（）<>«»{}\n]{1,60})[)\]】）>»}]")
_CLAUSE = re.compile(r"[.!?:;,|–—()\[\]。：、，]+|\s-\s")
# A line that begins a part: an admonition, a directive, a call-out, a tag of a template.
_OPENING = re.compile(
    r"^[ \t>]*+(?:(?P<sign>!!!|\?\?\?\+?|:{3,}|\.\.[ \t])[ \t]*(?P<kind>.{1,200})"
    r"|\[!(?P<callout>[^\]\n]{1,60})\](?P<title>[^\n]{0,200}))",
    re.MULTILINE,
)
_TEMPLATE = re.compile(r"\{%-?([^{}%\n]{1,200})-?%\}|\{\{[<%#]([^{}\n]{1,200})\}\}")
_TAG = re.compile(r"<([A-Za-z][\w.-]{0,60})((?:\s[^<>]{0,500})?)>")
_CLASSES = re.compile(r"\{:?([^{}\n]{0,100}\.[A-Za-z][^{}\n]{0,100})\}")
_SUMMARY = re.compile(r"<summary[^<>]*>([^<>\n]{1,100})</summary>", re.IGNORECASE)
_COMMENT = re.compile(
    r"<!--(?!\[)([^<>]{1,200}?)-->|\{/\*([^{}]{1,200}?)\*/\}"
    r"|^\[[^\]\n]{1,20}\]:[ \t]*(?:#|<>)[ \t]*[(\"']([^\n]{1,200}?)[)\"'][ \t]*$"
    r"|%%([^%\n]{1,200}?)%%|\{#([^{}\n]{1,200}?)#\}",
    re.MULTILINE,
)
_QUOTED = re.compile(r"\"([^\"\n]{1,100})\"|'([^'\n]{1,100})'")
_ATTRIBUTE = re.compile(r"([\w:@-]+)\s*=\s*\{?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>{}]+))")
_WORD = re.compile(r"[\w-]+")
_SPAN = re.compile(r"\b(?:begin|end|start|stop|open|close)\b", re.IGNORECASE)
_SECTION = re.compile(
    r"^[ \t>]*+(?:#{1,6}[ \t]+(?P<heading>[^\n]{1,100}?)[ \t#]*"
    r"|(?P<bold>\*\*|__)(?P<label>[^*\n]{1,60}?):?(?P=bold):?.*"
    r"|(?P<under>[^\W_#>|][^\n]{1,100})\n[ \t]*(?:-{3,}|={3,})[ \t]*"
    r"|(?P<plain>[^\W\d_][\w '/-]{2,40}):[ \t].*)$",
    re.MULTILINE,
)
# Attributes of an element that say what it is, or who sees it.
_TELLING = re.compile(
    r"class(?:name)?|style|type|kind|role|roles|for|if|when|show|audience|visibility|access|segment"
    r"|permissions?|groups?|condition|title|label|data-[\w-]+",
    re.IGNORECASE,
)


def marked_line(lines: Sequence[str]) -> str:
    """The first of the lines at the top of a text that keeps it from customers; empty if none."""
    for place, line in enumerate(lines):
        around = (*lines[max(place - 1, 0) : place], *lines[place + 1 : place + 2])
        alone = not any(each.strip() and not _HEADING.match(each) for each in around)
        if _marks(plain_letters(_SHORTCODE.sub(" ", line[:LONGEST_LINE])), alone=alone):
            return line.strip()[:LONGEST_SHOWN]
    return ""


def is_marked_title(title: str) -> bool:
    """Whether a title says for whom a text is: «[INTERNAL] Tea», «Tea (staff only)».

    One that is called «Internal», and no more, does not.
    """
    inner = [each[1] for each in _BRACKETS.finditer(title)]
    clauses = [each.strip() for each in _CLAUSE.split(title) if each.strip()]
    outer = len(clauses) > 1 and (is_marking(clauses[0]) or any(map(is_only, clauses)))
    return outer or any(map(is_marking, inner)) or is_only(title)


def is_marked_name(name: str) -> bool:
    """Whether a path within a source says so: `internal/tea.md`, `tea-staff-only.pdf`."""
    *folders, file = PurePosixPath(name).parts or ("",)
    stem = PurePosixPath(file).stem
    words = folded(stem).split()
    ends = (" ".join(words[place:]) for place in range(max(len(words) - 4, 0), len(words) - 1))
    return (
        any(map(is_marking, folders))
        or is_marked_title(stem.replace("_", " "))
        or any(is_only(each) and not is_inside(each.rpartition(" ")[2]) for each in ends)
    )


def restricted_part(body: str) -> str:
    """The line that begins a part for colleagues within a text; empty if there is none."""
    return next((each.strip()[:LONGEST_SHOWN] for each in _parts(body)), "")


def _marks(line: str, *, alone: bool) -> bool:
    if heading := _HEADING.match(line):
        return is_marked_title(heading[1])
    if is_withheld(line) or _field_marks(line):
        return True
    if _HASHTAGS.fullmatch(line):
        return any(map(is_inside, line.split("#")))
    clauses = [each for each in _CLAUSE.split(line) if folded(each)]
    told = clauses[:1] + (clauses[1:2] if clauses and _is_short(clauses[0]) else [])
    return any(map(is_only, told)) or (alone and is_marking(line) and line.lstrip()[:1] not in "-|")


def _is_short(clause: str) -> bool:
    return len(folded(clause).split()) <= SHORT


def _field_marks(line: str) -> bool:
    if said := _PROPERTY.fullmatch(line.rstrip()):
        return bool(restriction([Entry((said[1].lower(),), said[2])]))
    found = _FIELD.match(line)
    if found is None:
        return False
    key, value = found[1], found[2].strip(" \t*_`\"'")
    if names_labels(key):
        return is_inside_label(value.replace("#", ","))
    if folded(key) in _PUBLISHED:
        return is_denied(value)
    told = names_whom(key) or folded(key).endswith("audience") or folded(key) in _STATED
    return told and is_inside(value)


def _parts(body: str) -> Iterator[str]:
    """Where parts begin for colleagues, kind by kind."""
    for written, is_part in _PARTS:
        yield from (found.group() for found in written.finditer(body) if is_part(found))


def _is_comment_part(found: re.Match[str]) -> bool:
    return _is_remark(next(filter(None, found.groups()), ""))


def _is_box_part(found: re.Match[str]) -> bool:
    return _names(found["kind"] or f"{found['callout']} {found['title']}")


def _is_template_part(found: re.Match[str]) -> bool:
    return _names(found[1] or found[2]) or any(map(names_part, _WORD.findall(found.group())))


def _is_element_part(found: re.Match[str]) -> bool:
    return names_part(found[1]) or any(_tells(each) for each in _ATTRIBUTE.finditer(found[2]))


def _is_named_part(found: re.Match[str]) -> bool:
    return _has_class(found[1]) or is_marking(found[1])


def _is_section_part(found: re.Match[str]) -> bool:
    """Whether a heading or a label begins a part for colleagues: «Internal notes»."""
    said = found["heading"] or found["label"] or found["under"] or found["plain"]
    return is_only(said) or (len(said.split()) > 1 and is_marking(said))


def _is_remark(said: str) -> bool:
    """Whether a comment says for whom what follows is."""
    plain = plain_letters(said).strip(" \t\n:=-")
    field = _FIELD.match(plain)
    if field and names_whom(field[1]):
        return not is_open(field[2])
    return is_inside(_SPAN.sub(" ", plain))


def _names(opening: str) -> bool:
    """Whether what stands at the head of a part names colleagues: its kind, its title, a class."""
    first, _, rest = opening.strip(" \t{}:.").partition(" ")
    quoted = [one or other for one, other in _QUOTED.findall(opening)]
    titles = [opening, rest, *quoted]
    return names_part(first.strip("{}:.")) or _has_class(opening) or any(map(is_marking, titles))


def _has_class(said: str) -> bool:
    return any(names_part(each) for each in re.findall(r"\.([\w-]+)", said))


def _tells(attribute: re.Match[str]) -> bool:
    """Whether an attribute of an element gives it a class or readers that are colleagues."""
    value = attribute[2] or attribute[3] or attribute[4] or ""
    if not _TELLING.fullmatch(attribute[1]):
        return is_only(value)
    return names_part(value) or any(map(names_part, value.split()))


_PARTS = (
    (_COMMENT, _is_comment_part),
    (_OPENING, _is_box_part),
    (_TEMPLATE, _is_template_part),
    (_TAG, _is_element_part),
    (_CLASSES, _is_named_part),
    (_SUMMARY, _is_named_part),
    (_SECTION, _is_section_part),
)
