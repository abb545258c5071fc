"""Markup in and out: what typing becomes, what a reader sees."""

from typing import Any

import pytest

from emulator.slack import display, mrkdwn

NAMES = {"U100": "linh", "C100": "orders", "S100": "agents"}


class Directory:
    """Three names."""

    def id_of(self, handle: str) -> str | None:
        return next((i for i, name in NAMES.items() if name == handle.casefold()), None)

    def name_of(self, identifier: str) -> str | None:
        return NAMES.get(identifier)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<@U100> and <@U404>", "<@U100> and &lt;@U404&gt;"),
        ("@Linh, @nobody", "<@U100>, @nobody"),
        ("@agents please", "<!subteam^S100> please"),
        ("@channel now", "<!channel> now"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("me@linh.example", "<mailto:me@linh.example|me@linh.example>"),
        ("see https://a.example/x.", "see <https://a.example/x>."),
        ("in <#C100>", "in <#C100>"),
    ],
)
def test_typing_becomes_markup(typed: str, text: str) -> None:
    """Escapes, mentions, links; what only looks like them stays text."""
    assert mrkdwn.compose(typed, Directory()).text == text


def test_rich_text_holds_what_was_typed_unescaped() -> None:
    """The elements of the rich_text block, one per piece."""
    assert mrkdwn.compose("a & @linh: https://a.example", Directory()).elements == [
        {"type": "text", "text": "a & "},
        {"type": "user", "user_id": "U100"},
        {"type": "text", "text": ": "},
        {"type": "link", "url": "https://a.example"},
    ]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<@U100> &amp; <#C100|x>", "@linh & #orders"),
        ("<!here> <!subteam^S100>", "@here @agents"),
        ("<https://a.example|a page>", "a page (https://a.example)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<!date^1^{date}|yesterday>", "yesterday"),
        ("&lt;!channel&gt;", "<!channel>"),
    ],
)
def test_markup_reads_as_people_see_it(text: str, seen: str) -> None:
    """Names for ids, labels for links, no escapes."""
    assert mrkdwn.rendered(text, NAMES.get) == seen


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a & b < c", "a &amp; b &lt; c"),
        ("&lt;kept&gt; <@U100>", "&lt;kept&gt; <@U100>"),
        ("<https://a.example?x=1&amp;y=2>", "<https://a.example?x=1&amp;y=2>"),
    ],
)
def test_stray_characters_of_an_app_are_escaped(sent: str, stored: str) -> None:
    """Markup and escapes that are right stay as they are."""
    assert mrkdwn.normalise(sent) == stored


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ({"type": "header", "text": plain("Digest")}, ["Digest"]),
        (
            {
                "type": "section",
                "fields": [plain("a"), plain("b")],
                "accessory": {"type": "static_select", "placeholder": plain("Pick")},
            },
            ["a", "b", "[Pick ▾]"],
        ),
        ({"type": "context", "elements": [plain("x"), plain("y")]}, ["x  y"]),
        ({"type": "divider"}, ["———"]),
        ({"type": "image", "alt_text": "chart"}, ["(image: chart)"]),
        (
            {
                "type": "input",
                "label": plain("Note"),
                "element": {"type": "plain_text_input", "placeholder": plain("Write")},
            },
            ["Note: [Write]"],
        ),
        (
            {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, plain("b")]]},
            ["a | b"],
        ),
        (
            {
                "type": "context_actions",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "positive_button": {"text": plain("Good")},
                        "negative_button": {"text": plain("Bad")},
                    }
                ],
            },
            ["[Good] [Bad]"],
        ),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "user", "user_id": "U100"},
                                    {"type": "text", "text": " waits"},
                                ],
                            }
                        ],
                    }
                ],
            },
            ["• @linh waits"],
        ),
    ],
)
def test_blocks_are_drawn_as_lines(block: dict[str, Any], lines: list[str]) -> None:
    """Each kind of block as text."""
    assert display.lines([block], NAMES.get) == lines
