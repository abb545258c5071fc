"""Tags of HTML and components of JSX in Markdown: taken off, with the text in them kept."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.knowledge.markup.ends import Ends

LONGEST = 20_000  # characters of one tag
DEEPEST = 200  # characters that a tag is indented by
CELL = " | "  # between the cells of a row

# Elements whose content nobody reads as text, and ways around the page.
_SILENT_NAMES = "script style svg nav iframe noscript template object math"
_BREAK_NAMES = """
    p div section article main header footer aside figure figcaption blockquote ul ol dl dt dd
    table thead tbody tfoot caption details center hr picture video audio form fieldset address"""
_INLINE_NAMES = """
    b strong i em u s del ins small big span font sup sub kbd mark abbr cite q var samp tt time
    label button input select option wbr dfn col colgroup source track embed param data bdi bdo
    strike textarea progress meter output ruby rt rp map area img a br li tr td th summary code
    pre"""
_SILENT = frozenset(_SILENT_NAMES.split())
_BREAKS = frozenset(_BREAK_NAMES.split())
_INLINE = frozenset(_INLINE_NAMES.split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_KNOWN = _SILENT | _BREAKS | _INLINE | _HEADINGS
_TEXTS = ("title", "label", "summary", "heading", "header", "caption", "description", "text")

_NAME = re.compile(r"<(/?)([A-Za-z][\w.:-]*)?(?=[\s/>])")
_ATTRIBUTE = re.compile(
    r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|\{\s*["'`]([^"'`]*)["'`]\s*\}|([^\s"'{}<>=`]+))"""
)
_VARIABLE = re.compile(r"""\{[{%]-?\s*(?:"([^"{}]*)"|'([^'{}]*)')?[^{}]{0,500}[%}]\}""")
_SIGN = re.compile(r"[<>\"'`{}]")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True)
class Tag:
    """A tag and where it stands. A component's name begins with a capital letter or is empty."""

    name: str
    closing: bool
    start: int
    end: int
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def component(self) -> bool:
        return self.name.lower() not in _KNOWN


def read_tag(ends: Ends, start: int, *, mdx: bool) -> Tag | None:
    """The tag that begins here; None where `<` is text: `<name>`, `a < b`, `List<String>`."""
    text = ends.text
    named = _NAME.match(text, start)
    if not named or (named[2] is None and not mdx):
        return None
    name = named[2] or ""
    end = ends.spent(named.end(), _end(text, named.end(), ends.allowed(LONGEST)))
    if end is None:
        return None
    inside = text[named.end() : end]
    attributes = _attributes(inside)
    # A word in angle brackets is a placeholder as often as a tag that this page's tool knows.
    meant = (
        mdx
        or bool(attributes)
        or inside.rstrip("> ").endswith("/")
        or (bool(name) and ends.closing(name, end) is not None)
    )
    capital = name[:1].isupper() or not name
    if name.lower() in _KNOWN and (name.islower() or name.isupper()):
        return Tag(name.lower(), bool(named[1]), start, end, attributes)
    if (capital and (meant or named[1])) or (mdx and ("-" in name or name[:1].islower())):
        return Tag(name, bool(named[1]), start, end, attributes)
    return Tag(name, bool(named[1]), start, end, attributes) if "-" in name and meant else None


class TagWriter:
    """Says what tags say. It remembers where the links lead that are open."""

    def __init__(self, left_out: Counter[str]) -> None:
        self._left_out = left_out
        self._links: list[str] = []
        self._in_cell = False

    def write(self, tag: Tag, ends: Ends) -> tuple[str, int]:
        """The words in place of a tag, and where the text goes on."""
        if tag.component:
            return self._component(tag, ends.text)
        if tag.name in _SILENT and not tag.closing:
            self._left_out["navigation" if tag.name == "nav" else "script"] += 1
            return "", _inner(ends, tag)[1]
        if tag.name in _HEADINGS and not tag.closing:
            inner, end = _inner(ends, tag)
            level = int(tag.name[1])
            title = " ".join(_stripped(inner).split())
            return (f"\n\n{'#' * level} {title}\n\n" if title else "\n\n"), end
        if tag.name == "pre" and not tag.closing:
            inner, end = _inner(ends, tag)
            code = _stripped(inner).strip("\n")
            return f"\n\n```\n{code}\n```\n\n", end
        if tag.name == "code" and not tag.closing:
            inner, end = _inner(ends, tag)
            return (f"`{_stripped(inner).strip()}`" if inner.strip() else ""), end
        return self._element(tag), tag.end

    def _component(self, tag: Tag, text: str) -> tuple[str, int]:
        self._left_out["component"] += not tag.closing
        words = list(dict.fromkeys(tag.attributes[key] for key in _TEXTS if key in tag.attributes))
        words = [" ".join(html.unescape(each).split()) for each in words if each.strip()]
        before = text[max(0, tag.start - DEEPEST) : tag.start].rpartition("\n")[2]
        if words and not tag.closing:
            own_line = not before.strip()
            return ("\n\n" + "\n\n".join(words) + "\n\n" if own_line else " ".join(words)), tag.end
        return ("\n" if not before.strip() else ""), tag.end

    def _element(self, tag: Tag) -> str:
        name = tag.name
        if name == "a":
            return self._link(tag)
        if name == "img":
            self._left_out["picture"] += 1
            return html.unescape(tag.attributes.get("alt", "")).strip()
        if name == "li":
            return "" if tag.closing else "\n- "
        if name in {"td", "th"}:
            self._in_cell = not tag.closing
            return CELL if not tag.closing else ""
        if name in {"br", "tr"}:
            return " " if self._in_cell else "\n"
        breaks = name in _BREAKS or name == "summary"
        return (" " if self._in_cell else "\n\n") if breaks else ""

    def _link(self, tag: Tag) -> str:
        if not tag.closing:
            self._links.append(_VARIABLE.sub(_literal, tag.attributes.get("href", "")))
            return "[" if self._links[-1] else ""
        url = self._links.pop() if self._links else ""
        return f"]({url})" if url else ""


def _end(text: str, start: int, longest: int) -> int | None:
    """Where a tag is over: quotes and braces in it may hold the sign that ends it."""
    depth, place, last = 0, start, min(len(text), start + longest)
    while found := _SIGN.search(text, place, last):
        sign, place = found[0], found.end()
        if sign in "\"'`" and (depth or text[found.start() - 1] in "= \t\n("):
            place = text.find(sign, place, last) + 1
            if not place:
                return None
        elif sign == ">" and depth <= 0:
            return place
        elif sign == "<" and depth <= 0:
            return None
        depth += {"{": 1, "}": -1}.get(sign, 0)
    return None


def _attributes(inside: str) -> Mapping[str, str]:
    return {
        found[1].lower(): next(each for each in found.groups()[1:] if each is not None)
        for found in _ATTRIBUTE.finditer(inside)
    }


def _inner(ends: Ends, tag: Tag) -> tuple[str, int]:
    """What stands between a tag and its end, and where that is over; "" where it has none."""
    closing = ends.closing(tag.name, tag.end)
    after = ends.text.find(">", closing) + 1 if closing is not None else 0
    return (ends.text[tag.end : closing], after) if after else ("", tag.end)


def _literal(found: re.Match[str]) -> str:
    """The address that a variable of Liquid's says in so many words."""
    return found[1] or found[2] or ""


def _stripped(inner: str) -> str:
    return html.unescape(_ANY_TAG.sub("", inner))
