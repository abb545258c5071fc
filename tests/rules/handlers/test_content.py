"""What a message of Slack's says to its reader, whatever people put into it."""

from typing import Any

import pytest

from bot.messages.content import LEFT_OUT, Content
from bot.text.invisible import visible
from handlers.events.content import read_content

TYPED = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Is it in stock?"}]}]
RICH = [{"type": "rich_text", "elements": TYPED}]
SHARED: dict[str, Any] = {
    "is_share": True,
    "is_msg_unfurl": True,
    "author_name": "Hoa",
    "channel_id": "C9",
    "text": "Is it in stock?",
    "from_url": "https://x.slack.com/archives/C9/p1",
    "message_blocks": [{"message": {"blocks": RICH}}],
}


def read(**message: Any) -> Content:
    """A message by the bot U1's customer."""
    return read_content({"type": "message", "text": "", **message}, without="U1")


def test_words_are_what_was_typed() -> None:
    """The blocks of a typed message say the same as its text, and are not read twice."""
    content = read(text="Is it in stock?", blocks=RICH)
    assert content.text == "Is it in stock?"
    assert not content.quotes


def test_blocks_are_the_words_where_there_is_no_text() -> None:
    assert read(blocks=RICH).words == "Is it in stock?"


def test_a_forward_is_quoted_with_who_said_it() -> None:
    content = read(text="What do I tell her?", attachments=[SHARED])
    assert content.words == "What do I tell her?"
    assert content.text == "What do I tell her?\n\n[Forwarded from Hoa]\nIs it in stock?"
    assert content.asked == "What do I tell her?\nIs it in stock?"


def test_a_forward_of_a_forward_is_read_to_its_end() -> None:
    inner = {**SHARED, "author_name": "Tuấn", "message_blocks": [], "text": "Còn hàng không?"}
    content = read(attachments=[{**SHARED, "attachments": [inner]}])
    assert [quote.author for quote in content.quotes] == ["Hoa", "Tuấn"]


def test_the_files_of_a_forward_are_files_of_the_message() -> None:
    file = {"id": "F1", "name": "bill.pdf", "mimetype": "application/pdf", "size": 7}
    content = read(attachments=[{**SHARED, "files": [file]}])
    assert [each.name for each in content.files] == ["bill.pdf"]


@pytest.mark.parametrize(
    "preview",
    [
        {"from_url": "https://shop.example.com", "service_name": "Shop", "text": "20 % off!"},
        {"original_url": "https://shop.example.com", "title": "Shop", "text": "20 % off!"},
        {"is_app_unfurl": True, "blocks": RICH},
    ],
)
def test_previews_of_links_are_not_the_authors_words(preview: dict[str, Any]) -> None:
    assert read(text="see https://shop.example.com", attachments=[preview]).quotes == ()


def test_a_pasted_table_keeps_its_rows() -> None:
    cells: list[list[dict[str, Any]]] = [
        [{"type": "raw_text", "text": "Order"}, {"type": "raw_text", "text": "Due"}]
    ]
    cells += [[{"type": "raw_text", "text": "551"}, {"type": "rich_text", "elements": TYPED}]]
    table = {"type": "table", "rows": cells}
    assert read(attachments=[{"blocks": [table]}]).asked == "Order | Due\n551 | Is it in stock?"
    assert "551" in read(text="these please", blocks=[*RICH, table]).text


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            {
                "mode": "email",
                "title": "Broken",
                "plain_text": "My kettle leaks.",
                "from": [{"name": "An", "address": "an@example.com"}],
            },
            "[E-mail from An <an@example.com>: Broken]\nMy kettle leaks.",
        ),
        ({"mode": "snippet", "title": "Untitled", "preview": "error 12"}, "[Snippet]\nerror 12"),
        ({"mode": "quip", "filetype": "quip", "title": "Plan"}, "[Canvas: Plan]"),
        (
            {"transcription": {"status": "complete", "preview": {"content": "Call me."}}},
            "[Transcript of a recording]\nCall me.",
        ),
        ({"transcription": {"status": "processing", "preview": {"content": "Ca"}}}, ""),
        ({"transcription": {"status": "complete", "preview": "odd"}}, ""),
    ],
)
def test_files_that_say_something_are_quoted(file: dict[str, Any], text: str) -> None:
    content = read(files=[file])
    assert content.text == text
    assert len(content.files) == 1


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("<@U1> hello <@U2>", "hello @U2"),
        ("call <tel:+84901234567|+84 90 123 4567>", "call +84 90 123 4567"),
        ("<tel:+84901234567|my office>", "my office (+84901234567)"),
        ("<mailto:an@example.com|an@example.com>", "an@example.com"),
        ("<!date^1795000000^{date_short}|Nov 18>", "Nov 18"),
        ("<!subteam^S1|@support> <!here>", "@support @here"),
        ("<!subteam^S1>", "@S1"),
        ("I typed &amp;lt;b&amp;gt;", "I typed &lt;b&gt;"),
        ("3 &lt; 5 &amp;&amp; 6 &gt; 2", "3 < 5 && 6 > 2"),
        ("<https://evil.example.com|https://shop.example.com>",
         "https://shop.example.com (https://evil.example.com)"),
    ],
)  # fmt: skip
def test_slacks_marks_become_what_people_read(typed: str, seen: str) -> None:
    assert read(text=typed).text == seen


def test_names_stand_for_ids_where_they_are_known() -> None:
    names = {"U2": "Bảo", "C5": "orders", "S1": "support"}
    told = read_content({"text": "<@U2> in <#C5|old>, <!subteam^S1>"}, names=names)
    assert told.text == "@Bảo in #orders, @support"


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("How\u200b long does deli\u00adve\u2060ry ta\u200bke?", "How long does delivery take?"),
        ("\u200b", ""),
        ("\u3164", ""),
        ("\u2060\u200d", ""),
        ("\u2800", ""),
        ("abc\u202edef", "abcdef"),
        ("👩\u200d🔧 and 👨\u200d👩\u200d👧", "👩\u200d🔧 and 👨\u200d👩\u200d👧"),
        ("नमस्\u200dते", "नमस्\u200dते"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("pay\u200dpal", "paypal"),
    ],
)
def test_what_nobody_sees_is_left_out(typed: str, seen: str) -> None:
    assert visible(typed).strip() == seen


@pytest.mark.parametrize("unseen", ["\u200b\u3164", "\ufe0f\ufe0f", "\u00a0\ufe0f"])
def test_only_invisible_characters_are_nothing(unseen: str) -> None:
    assert read(text=unseen).empty


def test_what_says_how_an_emoji_looks_stays_with_it() -> None:
    """The twin."""
    assert read(text="\u2764\ufe0f").words == "\u2764\ufe0f"


@pytest.mark.parametrize(
    "odd",
    [
        {"blocks": "text"},
        {"blocks": [None, 5, {"type": "rich_text", "elements": {"type": "text"}}]},
        {"attachments": [None, "x", {"is_share": True, "message_blocks": [1, {"message": 2}]}]},
        {"files": [None, {"id": 7, "name": None, "size": "big"}]},
        {"text": None},
    ],
)
def test_odd_shapes_raise_nothing(odd: dict[str, Any]) -> None:
    read(**odd)


def test_hostile_nesting_ends_and_says_so() -> None:
    block: dict[str, Any] = {"type": "section", "text": "deep"}
    for _ in range(5_000):
        block = {"type": "container", "child_blocks": [block, {"type": "section", "text": "x"}]}
    assert len(read(blocks=[block] * 50).words) < 40_001
    wide = read(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "a" * 9_000}}] * 9)
    assert wide.cut
    assert len(wide.words) == 40_000
    assert wide.text.endswith(LEFT_OUT)


def test_a_forward_within_a_forward_is_read_with_its_files() -> None:
    """Be it beside the message that is shown whole, or within it; each file once."""
    file = {"id": "F7", "name": "bill.pdf", "mode": "hosted", "size": 9}
    words = {"text": "Is it late?", "message_blocks": []}
    inner = {**SHARED, "author_name": "Ann", **words, "files": [file]}
    whole = {"message": {"blocks": [], "attachments": [inner], "files": [file]}}
    for outer in (
        {**SHARED, "author_name": "Tom", "attachments": [inner]},
        {**SHARED, "author_name": "Tom", "text": "", "message_blocks": [whole]},
    ):
        content = read(attachments=[outer])
        assert "Is it late?" in content.text
        assert "Forwarded from Ann" in content.text
        assert [each.name for each in content.files] == ["bill.pdf"]


POSTED: dict[str, Any] = {"bot_id": "B1", "text": "New form", "blocks": RICH}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (POSTED, "Is it in stock?"),
        ({**POSTED, "bot_id": None, "subtype": "bot_message"}, "Is it in stock?"),
        ({**POSTED, "bot_id": None}, "New form"),
        ({**POSTED, "blocks": [{"type": "divider"}]}, "New form"),
        ({"text": "This content can't be displayed.", "blocks": RICH}, "Is it in stock?"),
        ({"text": "This content can't be displayed."}, ""),
    ],
)
def test_of_an_apps_post_the_blocks_are_shown_where_they_say_something(
    message: dict[str, Any], words: str
) -> None:
    """What a person typed stands in the text, unless Slack found no words for it."""
    assert read(**message).words == words


def test_a_video_is_read_by_its_title_and_what_is_told_of_it() -> None:
    """A block of an app's."""
    told = {name: {"type": "plain_text", "text": name} for name in ("title", "description")}
    assert read(bot_id="B1", blocks=[{"type": "video", **told}]).words == "title\ndescription"


def test_a_date_without_words_is_read_by_its_day() -> None:
    """In rich text."""
    date = {"type": "date", "timestamp": 1700000000, "format": "{date}", "fallback": ""}
    section = {"type": "rich_text_section", "elements": [date]}
    assert read(blocks=[{"type": "rich_text", "elements": [section]}]).words == "2023-11-14"


def test_rich_text_alone_is_read_line_by_line() -> None:
    """Numbers of a list, marks of what is quoted, colours, and how code is indented."""
    lists: list[dict[str, Any]] = [
        {"type": "rich_text_list", "style": "ordered", "elements": TYPED * 2},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": TYPED},
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": TYPED},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "one\ntwo"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "if x:\n    y"}]},
        {"type": "rich_text_section", "elements": [{"type": "color", "value": "#F405B3"}]},
    ]
    assert read(blocks=[{"type": "rich_text", "elements": lists}]).words.splitlines() == [
        "1. Is it in stock?", "2. Is it in stock?", "- Is it in stock?", "3. Is it in stock?",
        "> one", "> two", "if x:", "    y", "#F405B3",
    ]  # fmt: skip
