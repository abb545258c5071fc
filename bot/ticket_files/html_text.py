"""Cells that hold HTML, as the words that a person would have read."""

import re

import html_to_markdown

# Text may speak of tags and hold signs like `<`; mail programs and help desks write these.
_TAG = re.compile(
    r"<(?:!doctype|html|body|div|p|br|span|table|t[rdh]|ul|ol|li|a|b|i|em|strong|blockquote|font|h[1-6]"
    r"|pre|hr|img|style|script)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_PLAIN = html_to_markdown.ConversionOptions(
    extract_metadata=False,
    skip_images=True,
    strip_tags=["b", "strong", "i", "em", "u", "s", "del", "mark"],
)
_BREAK = re.compile(r"[ \t]+$", re.MULTILINE)


def plain_text(text: str) -> str:
    """A text as it is, or without its HTML: paragraphs, quotes, lists and links stay."""
    if "<" not in text or _TAG.search(text) is None:
        return text
    try:
        found = html_to_markdown.convert(text, _PLAIN).content or ""
    except html_to_markdown.ConversionError:
        return text
    return _BREAK.sub("", found).strip()
