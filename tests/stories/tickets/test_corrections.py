"""Where people set the bot right is kept with the decision it corrects, and exported."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.cli import main
from handlers.views.ids import ActionId, FieldId
from storage.db.columns import utc_now
from tests.stories.tickets.conftest import COMPLAINT, QUESTION, REFUND, Agents, exported
from tests.stories.tickets.test_access import forged


async def test_another_category_is_a_correction_of_the_decision(agents: Agents) -> None:
    """From the bot's label to the agent's, beside what the bot had thought."""
    asked = await agents.asks(QUESTION)
    await agents.mai.click(await agents.card(asked), "category", selected="product_inquiry")
    await agents.place.settled()

    (kept,) = await agents.corrections()
    decision = kept["decision"]
    assert isinstance(decision, dict)
    assert (kept["kind"], kept["before"], kept["after"]) == (
        "category",
        "track_shipping",
        "product_inquiry",
    )
    assert (kept["text"], kept["by"]) == (QUESTION, agents.mai.id)
    assert decision["triage"]["intent"] == "track_shipping"
    assert decision["prompt_versions"]
    assert (await agents.ticket(asked)).intent == "product_inquiry"


async def test_the_same_category_is_none(agents: Agents) -> None:
    """Choosing what stands there already corrects nothing, and says so."""
    asked = await agents.asks(QUESTION)
    outcome = await agents.mai.click(
        await agents.card(asked), "category", selected="track_shipping"
    )

    assert "already" in outcome.responses[0].text
    assert await agents.corrections() == []


async def test_the_fate_of_a_draft_is_kept(agents: Agents) -> None:
    """Sent as it is, edited before, or ignored for words of one's own: three kinds."""
    sent, edited, ignored = [await agents.asks(REFUND) for _ in range(3)]
    await agents.press(agents.mai, sent, "Send draft")
    await agents.press(agents.mai, edited, "Edit draft")
    await agents.mai.submit(agents.place.slack.views(agents.mai)[-1], {"text_field": "Two weeks."})
    await agents.place.settled()
    await agents.in_thread(agents.mai, ignored, "Let me check that for you.")

    kept = await agents.corrections()
    assert [each["kind"] for each in kept] == ["draft_sent", "draft_edited", "draft_ignored"]
    assert [each["after"] for each in kept[1:]] == ["Two weeks.", "Let me check that for you."]
    assert all(str(each["before"]).startswith("Here is what") for each in kept)
    assert "Draft" not in await agents.shown(ignored)


async def test_reopening_after_an_automatic_answer_is_kept(agents: Agents) -> None:
    """The bot thought that it was answered; somebody knew better."""
    asked = await agents.asks(QUESTION)
    await agents.press(agents.mai, asked, "Solve")
    await agents.press(agents.mai, asked, "Re-open")

    (kept,) = await agents.corrections()
    assert kept["kind"] == "reopened"


async def test_reopening_after_a_persons_answer_corrects_nobody(agents: Agents) -> None:
    """What a person solved is no judgement of the bot's."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    await agents.press(agents.mai, asked, "Solve")
    await agents.press(agents.mai, asked, "Re-open")

    assert await agents.corrections() == []


async def test_a_customer_who_comes_back_reopens_and_corrects(agents: Agents) -> None:
    """Another question after the solution was none: the answer is marked, a thanks marks none."""
    asked = await agents.asks(QUESTION)
    await agents.press(agents.mai, asked, "Solve")
    await agents.in_thread(agents.linh, asked, "Thank you so much!")
    thanked = await agents.corrections()
    await agents.in_thread(agents.linh, asked, COMPLAINT)

    (kept,) = await agents.corrections()
    assert thanked == []
    assert (kept["kind"], kept["message"]) == ("reopened", agents.place.key(asked))


async def test_a_rating_is_the_customers_and_keeps_their_words(agents: Agents) -> None:
    """One click counts, the words follow in a form; nobody else can rate."""
    asked = await agents.asks(QUESTION)
    ticket = await agents.ticket(asked)
    work = ActionId.RATE_GOOD
    stranger = await forged(agents, agents.duc, asked, work, str(ticket.id))
    before = await agents.corrections()
    await forged(agents, agents.linh, asked, work, str(ticket.id))
    (form,) = agents.place.slack.views(agents.linh)
    await agents.linh.submit(form, {FieldId.COMMENT: "Quick and clear."})

    (kept,) = await agents.corrections()
    assert "Only the person who asked" in stranger.responses[0].text
    assert before == []
    assert (kept["kind"], kept["after"], kept["comment"]) == ("rating", "good", "Quick and clear.")


async def test_a_rating_is_asked_about_in_the_customers_language(agents: Agents) -> None:
    """Who wrote in Vietnamese reads a Vietnamese form."""
    asked = await agents.asks("Bao lâu thì giao hàng tới nơi?")
    await forged(
        agents, agents.linh, asked, ActionId.RATE_BAD, str((await agents.ticket(asked)).id)
    )
    (form,) = agents.place.slack.views(agents.linh)

    shown = agents.place.slack.render(form)
    for words in ("Đánh giá của bạn", "Chưa tốt. Cảm ơn bạn.", "Bạn có muốn chia sẻ thêm không?"):
        assert words in shown


async def test_only_what_happened_since_is_exported(agents: Agents) -> None:
    """A moment to come holds no corrections yet."""
    asked = await agents.asks(QUESTION)
    await agents.press(agents.mai, asked, "Solve")
    await agents.press(agents.mai, asked, "Re-open")

    later = utc_now() + timedelta(minutes=1)
    assert await agents.place.running.store.read(exported, later) == []


async def test_the_command_prints_a_line_of_json_for_each(
    agents: Agents, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`deskhand corrections --since` is a data set: one object a line."""
    asked = await agents.asks(QUESTION)
    await agents.mai.click(await agents.card(asked), "category", selected="complaint")
    await agents.place.settled()
    await agents.place.stack.aclose()
    env = agents.place.folder / "env"
    env.write_text(
        "SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nANTHROPIC_API_KEY=sk\n"
        f"DATABASE_URL={agents.place.database_url}\n",
        encoding="utf-8",
    )
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ANTHROPIC_API_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    status = await _in_thread(["corrections", "--env", str(env), "--since", "2026-01-01"])

    (line,) = capsys.readouterr().out.splitlines()
    assert status == 0
    assert json.loads(line)["after"] == "complaint"


async def _in_thread(arguments: list[str]) -> int:
    """The command has a loop of its own, so it runs beside ours."""
    return await asyncio.to_thread(main, arguments)
