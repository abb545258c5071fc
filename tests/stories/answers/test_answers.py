"""Answers from the articles, and the honest lack of one."""

from typing import Any

import pytest

from tests.support import blocks
from tests.support.questions import (
    COMPARISON,
    DELIVERY,
    DELIVERY_VI,
    FOR_AGENTS,
    NOWHERE,
    POEM,
    WARRANTY,
    WILL_COME,
)
from tests.support.workspace import Workspace


async def test_an_answer_names_the_articles_it_rests_on(desk: Workspace) -> None:
    """The sources stand under the answer as links, and in the decision."""
    asked = await desk.hears(desk.linh, WARRANTY)

    decision = await desk.decision(asked)
    assert decision is not None
    assert [source["source"] for source in decision.sources] == ["warranty-en.md"]
    assert "Sources: " in desk.slack.transcript(desk.orders)
    (post,) = [call.args for call in desk.slack.calls if call.method == "chat.postMessage"]
    assert "<https://help.example.com/en/warranty|" in blocks.shown(post["blocks"])


async def test_a_vietnamese_question_is_answered_from_a_vietnamese_article(
    desk: Workspace,
) -> None:
    """Both languages are on the shelf; the customer's own is taken."""
    asked = await desk.hears(desk.linh, DELIVERY_VI)

    decision = await desk.decision(asked)
    assert decision is not None
    sources = [str(source["source"]) for source in decision.sources]
    assert sources[0] == "delivery-vi.md"
    assert all(each.endswith("-vi.md") for each in sources)
    (answer,) = desk.replies(asked)
    assert "ngày làm việc" in answer
    assert "Nguồn: " in desk.slack.transcript(desk.orders)


async def test_what_is_written_for_agents_is_never_sent_to_the_model(desk: Workspace) -> None:
    """An internal article that fits best is not quoted, not cited, not even shown to the model."""
    asked = await desk.hears(desk.linh, FOR_AGENTS)

    assert "agents.md" not in str([call.body for call in desk.claude.calls])
    (line,) = desk.replies(asked)
    assert WILL_COME in line


async def test_a_question_that_no_article_fits_goes_to_a_person(desk: Workspace) -> None:
    """Nothing found: the cheapest model may ask or turn it down, else a person."""
    asked = await desk.hears(desk.linh, NOWHERE)

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "handed_over"
    assert "no article fits" in decision.reason
    assert [call.model for call in await desk.calls()] == ["claude-haiku-5-5"] * 2
    (line,) = desk.replies(asked)
    assert WILL_COME in line


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("says", {"text": "I'm sorry, I do not know that."}, "do not answer it"),
        ("refusal", {}, "stopped: refusal"),
        ("truncated", {}, "stopped: max_tokens"),
        ("empty", {}, "stopped: end_turn"),
    ],
)
async def test_an_answer_without_grounds_or_end_goes_to_a_person(
    desk: Workspace, kind: str, options: dict[str, Any], reason: str
) -> None:
    """A model that does not know, refuses or breaks off is not quoted; its cost is kept."""
    desk.claude.faults.add(kind, after=1, **options)
    asked = await desk.hears(desk.linh, DELIVERY)

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "handed_over"
    assert reason in decision.reason
    (line,) = desk.replies(asked)
    assert WILL_COME in line
    assert all(call.nano_dollars > 0 for call in await desk.calls())


async def test_a_follow_up_is_read_with_its_thread(desk: Workspace) -> None:
    """The model sees what was said before, from our books, each line with its speaker."""
    asked = await desk.hears(desk.linh, DELIVERY)
    await desk.linh.reply(asked, "And what if I am not at home?")
    await desk.settled()

    triage = desk.claude.calls[2].body["messages"][0]["content"]
    assert f"[customer] {DELIVERY}" in triage
    assert "[bot] Here is what our articles say." in triage
    (ticket,) = await desk.tickets()
    assert ticket.title == DELIVERY
    assert len(desk.replies(asked)) == 2
    assert "conversations.replies" not in {call.method for call in desk.slack.calls}


async def test_a_courtesy_needs_no_second_call(desk: Workspace) -> None:
    """A greeting is answered by triage itself; it opens a ticket without a title."""
    asked = await desk.hears(desk.linh, "Hello!")

    decision = await desk.decision(asked)
    ticket = await desk.ticket(asked)
    assert decision is not None
    assert ticket is not None
    assert (decision.action, decision.outcome, ticket.title) == ("reply", "replied", "")
    assert [call.purpose for call in await desk.calls()] == ["triage"]
    assert desk.replies(asked) == ["Hello! How can I help you today?"]


async def test_the_first_real_request_names_the_ticket(desk: Workspace) -> None:
    """After a greeting the ticket is about what comes next, in the same thread."""
    hello = await desk.hears(desk.linh, "Hello!")
    await desk.linh.reply(hello, WARRANTY)
    await desk.settled()

    ticket = await desk.ticket(hello)
    assert ticket is not None
    assert (ticket.title, ticket.intent) == (WARRANTY, "product_inquiry")


@pytest.mark.parametrize(
    ("text", "model"),
    [
        (DELIVERY, "claude-haiku-5-5"),
        (COMPARISON, "claude-sonnet-5-5"),
        (POEM, "claude-opus-5-5"),
    ],
)
async def test_the_model_follows_the_difficulty(desk: Workspace, text: str, model: str) -> None:
    """Simple, complex and creative each have their model; the ledger says which was paid."""
    asked = await desk.hears(desk.linh, text)

    triage, answer = await desk.calls()
    decision = await desk.decision(asked)
    assert decision is not None
    assert (triage.model, triage.purpose) == ("claude-haiku-5-5", "triage")
    assert (answer.model, answer.purpose, decision.model) == (model, "answer", model)
    assert len(desk.replies(asked)) == 1


async def test_a_creative_request_may_be_answered_without_an_article(desk: Workspace) -> None:
    """A poem needs no source; it is the one answer that may stand without."""
    asked = await desk.hears(desk.linh, "Please write a short funny poem about Antarctica")

    decision = await desk.decision(asked)
    assert decision is not None
    assert (decision.outcome, decision.sources) == ("answered", [])


async def test_an_answer_longer_than_a_section_is_posted_whole(desk: Workspace) -> None:
    """A long text is cut into sections that Slack takes, and nothing of it is lost."""
    text = "\n".join(f"Line {number} of the poem, la la la la la" for number in range(110))
    desk.claude.faults.add("says", text=text, after=1)
    await desk.hears(desk.linh, POEM)

    shown = desk.slack.transcript(desk.orders)
    assert "Line 0 of" in shown
    assert "Line 109 of" in shown
