"""Directives and roles that docutils does not know, of which Sphinx has hundreds.

They are read for their text, so that tabs, versions and cards lose none of it; those that nobody
reads as text are counted.
"""

import re
from collections import Counter
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.languages import en

from bot.readers.document import REMARKS, Document
from bot.readers.page import read_page
from bot.readers.reader_limits import ReaderLimits

# Directives whose content nobody reads as text, by what they are counted as.
_SILENT_NAMES = {
    "table of contents": "toctree contents sectnum",
    "include": "include literalinclude automodule autoclass autofunction autosummary",
    "comment": "meta index highlight currentmodule module tabularcolumns default-role program",
}
_SILENT = {name: kind for kind, names in _SILENT_NAMES.items() for name in names.split()}
_CODE = frozenset(("code-block", "sourcecode", "prompt", "parsed-literal", "code-tab", "ipython"))
_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]+\| )?([A-Za-z][\w:+.-]*)::", re.MULTILINE)
_WORDS = re.compile(r"[A-Za-z][\w/+#&-]*\Z|.*\s", re.DOTALL)
_ROLE = re.compile(r":([A-Za-z][\w:+.-]*):`")
_TARGET = re.compile(r"^\s*[!~]?(.*?)(?:\s*<[^<>]*>)?\s*$", re.DOTALL)


def know_directives(text: str, left_out: Counter[str]) -> None:
    """Let docutils know each directive and role of a text that it would refuse."""
    for name in set(_DIRECTIVE.findall(text)):
        short = name.lower()
        if _SILENT.get(short):
            directives.register_directive(short, _silent(_SILENT[short], left_out))
        elif short == "raw":
            directives.register_directive(short, _raw(left_out))
        elif short == "image":
            directives.register_directive(short, _PictureDirective)
        elif short in _CODE:
            directives.register_directive(short, _CodeDirective)
        elif short not in en.directives:
            directives.register_directive(short, _TextDirective)
    for name in set(_ROLE.findall(text)):
        if name.lower() not in en.roles:
            roles.register_local_role(name, _text_role)


class _AnyOptions(dict[str, Any]):
    """Every option is taken as it is: which there are, only the directive's own tool knows."""

    def __getitem__(self, key: str) -> Any:
        return lambda value: value

    def __contains__(self, key: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


class _TextDirective(Directive):
    """A directive whose argument and content are read as text."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOptions()

    def run(self) -> list[Any]:
        said = [nodes.paragraph("", each) for each in self.arguments if _reads(each)]
        held = nodes.container()
        # Headings within a tab begin anew there, as Sphinx has it.
        memo = self.state.memo
        outer = memo.title_styles, memo.section_level
        memo.title_styles, memo.section_level = [], 0
        try:
            self.state.nested_parse(self.content, self.content_offset, held, match_titles=True)
        finally:
            memo.title_styles, memo.section_level = outer
        return [*said, *held.children]


class _CodeDirective(_TextDirective):
    """A directive whose content is code."""

    def run(self) -> list[Any]:
        code = "\n".join(self.content)
        return [nodes.literal_block(code, code)] if code.strip() else []


class _PictureDirective(_TextDirective):
    """A picture, whatever its options: of all that is said of it only its words are read."""

    def run(self) -> list[Any]:
        return [nodes.image("", alt=" ".join(self.options.get("alt", "").split()))]


def _raw(left_out: Counter[str]) -> type[Directive]:
    class Raw(_TextDirective):
        """What is meant for one kind of output: of HTML its text is read, the rest is counted."""

        def run(self) -> list[Any]:
            html = "\n".join(self.content) if "html" in self.arguments[:1] else ""
            page = read_page(html.encode(), ReaderLimits()) if html.strip() else Document("")
            said = page.text.strip()
            if not said:
                left_out["script"] += 1
            remarks = (f"<!-- {each} -->" for each in page.front.get(REMARKS, "").splitlines())
            markdown = "\n\n".join(filter(None, [*remarks, said]))
            return [nodes.raw("", markdown, format="markdown")] if markdown else []

    return Raw


def _silent(kind: str, left_out: Counter[str]) -> type[Directive]:
    class Silent(_TextDirective):
        """A directive that is counted and says nothing."""

        def run(self) -> list[Any]:
            left_out[kind] += 1
            return []

    return Silent


def _text_role(
    _name: str, _raw: str, text: str, *_more: Any, **_options: Any
) -> tuple[list[Any], list[Any]]:
    """A role is the words in it, without where they lead."""
    found = _TARGET.match(text)
    said = (found[1] if found else text).replace("\0", "\\") or text
    return [nodes.Text(said)], []


def _reads(argument: str) -> bool:
    """Whether an argument is words: not a file, a module's name or a version alone."""
    return _WORDS.match(argument.strip()) is not None
