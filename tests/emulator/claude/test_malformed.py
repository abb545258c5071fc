"""Replies that are no errors and still cannot be used."""

import json
from typing import Any

import pytest
from anthropic import AsyncAnthropic

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    ask,
    text_of,
    triage,
    triage_request,
)


async def test_a_login_page_comes_back_as_a_string(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """Status 200 and no exception: the trap a caller must check for."""
    claude.faults.add("html")

    page: Any = await ask(client)

    assert isinstance(page, str)
    assert "<html>" in page


async def test_a_refusal_is_a_reply_without_content(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """With a category when one is given."""
    claude.faults.add("refusal", category="cyber")

    reply = await ask(client)

    assert (reply.stop_reason, reply.content, reply.usage.output_tokens) == ("refusal", [], 0)
    assert reply.stop_details is not None
    assert reply.stop_details.category == "cyber"


async def test_truncated_json_stops_at_max_tokens(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """Cut in the middle, so that it does not parse."""
    claude.faults.add("truncated")

    reply = await ask(client, **triage_request("cancel my order"))

    assert reply.stop_reason == "max_tokens"
    with pytest.raises(json.JSONDecodeError):
        json.loads(text_of(reply))


@pytest.mark.parametrize("kind", ["fenced", "prose", "invalid_json"])
async def test_json_with_something_around_it_does_not_parse(
    claude: ClaudeEmulator, client: AsyncAnthropic, kind: str
) -> None:
    """A fence, prose or a syntax error, with a clean stop reason."""
    claude.faults.add(kind)

    reply = await ask(client, **triage_request("cancel my order"))

    assert reply.stop_reason == "end_turn"
    assert "cancel_order" in text_of(reply)
    with pytest.raises(json.JSONDecodeError):
        json.loads(text_of(reply))


async def test_enum_case_changes_only_enum_values(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """The summary keeps its letters."""
    claude.faults.add("enum_case")

    verdict = await triage(client, "cancel my order")

    assert (verdict["intent"], verdict["summary"]) == ("CANCEL_ORDER", "cancel my order")


async def test_an_empty_reply_ends_its_turn(claude: ClaudeEmulator, client: AsyncAnthropic) -> None:
    """No content, no error."""
    claude.faults.add("empty")

    reply = await ask(client)

    assert (reply.stop_reason, reply.content) == ("end_turn", [])


async def test_says_puts_words_into_the_models_mouth(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """Exactly these, for tests of hostile output."""
    claude.faults.add("says", text="<!channel> *pay* <https://evil.example|here>")

    assert text_of(await ask(client)) == "<!channel> *pay* <https://evil.example|here>"


async def test_field_overrides_the_verdict(claude: ClaudeEmulator, client: AsyncAnthropic) -> None:
    """The named fields only."""
    claude.faults.add("field", intent="nonsense", confidence=7)

    verdict = await triage(client, "cancel my order")

    assert (verdict["intent"], verdict["confidence"], verdict["language"]) == ("nonsense", 7, "en")
