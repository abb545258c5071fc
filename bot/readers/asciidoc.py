"""AsciiDoc as Markdown: headings, lists, tables, code, admonitions, links. Nothing is included.

No library reads it in Python without running a program of Ruby's or JavaScript's. Line by line is
enough for its text: what a line is stands at its beginning.
"""

import re
from collections import Counter
from collections.abc import Iterator

from bot.readers.decoding import decode_text
from bot.readers.document import CannotRead, Document
from bot.readers.reader_limits import ReaderLimits
from bot.readers.remarks import asciidoc_remarks, with_remarks

LONGEST = 5_000  # characters of a line that is looked at for markup

_ATTRIBUTE = re.compile(r":(!?[\w][\w-]*!?):(?:[ \t]+(.*))?$")
_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?$")
_DELIMITER = re.compile(
    r"(-{4,}|={4,}|\.{4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|`{3,}.*|\|={3,}|,={3,}|!={3,})$"
)
_DIRECTIVE = re.compile(
    r"(include|ifdef|ifndef|ifeval|endif|image|video|audio|toc|icon)::(.*?)\[(.*)\]$"
)
_BLOCK_LINE = re.compile(r"\[[^\[\]]*\]$|\[\[[^\]]*\]\]$|\[(?:source|discrete|cols|quote).*\]$")
_TITLE = re.compile(r"\.(?![.\s])(.+)$")
_ITEM = re.compile(r"[ \t]*(\*{1,5}|-|\.{1,5}|\d+\.)[ \t]+(\S.*)$")
_TERM = re.compile(r"[ \t]*(\S.*?)(:{2,4}|;;)(?:[ \t]+(.*))?$")
_ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(.*)$")
_CELL = re.compile(r"(?:(?<=\s)|^)(?:\d+\+|\.\d+\+|[<^>.]{1,3})?[aehlmsv]?\|(?!=)")
_LANGUAGE = re.compile(r"\[(?:source)?(?:%\w+)*,\s*([\w+-]+)")
_XREF = re.compile(
    r"<<[^<>,\n]{1,300}(?:,([^<>\n]{1,300}))?>>|xref:([^\s\[]{1,300})\[([^\]\n]{0,300})\]"
)
_LINK = re.compile(r"(?:link:([^\s\[]{1,1000})|(https?://[^\s\[\]<>]{1,1000}))\[([^\]\n]{0,500})\]")
_MACRO = re.compile(
    r"(?:image|icon|kbd|btn|menu|footnote|stem|anchor|pass|indexterm2?):(?!:)"
    r"([^\s\[]{0,300})\[([^\]\n]{0,500})\]"
)
_ANCHOR = re.compile(
    r"\[\[[^\]\n]{1,200}\]\]|\(\(\([^)\n]{1,300}\)\)\)|\[#[\w.-]{1,100}\](?=[#*_`])"
)
_COMMENT = re.compile(r"//\s*([\w-]+):\s+(.*)$")
_REFERENCE = re.compile(r"(?<!\\)\{([\w][\w-]{0,60})\}")
_INTRINSIC = {
    "nbsp": " ", "zwsp": "", "empty": "", "sp": " ", "plus": "+", "asterisk": "*", "vbar": "|",
    "lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"', "startsb": "[", "endsb": "]",
    "caret": "^", "tilde": "~", "backtick": "`", "two-colons": "::", "cpp": "C++", "deg": "°",
    "ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’",
}  # fmt: skip
_CODE = frozenset("-.`")


def read_asciidoc(data: bytes, limits: ReaderLimits) -> Document:
    """The text as Markdown; its attributes are what it says of itself."""
    text = decode_text(data).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limits.characters:
        raise CannotRead("large")
    reading = _Reading(text.split("\n"))
    body = "\n".join(reading.lines())
    said = with_remarks(reading.said, asciidoc_remarks(text))
    return Document(re.sub(r"\n{3,}", "\n\n", body), said, reading.left_out)


class _Reading:
    """One text. `said` are its attributes, in small letters."""

    def __init__(self, lines: list[str]) -> None:
        self.said: dict[str, str] = {}
        self.left_out: Counter[str] = Counter()
        self._lines = lines
        self._place = 0
        self._values: dict[str, str] = dict(_INTRINSIC)
        self._language = ""

    def lines(self) -> Iterator[str]:
        while self._place < len(self._lines):
            line = self._lines[self._place].rstrip()
            self._place += 1
            yield from [line] if len(line) > LONGEST else self._line(line)

    def _line(self, line: str) -> Iterator[str]:
        if delimiter := _DELIMITER.match(line):
            yield from self._block(delimiter[1])
        elif line.startswith("//"):
            self.left_out["comment"] += 1
            if comment := _COMMENT.match(line):
                self._say(comment[1], comment[2])
        elif attribute := _ATTRIBUTE.match(line):
            self._values[attribute[1].strip("!").lower()] = attribute[2] or ""
            self._say(attribute[1].strip("!"), attribute[2] or "")
        elif directive := _DIRECTIVE.match(line):
            yield from self._directive(*directive.groups())
        elif _BLOCK_LINE.match(line):
            found = _LANGUAGE.match(line)
            self._language = found[1] if found else ""
        elif line in {"+", "<<<", "'''", "---", "***"}:
            yield ""
        else:
            yield from self._text(line)

    def _say(self, name: str, value: str) -> None:
        """Attributes say what the text is; of an audience that is said twice both are kept."""
        key, value = name.lower(), value.strip()
        if key == "audience" and key in self.said and self.said[key] != value:
            value = f"{self.said[key]}\n{value}"
            self.said[key] = value
        self.said.setdefault(key, value)

    def _text(self, line: str) -> Iterator[str]:
        if heading := _HEADING.match(line):
            yield from ("", f"{'#' * len(heading[1])} {self._inline(heading[2])}", "")
        elif title := _TITLE.match(line):
            yield from ("", f"**{self._inline(title[1])}**", "")
        elif admonition := _ADMONITION.match(line):
            yield self._inline(admonition[1])
        elif item := _ITEM.match(line):
            depth = len(item[1]) - 1 if item[1][0] in "*." else 0
            mark = "1." if item[1][0] in ".0123456789" else "-"
            yield f"{'  ' * depth}{mark} {self._inline(item[2])}"
        elif (term := _TERM.match(line)) and "::" not in term[1]:
            yield from ("", f"**{self._inline(term[1])}**", self._inline(term[3] or ""))
        else:
            yield self._inline(line.removesuffix(" +"))

    def _directive(self, name: str, _target: str, words: str) -> Iterator[str]:
        kind = {"include": "include", "image": "picture", "toc": "table of contents"}
        if name in {"video", "audio", "icon"}:
            kind[name] = "picture"
        self.left_out[kind.get(name, "condition")] += 1
        if name == "image":
            alt = words.split(",", maxsplit=1)[0].strip('" ')
            yield "" if "=" in alt else alt
        elif name.startswith("if") and words:
            yield self._inline(words)

    def _block(self, fence: str) -> Iterator[str]:
        """What stands between two fences: code as it is, a table's rows, or text like all other."""
        mark = fence[0]
        if fence.startswith(("|=", ",=", "!=")):
            yield from self._table(self._until(fence))
        elif mark in _CODE and fence != "--":
            code = self._until(fence[:3] if mark == "`" else fence)
            language = fence.strip("`") if mark == "`" else self._language
            yield from ("", f"```{language}", *code, "```", "")
        elif mark in "+/":
            self.left_out["script" if mark == "+" else "comment"] += 1
            self._until(fence)
        else:
            yield ""
        self._language = ""

    def _until(self, fence: str) -> list[str]:
        """The lines up to a fence that ends a block; up to the end where there is none."""
        start = self._place
        while self._place < len(self._lines) and self._lines[self._place].rstrip() != fence:
            self._place += 1
        self._place += 1
        return self._lines[start : self._place - 1]

    def _table(self, lines: list[str]) -> Iterator[str]:
        yield ""
        for line in lines:
            if line.strip() and len(line) <= LONGEST:
                cells = [self._inline(cell.strip()) for cell in _CELL.split(line)]
                shown = cells if cells[0] else cells[1:]
                yield ("| " if not cells[0] else "") + " | ".join(shown)
            else:
                yield line
        yield ""

    def _inline(self, line: str) -> str:
        line = _REFERENCE.sub(self._value, line)
        line = _ANCHOR.sub("", line)
        line = _LINK.sub(self._link, line)
        line = _MACRO.sub(self._macro, line)
        return _XREF.sub(lambda found: found[1] or found[3] or _name(found[2] or ""), line)

    def _value(self, found: re.Match[str]) -> str:
        value = self._values.get(found[1].lower())
        if value is None:
            self.left_out["variable"] += 1
        return value or ""

    def _link(self, found: re.Match[str]) -> str:
        url, words = found[1] or found[2], found[3].split(",window=")[0].rstrip("^")
        return f"[{words}]({url})" if words else url

    def _macro(self, found: re.Match[str]) -> str:
        name = found[0].partition(":")[0]
        if name in {"image", "icon"}:
            self.left_out["picture"] += 1
            return found[2].split(",")[0] if "=" not in found[2] else ""
        if name in {"anchor", "indexterm"}:
            return ""
        return f" ({found[2]})" if name == "footnote" else f"{found[1]} {found[2]}".strip()


def _name(target: str) -> str:
    """What a reference without words shows: the name of where it leads."""
    return target.rpartition("/")[2].partition("#")[0].removesuffix(".adoc").replace("-", " ")
