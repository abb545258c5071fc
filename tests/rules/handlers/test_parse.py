"""What people type after `/ticket`, read: each mistake a sentence."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.refusals import ActionRefused
from handlers.commands.parse import FilterReader, days_typed, read_command
from storage.tickets.search import NOBODY, TicketFilter
from storage.tickets.states import LIVE

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
READER = FilterReader("UMAI", ["refund_request", "other"], ZoneInfo("Asia/Ho_Chi_Minh"), NOW)


def asked(text: str) -> tuple[str, str]:
    read = read_command({"text": text, "user_id": "U", "trigger_id": "t", "channel_id": "C"})
    return read.verb, read.rest


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("", "start", ""),
        ("  ", "start", ""),
        ("1042", "show", "1042"),
        ("T-1042", "show", "T-1042"),
        ("#1042", "show", "#1042"),
        ("1042 please", "show", "1042 please"),
        ("Take 1042", "take", "1042"),
        ("find  two  spaces", "find", "two  spaces"),
    ],
)
def test_a_command_has_a_verb_and_the_rest(text: str, verb: str, rest: str) -> None:
    """A number where a verb belongs asks to show that ticket."""
    assert asked(text) == (verb, rest)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("broken kettle", {"words": "broken kettle"}),
        ("status:open lamp", {"words": "lamp", "status": ("open",)}),
        ("status:open,on-hold", {"status": ("open", "on_hold")}),
        ("status:live", {"status": LIVE}),
        ("from:<@U123|linh>", {"requester": "U123"}),
        ("from:me", {"requester": "UMAI"}),
        ("owner:nobody", {"owner": NOBODY}),
        ("owner:<@U9>", {"owner": "U9"}),
        ("in:<#C123|orders>", {"channel": "C123"}),
        ("intent:refund_request", {"intent": "refund_request"}),
        ("priority:HIGH", {"priority": "high"}),
        ("before:2026-11-01", {"before": datetime(2026, 10, 31, 17, tzinfo=UTC)}),
        ("after:7d", {"after": datetime(2026, 11, 16, 9, tzinfo=UTC)}),
        ("“in a row” x", {"words": '"in a row" x'}),
        ("see https://x.example/a:b", {"words": "see https://x.example/a:b"}),
        ("a &lt;b&gt; &amp; c", {"words": "a <b> & c"}),
        ("error:404", {"words": "error:404"}),
    ],
)
def test_filters_and_words_are_told_apart(typed: str, expected: dict[str, Any]) -> None:
    """People are chosen from Slack's list; days begin in the desk's own zone."""
    assert READER.wanted(typed) == TicketFilter(**expected)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("stauts:open", "Did you mean `status:`"),
        ("status:done", "expects one of open, pending"),
        ("from:linh", "choose one from Slack's list"),
        ("owner:", "choose one from Slack's list"),
        ("in:orders", "no channel"),
        ("intent:refund", "expects one of refund_request, other"),
        ("priority:hot", "expects one of low"),
        ("before:yesterday", "expected one like 2026-11-01"),
        ("after:2026-13-01", "expected one like 2026-11-01"),
        ("x" * 501, "too long"),
    ],
)
def test_each_mistake_gets_a_sentence(typed: str, told: str) -> None:
    """What was not understood, and what is expected."""
    with pytest.raises(ActionRefused, match=told):
        READER.wanted(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", {}),
        ("urgent unassigned", {"priority": "urgent", "owner": NOBODY}),
        ("refund_request", {"intent": "refund_request"}),
        ("mine owner:nobody", {"owner": NOBODY}),
        ("mine", {"owner": "UMAI"}),
    ],
)
def test_the_queue_understands_bare_words(typed: str, expected: dict[str, Any]) -> None:
    """A priority, a category, or whose."""
    assert READER.queue(typed) == TicketFilter(**expected)


@pytest.mark.parametrize("typed", ["kettle", "status:solved", "urgent lamp"])
def test_the_queue_is_no_search(typed: str) -> None:
    """Words and other statuses belong to `find`, and the sentence says so."""
    with pytest.raises(ActionRefused, match="/ticket find"):
        READER.queue(typed)


@pytest.mark.parametrize(("typed", "expected"), [("", 7), ("1d", 1), ("2W", 14), ("92d", 92)])
def test_a_period_is_so_many_days(typed: str, expected: int) -> None:
    """A week when nothing is said."""
    assert days_typed(typed) == expected


@pytest.mark.parametrize("typed", ["x", "0d", "93d", "14w", "7"])
def test_a_period_that_is_none_gets_a_sentence(typed: str) -> None:
    """At most a quarter."""
    with pytest.raises(ActionRefused, match="such as 7d"):
        days_typed(typed)


@given(st.text(max_size=80))
def test_any_text_is_understood_or_refused(typed: str) -> None:
    """Nothing that people type breaks the reader."""
    with suppress(ActionRefused):
        assert isinstance(READER.wanted(typed), TicketFilter)
