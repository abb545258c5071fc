"""Cutting articles into passages."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.knowledge import passages as knowledge_passages
from bot.knowledge.front_matter import split_front_matter
from bot.knowledge.passages import MOST_CHARS

LINES = st.one_of(
    st.text(max_size=40),
    st.text(min_size=1000, max_size=3000),
    st.sampled_from(
        [
            "",
            "   ",
            "# Title",
            "## Giao hàng",
            "##",
            "#no heading",
            "```python",
            "# a comment in code",
            "```",
            "~~~",
            "- a point",
            "First. Second! Third? 第四。",
            "\u2028 \x0b \x85 odd breaks",
            "👍🏽 é ộ",
            "---",
        ]
    ),
)
BODIES = st.builds(
    lambda lines, end: "\n".join(lines) + end, st.lists(LINES, max_size=15), st.just("\n")
) | st.text(max_size=4000)


def squeezed(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None)
@given(BODIES)
def test_sections_join_to_the_body(body: str) -> None:
    """Nothing is lost, repeated or moved, whatever the text is."""
    assert "".join(part.text for part in knowledge_passages.split_sections(body)) == body


@settings(deadline=None)
@given(BODIES)
def test_every_paragraph_is_kept_once_and_within_bounds(body: str) -> None:
    """What is citable is all that is not a heading, in order, in blocks a model can take."""
    plain = [block for block in knowledge_passages.split_blocks(body) if not block.level]
    cited = [
        piece.said(part.heading)
        for part in knowledge_passages.split_sections(body)
        for piece in part.blocks
        if not piece.level
    ]

    assert squeezed("".join(block.text for block in plain)) == squeezed("".join(cited))
    assert all(len(paragraph) <= MOST_CHARS for paragraph in cited)


@settings(deadline=None)
@given(BODIES)
@example("---\n# 0\n")
def test_every_heading_is_in_a_path_or_citable(body: str) -> None:
    """A heading with nothing under it is not lost; what front matter holds is none of the text."""
    shown = {
        text
        for part in knowledge_passages.read_article("a.txt", "\n" + body).passages
        for text in (part.title, *part.heading, *part.paragraphs)
    }
    normal = ("\n" + body).replace("\r\n", "\n").replace("\r", "\n")

    blocks = knowledge_passages.split_blocks(split_front_matter(normal).body)
    assert {block.title for block in blocks if block.title} <= shown


@settings(deadline=None)
@given(BODIES)
def test_windows_line_ends_change_nothing(body: str) -> None:
    """A file saved on Windows gives the same passages and the same hash."""
    body = body.replace("\r", "")

    assert knowledge_passages.read_article(
        "a.md", body.replace("\n", "\r\n")
    ) == knowledge_passages.read_article("a.md", body)


def test_front_matter_describes_the_article() -> None:
    """The keys before the text end up on every passage."""
    raw = (
        '---\ntitle: "Trả hàng"\nurl: https://help.example.com/vi/r\naudience: agents\n'
        "language: vi\nreviewed-on: 2026-10-01\n---\n\n# Trả hàng\n\n## Ở đâu\n\nTại nhà.\n"
    )
    article = knowledge_passages.read_article("returns.md", raw)

    assert [(p.title, p.heading, p.paragraphs, p.audience) for p in article.passages] == [
        ("Trả hàng", ("Ở đâu",), ("Tại nhà.",), "agents")
    ]
    assert article.reviewed_on is not None
    assert article.reviewed_on.isoformat() == "2026-10-01"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("# Opening hours\n\nAlways.", "Opening hours"),
        ("Opening hours {#hours}\n=====\n\nAlways.", "Opening hours"),
        ("## Opening hours {: #hours .wide }\n\nAlways.", "Opening hours"),
        ('# <a name="hours"></a>Opening hours\n\nAlways.', "Opening hours"),
        ("Always.", "hours"),
        ("---\n\nA rule, not front matter.\n\n---\n", "hours"),
    ],
)
def test_a_missing_title_is_taken_from_the_heading_or_the_file(raw: str, title: str) -> None:
    """An article always has a title."""
    assert knowledge_passages.read_article("help/hours.md", raw).title == title


def test_a_rule_at_the_top_is_text_and_not_front_matter() -> None:
    """Text between two rules is not swallowed."""
    passages = knowledge_passages.read_article("a.md", "---\n\nKept.\n\n---\n").passages

    assert "Kept." in passages[0].paragraphs


def test_code_keeps_its_hash_lines() -> None:
    """A comment in a code fence is no heading."""
    raw = "# Setup\n\n```\n# install\n\nmake\n```\n"

    assert knowledge_passages.read_article("a.md", raw).passages[0].paragraphs == (
        "```\n# install\n\nmake\n```",
    )


def test_a_long_section_is_cut_between_paragraphs() -> None:
    """Paragraphs stay whole while they fit."""
    long = "\n\n".join(f"{number} " + "word " * 100 for number in range(5))
    passages = knowledge_passages.read_article("a.md", long).passages

    assert [len(passage.paragraphs) for passage in passages] == [2, 2, 1]


def test_headings_without_text_are_cut_too() -> None:
    """A file of headings alone is several passages, and is read in linear time."""
    body = "# tea\n" * 30_000
    sections = list(knowledge_passages.split_sections(body))

    assert "".join(each.text for each in sections) == body
    assert max(len(each.blocks) for each in sections) <= 100
