"""Slack's text in and out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.invisible import visible
from handlers.views.mrkdwn import (
    clipped,
    escape,
    harmless_mrkdwn,
    mentions,
    mrkdwn_link,
    readable_text,
)


@pytest.mark.parametrize(
    ("raw", "typed"),
    [
        ("3 &lt; 5 &amp;&amp; 7 &gt; 6", "3 < 5 && 7 > 6"),
        ("&amp;lt;", "&lt;"),
        ("<@U1> hello", "@U1 hello"),
        ("<@U1|linh> hello", "@linh hello"),
        ("<@UBOT> hello", "hello"),
        ("hello <@UBOT|deskhand>", "hello"),
        ("see <#C1|orders>", "see #orders"),
        ("<!here> <!channel|@channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@team> <!subteam^S1>", "@team @S1"),
        ("<!date^1700000000^{date}|yesterday>", "yesterday"),
        ("<!date^1700000000^{date}|>", "2023-11-14"),
        ("<!date^soon^{date}|>", "@date"),
        ("<#C1|>", "#private channel"),
        ("<#C1>", "#C1"),
        ("<https://a.b/?x=1&amp;y=2>", "https://a.b/?x=1&y=2"),
        ("<https://a.b|the page>", "the page (https://a.b)"),
        ("<https://a.b|https://a.b>", "https://a.b"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("  Giao hàng  ", "Giao hàng"),
        ("", ""),
    ],
)
def test_what_comes_in_reads_as_it_was_typed(raw: str, typed: str) -> None:
    """References become words and entities characters."""
    assert readable_text(raw, without="UBOT") == typed


@given(st.text())
def test_what_was_escaped_comes_back_as_it_was(text: str) -> None:
    """Whatever a person types and sees survives the way out and in again."""
    assert readable_text(escape(text)) == visible(text).strip()


@given(st.text() | st.lists(st.sampled_from(["<", ">", "!", "@", "channel", "here", "|", "U1"])))
def test_nothing_a_model_writes_can_ping(text: str | list[str]) -> None:
    """No reference opens and no crowd is called, in any case of the letters."""
    out = harmless_mrkdwn("".join(text))

    assert "<" not in out
    assert ">" not in out
    assert not re.search(r"@(channel|here|everyone)\b", out, re.IGNORECASE)


@given(st.text(), st.text())
def test_a_link_is_one_link_or_none(url: str, label: str) -> None:
    """No address and no label breaks out of the angle brackets."""
    made = mrkdwn_link(f"https://{url}", label)

    assert made.count("<") == made.count(">") <= 1
    assert made.count("|") <= 1 or not made.startswith("<")


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://a.b/c", "<https://a.b/c|A &amp; ¦ B>"),
        ("javascript:alert(1)", "A &amp; | B"),
        ("https://a.b/|x", "A &amp; | B"),
        ("https://a.b/ c", "A &amp; | B"),
    ],
)
def test_only_a_web_address_becomes_a_link(url: str, made: str) -> None:
    """Anything else is shown as its label."""
    assert mrkdwn_link(url, "A & | B") == made


@pytest.mark.parametrize(
    ("text", "called"),
    [("hi <@UBOT>", True), ("hi <@UBOT|d>", True), ("hi <@UBOTTLE>", False), ("hi UBOT", False)],
)
def test_the_bot_is_called_by_a_mention_of_itself(text: str, called: bool) -> None:
    """Not by another id that begins alike."""
    assert mentions(text, "UBOT") is called


@given(st.text(), st.integers(1, 50))
def test_clipping_keeps_the_limit(text: str, limit: int) -> None:
    """Short texts stay whole, long ones end in an ellipsis."""
    cut = clipped(text, limit)

    assert len(cut) <= limit
    assert cut == text or cut.endswith("…")
