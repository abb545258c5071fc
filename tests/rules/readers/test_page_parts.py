"""The main content of web pages without the ways around it, and what their heads say, all of it."""

import pytest

from bot.readers.document import REMARKS
from bot.readers.page import read_page
from bot.readers.reader_limits import ReaderLimits

MAIN = "<h1>Returns</h1><p>Within 30 days.</p>"
SAID = "# Returns Within 30 days."


def read(html: str) -> str:
    return " ".join(read_page(html.encode(), ReaderLimits()).text.split())


@pytest.mark.parametrize(
    "html",
    [
        f"<nav><a href=/>Home</a></nav><main>{MAIN}</main><footer>Acme</footer>",
        f"<header>Acme</header>{MAIN}<footer>Privacy</footer>",
        f'<div role="navigation">Menu</div><div role="main">{MAIN}</div><div>Aside</div>',
        f'<a class="skip-link" href="#c">Skip to content</a>{MAIN}',
        f'<a href="#c">Skip to main content</a><article>{MAIN}</article>',
        f'<ol class="breadcrumbs"><li>Home</li></ol>{MAIN}<ul class="pagination"><li>2</li></ul>',
        f'<form id="aspnetForm"><header>Acme</header><div>{MAIN}</div><footer>Me</footer></form>',
        f"<object><canvas>{MAIN}</canvas></object>",
        f"<p hidden>No</p>{MAIN}<script>track()</script><style>p {{}}</style>",
    ],
)
def test_what_leads_around_a_page_is_left_out(html: str) -> None:
    """Whatever element or role it has."""
    assert read(f"<html><body>{html}</body></html>") == SAID


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (f"<main></main>{MAIN}", SAID),
        (f"<main>Hi.</main><div>{MAIN} {'word ' * 40}</div>", None),
        ("<article>One.</article><article>Two.</article>", "One. Two."),
        ("<p>Just text", "Just text"),
        ("<header><h1>Returns</h1></header>" + "<section><header><h2>Where</h2></header>At home."
         "</section>", "## Where At home."),
    ],
)  # fmt: skip
def test_a_part_that_holds_little_is_not_taken_for_all(html: str, said: str | None) -> None:
    """Pages say wrong things about themselves."""
    read_text = read(f"<html><body>{html}</body></html>")

    assert read_text == said if said else "Within 30 days." in read_text


@pytest.mark.parametrize(
    ("head", "audience"),
    [
        ('<meta content="agents" name="audience">', "agents"),
        ("<META NAME=Audience CONTENT=agents>", "agents"),
        ('<meta property="audience" content="agents"><meta name="audience" content="public">',
         "agents\npublic"),
        ('<meta name="audience">', ""),
        ("<title>T</title>", None),
    ],
)  # fmt: skip
def test_all_that_a_head_says_of_the_audience_is_handed_on(head: str, audience: str | None) -> None:
    """Said twice is two values, and said without a value is not the same as not said."""
    document = read_page(
        f"<html><head>{head}</head><body>{MAIN}</body></html>".encode(), ReaderLimits()
    )

    assert document.front.get("audience") == audience


@pytest.mark.parametrize("declared", ["", " encoding='UTF-8'", " encoding='no-such'"])
def test_what_xhtml_says_in_comments_is_handed_on(declared: str) -> None:
    """A page that begins with a declaration of XML is taken apart like any other."""
    page = f"""<?xml version="1.0"{declared}?><html><body><nav>Menu</nav>
        <!-- audience: agents --><p data-audience="staff">Within 30 days.</p></body></html>"""

    document = read_page(page.encode(), ReaderLimits())

    assert document.text.strip() == "Within 30 days."
    assert document.front[REMARKS].splitlines() == ["audience: staff", "audience: agents"]


@pytest.mark.parametrize("depth", [50, 700, 3_000, 60_000])
def test_words_are_read_however_deep_they_stand(depth: int) -> None:
    page = "<html><script>no</script>" + "<div>" * depth + "Wipe the <b>lid</b>."

    text = read_page(page.encode(), ReaderLimits()).text

    assert text.replace("*", "").replace(".", "").split() == ["Wipe", "the", "lid"]


def test_what_elements_say_is_heard_however_many_comments_there_are() -> None:
    """Remarks are bounded, and comments are what a page has most of."""
    page = f"<html><body>{'<!-- x -->' * 500}<p class='staff-only'>Ten.</p></body></html>"

    document = read_page(page.encode(), ReaderLimits())

    assert "class: staff-only" in document.front[REMARKS].splitlines()
