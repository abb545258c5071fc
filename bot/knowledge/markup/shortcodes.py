"""Shortcodes of Hugo's and tags of Liquid's: what they are called, and what of them is text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Arguments that people read on the page.
TEXTS = ("title", "text", "label", "summary", "header", "caption", "content", "description", "body")
_NAME = re.compile(r"\s*(/?)\s*([\w./:-]*)")
_ARGUMENT = re.compile(r"""([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`)""")
_INCLUDES = frozenset(("include", "include_relative", "includes", "snippet", "partial", "readfile"))
_VARIABLES = frozenset(("data", "param", "ref", "relref", "link", "post_url", "var", "site"))
_CODE = frozenset(("highlight", "code", "codeblock"))
# Shortcodes whose first bare word in quotes is what they show.
_TITLED = frozenset(
    ("tab", "tabitem", "details", "expand", "accordion", "heading", "collapse", "step")
)
_QUOTED = re.compile(r"""\s*[\w./:-]+\s+(?:"([^"]*)"|'([^']*)')\s*$""")


@dataclass(frozen=True)
class Shortcode:
    """A tag with its arguments; `closing` is one that ends another."""

    name: str
    closing: bool = False
    arguments: Mapping[str, str] = field(default_factory=dict)
    quoted: str = ""

    @property
    def is_code(self) -> bool:
        return self.name in _CODE

    @property
    def kind(self) -> str:
        """What it is counted as."""
        if self.name in _INCLUDES:
            return "include"
        return "variable" if self.name in _VARIABLES else "shortcode"

    def said(self, *, own_line: bool) -> str:
        """The text in it: a title on a line of its own, or words within a sentence."""
        words = [self.arguments[key].strip() for key in TEXTS if self.arguments.get(key)]
        if self.name in _TITLED:
            words = [*words, self.arguments.get("name", ""), self.quoted]
        words = list(dict.fromkeys(filter(None, words)))
        if not words:
            return ""
        return "\n\n" + "\n\n".join(words) + "\n\n" if own_line else " ".join(words)


def read_shortcode(inner: str) -> Shortcode:
    """The tag between its braces."""
    named = _NAME.match(inner)
    name = named[2].lower() if named else ""
    arguments = {
        found[1].lower(): next(each for each in found.groups()[1:] if each is not None)
        for found in _ARGUMENT.finditer(inner)
    }
    quoted = _QUOTED.match(inner)
    return Shortcode(
        name=name.rpartition("/")[2],
        closing=bool(named and named[1]) or name.startswith("end"),
        arguments=arguments,
        quoted=(quoted[1] or quoted[2] or "") if quoted else "",
    )
