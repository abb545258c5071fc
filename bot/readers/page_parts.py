"""The parts of a web page: its main content, without the ways around it, and what its head says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

MOST_TAGS = 200  # of what a head says, and of comments
LONGEST_REMARK = 120  # characters of a comment that may say for whom a page is

# Elements that lead around a page or belong to its frame, wherever they stand.
_AROUND = """
    //nav | //script | //style | //template | //noscript | //iframe | //dialog | //menu
    | //*[@role="navigation" or @role="search" or @role="banner" or @role="contentinfo"]
    | //*[@hidden] | //button[not(ancestor::p)] | //body/header | //body/footer
    | //body/div/header | //body/div/footer"""
_AROUND_CLASS = re.compile(
    r"(?:^|[\s_-])(?:skip(?:-?(?:to|nav|link)[\w-]*)?|breadcrumbs?|pagination|pager|toc|"
    r"table-of-contents|cookie[\w-]*|edit-?(?:this-?)?page|sr-only|visually-hidden)(?:$|\s)",
    re.IGNORECASE,
)
# Classes that may say for whom a part is; there are many others on a page.
_WITHIN = re.compile(
    r"internal|confidential|intern$|vertraulich|noi-?bo|(?:staff|agents?|employees?)-?only", re.I
)
_SKIP = re.compile(r"(?:skip|jump) to (?:the )?(?:main |page )?(?:content|navigation|search)", re.I)
# What the converter takes for one line, and some tools put around a whole page.
_FRAMES = ("form", "object", "canvas", "audio", "video")
# A part that holds less of the page's words than this is not its main content.
_ENOUGH = 0.2


@dataclass(frozen=True)
class PageParts:
    """The main content as HTML, how many parts around it were left out, and the head's words.

    A name that `tags` say twice has both values, one a line: who reads it must not miss either.
    `remarks` are short comments, and for whom elements say they are. `words` are those of the
    content, a space between two.
    """

    content: str
    around: int
    tags: Mapping[str, str] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    words: str = ""


def page_parts(html: str) -> PageParts | None:
    """The parts of a page; None where it is none that can be taken apart."""
    try:
        root = document_fromstring(html, parser=HTMLParser(huge_tree=True))
    except (etree.LxmlError, ValueError):
        return None
    tags, remarks = _tags(root), tuple(islice(_remarks(root), MOST_TAGS))
    for frame in list(root.iter(*_FRAMES)):
        frame.drop_tag()
    around = _drop_around(root)
    main = _main(root)
    words = " ".join(main.text_content().split())
    return PageParts(tostring(main, encoding="unicode"), around, tags, remarks, words)


def _tags(root: HtmlElement) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        if name and len(found) < MOST_TAGS:
            found.setdefault(name, []).append((meta.get("content") or "").strip())
    return {name: "\n".join(dict.fromkeys(values)) for name, values in found.items()}


def _remarks(root: HtmlElement) -> Iterator[str]:
    """For whom elements say they are, and comments of a line, those above the page too."""
    for value in root.xpath("//@data-audience"):
        yield f"audience: {str(value)[:LONGEST_REMARK]}"
    yield from (f"class: {each[:LONGEST_REMARK]}" for each in sorted(_readers_of_parts(root)))
    for each in root.xpath("/comment() | //comment()"):
        said = " ".join(str(each.xpath("string()")).strip("- \t\n").split())
        if said and len(said) <= LONGEST_REMARK:
            yield said


def _readers_of_parts(root: HtmlElement) -> set[str]:
    """Classes and data of elements that may say who sees them."""
    classes = {each for value in root.xpath("//@class") for each in str(value).split()}
    seen_by = root.xpath("//@data-visibility | //@data-role | //@data-roles | //@data-access")
    return {*filter(_WITHIN.search, classes), *map(str, seen_by)}


def _drop_around(root: HtmlElement) -> int:
    around = [*root.xpath(_AROUND), *filter(_leads_around, root.xpath("//body//*[@class]|//a"))]
    dropped = 0
    for each in dict.fromkeys(around):
        if each.getparent() is not None:
            each.drop_tree()
            dropped += 1
    return dropped


def _leads_around(element: HtmlElement) -> bool:
    if element.tag == "a" and (element.get("href") or "").startswith("#"):
        return _SKIP.fullmatch(" ".join(element.text_content().split())) is not None
    return _AROUND_CLASS.search(element.get("class") or "") is not None


def _main(root: HtmlElement) -> HtmlElement:
    """The element that a page says is its main one, where most of its words are there."""
    found = root.find("body")
    body = root if found is None else found
    words = len(body.text_content().split())
    for path in ("//main", '//*[@role="main"]', "//article"):
        parts = root.xpath(path)
        if len(parts) == 1 and len(parts[0].text_content().split()) >= max(1, words * _ENOUGH):
            return parts[0]
    return body
