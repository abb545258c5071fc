"""Markup within prose: shortcodes, Liquid, tags of HTML and JSX, expressions, pictures.

One walk from mark to mark. What has no end is text and stays.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping

from bot.knowledge.markup.ends import Ends
from bot.knowledge.markup.shortcodes import Shortcode, read_shortcode
from bot.knowledge.markup.tags import CELL, TagWriter, read_tag

LONGEST = 20_000  # characters of one tag or expression

_MARK = re.compile(
    r"\\[{<\[!`]|`+|\{\{|\{%|\{:|\{/\*|<|\{|!\[|:(?:material|octicons|fontawesome|simple)-[\w-]+:"
)
_PICTURE = re.compile(r"!\[([^\]\n]{0,1000})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
_LINKED_PICTURE = re.compile(r"\[\s*\]\([^)\n]{0,2000}\)")
_ATTRIBUTES = re.compile(r"\{:[^{}\n]{0,1000}\}|\{\s*[.#][\w-][^{}\n]{0,1000}\}")
_LITERAL = re.compile(r"""-?\s*(?:"([^"]*)"|'([^']*)')""")
_EMPTY_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(\s*\)")
_TEXT = re.compile(r"""\{\s*(?:"([^"\n]*)"|'([^'\n]*)'|`([^`]*)`)\s*\}""")
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,500})\] ?\[([^\[\]\n]{0,200})\]")
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
_BRACE = re.compile(r"[{}]")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


class MarkupScanner:
    """Makes prose of prose with markup; `left_out` counts what goes, by kind."""

    def __init__(
        self, left_out: Counter[str], references: Mapping[str, str], *, mdx: bool = False
    ) -> None:
        self._left_out = left_out
        self._references = references
        self._mdx = mdx
        self._tags = TagWriter(left_out)
        self._text = ""
        self._ends = Ends("")

    def plain(self, text: str) -> str:
        """The text as a reader of the built page sees it."""
        self._text, self._ends = text, Ends(text)
        out: list[str] = []
        place = 0
        while found := _MARK.search(text, place):
            out.append(_unescaped(text[place : found.start()]))
            said, place = self._marked(found)
            if said == CELL:
                out[-1] = out[-1].rstrip()
            out.append(said)
        out.append(_unescaped(text[place:]))
        said = _LINKED_PICTURE.sub("", self._resolved("".join(out)))
        return _BLANK.sub("\n\n", _EMPTY_LINK.sub(r"\1", said))

    def _marked(self, found: re.Match[str]) -> tuple[str, int]:
        """What a mark and all that belongs to it say, and where the text goes on."""
        mark, start = found[0], found.start()
        readers: Mapping[str, Callable[[int], tuple[str, int] | None]] = {
            "{{": self._braces, "{%": self._liquid, "{:": self._attributes, "{/*": self._comment,
            "<": self._tag, "{": self._expression, "![": self._picture,
        }  # fmt: skip
        if mark[0] == "`":
            return self._code(start, mark)
        if mark[0] == ":":
            return "", found.end()
        read = readers.get(mark)
        # A mark with a backslash before it is meant as text, and so is one that leads to nothing.
        return (read(start) if read else None) or (mark, found.end())

    def _code(self, start: int, ticks: str) -> tuple[str, int]:
        """Code within a line, as it is."""
        end = self._ends.find(ticks, start + len(ticks))
        if end is None or end - start > LONGEST or "\n\n" in self._text[start:end]:
            return ticks, start + len(ticks)
        return self._text[start : end + len(ticks)], end + len(ticks)

    def _braces(self, start: int) -> tuple[str, int] | None:
        if self._text.startswith(("{{<", "{{%"), start):
            return self._shortcode(start, self._text[start + 2])
        inner, end = self._until("}}", start + 2)
        if inner is None or "\n" in inner.strip():
            return None
        # `{{ '/docs/' | relative_url }}` says an address; what another variable says nobody knows.
        if literal := _LITERAL.match(inner):
            return literal[1] or literal[2] or "", end
        self._left_out["include" if inner.lstrip().startswith("#include") else "variable"] += 1
        return "", end

    def _shortcode(self, start: int, kind: str) -> tuple[str, int] | None:
        close = (">" if kind == "<" else "%") + "}}"
        inner, end = self._until(close, start + 3)
        if inner is None:
            return None
        if inner.lstrip().startswith("/*"):
            return f"{{{{{kind}{inner.strip().strip('/*')}{close}", end
        return self._written(read_shortcode(inner), end, "{{" + kind, close)

    def _liquid(self, start: int) -> tuple[str, int] | None:
        inner, end = self._until("%}", start + 2)
        if inner is None:
            return None
        tag = read_shortcode(inner.strip("-"))
        if tag.name in {"comment", "raw"}:
            return self._whole(tag.name, end)
        return self._written(tag, end, "{%", "%}")

    def _whole(self, name: str, start: int) -> tuple[str, int] | None:
        """What stands between a tag of Liquid's and its end: said as it is, or a comment."""
        pattern = re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}")
        closing = self._ends.match(pattern, start)
        if not closing:
            return "", start
        if name == "comment":
            self._left_out["comment"] += 1
            return "", closing.end()
        return self._text[start : closing.start()], closing.end()

    def _written(
        self, tag: Shortcode, end: int, opening: str, close: str
    ) -> tuple[str, int] | None:
        if tag.is_code and not tag.closing:
            closes = rf"-?\s*(?:/|end)\s*{re.escape(tag.name)}\s*-?"
            pattern = re.compile(f"{re.escape(opening)}{closes}{re.escape(close)}")
            if last := self._ends.match(pattern, end):
                code = self._text[end : last.start()].strip("\n")
                return f"\n\n```\n{code}\n```\n\n", last.end()
        self._left_out[tag.kind] += 1
        own_line = self._owns_line(end)
        return tag.said(own_line=own_line), end

    def _tag(self, start: int) -> tuple[str, int] | None:
        tag = read_tag(self._ends, start, mdx=self._mdx)
        return self._tags.write(tag, self._ends) if tag else None

    def _expression(self, start: int) -> tuple[str, int] | None:
        if attributes := _ATTRIBUTES.match(self._text, start):
            return "", attributes.end()
        if not self._mdx:
            return None
        if text := _TEXT.match(self._text, start):
            return next(each for each in text.groups() if each is not None), text.end()
        end = self._ends.spent(start, _balanced(self._text, start, self._ends.allowed(LONGEST)))
        if end is None:
            return None
        self._left_out["expression"] += 1
        return "", end

    def _attributes(self, start: int) -> tuple[str, int] | None:
        found = _ATTRIBUTES.match(self._text, start)
        return ("", found.end()) if found else None

    def _comment(self, start: int) -> tuple[str, int] | None:
        inner, end = self._until("*/}", start + 3, LONGEST * 10)
        if inner is None:
            return None
        self._left_out["comment"] += 1
        return "", end

    def _picture(self, start: int) -> tuple[str, int] | None:
        """A picture is what its words say; many have none."""
        found = _PICTURE.match(self._text, start)
        if not found:
            return None
        self._left_out["picture"] += 1
        return found[1].strip(), found.end()

    def _until(self, close: str, start: int, most: int = LONGEST) -> tuple[str | None, int]:
        """What stands before an end, and where that is over; None where there is none nearby."""
        end = self._ends.find(close, start)
        if end is None or end - start > most:
            return None, start
        return self._text[start:end], end + len(close)

    def _owns_line(self, end: int) -> bool:
        return _LINE_END.match(self._text, end) is not None

    def _resolved(self, text: str) -> str:
        """Links by a name as links to where the name leads."""
        if not self._references:
            return text

        def resolved(found: re.Match[str]) -> str:
            name = " ".join((found[2] or found[1]).lower().split())
            url = self._references.get(name)
            return f"[{found[1]}]({url})" if url else found[0]

        return _REFERENCE.sub(resolved, text)


def _unescaped(text: str) -> str:
    """Entities as the letters they stand for; a space that does not break is a space."""
    return html.unescape(text).replace("\xa0", " ") if "&" in text or "\xa0" in text else text


def _balanced(text: str, start: int, longest: int) -> int | None:
    """Where an expression in braces ends; None where it does not nearby."""
    depth = 0
    for found in _BRACE.finditer(text, start, start + longest):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return None
