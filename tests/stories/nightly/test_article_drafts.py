"""Drafts of articles: they wait for a person, and only then reach the folder, each once."""

import asyncio

import pytest

from bot.knowledge.front_matter import split_front_matter
from bot.knowledge.terms import message_terms
from emulator.slack import Person
from emulator.slack.outcome import Outcome
from emulator.slack.views import View
from emulator.slack.wire import JSON
from handlers.views.ids import ArticleActionId, FieldId
from storage.db.columns import utc_now
from storage.db.database import Session
from storage.knowledge.passage_search import search_passages
from storage.knowledge.values import Hit
from storage.nightly import article_drafts
from storage.tickets import corrections
from tests.stories.nightly.conftest import ANSWER, ASKED, QUIET, Nights
from tests.support import blocks

LEAKY = (
    "Order LB-10482: peel the film off. Write to linh@example.com or call +84 912 345 678, "
    "dear Linh Nguyễn."
)
THEIRS = "It is order LB-10482, mail me at linh@example.com or call 0912345678."


@pytest.fixture
async def drafted(night: Nights) -> Nights:
    """A night has passed, and a draft waits."""
    await night.start()
    await night.solved()
    await night.over()
    return night


async def test_an_approved_draft_becomes_an_article_that_answers(drafted: Nights) -> None:
    """A file with its ticket as its source, read at once; the card ends in one line."""
    (card,) = drafted.cards()
    assert "From *T-1001*" in blocks.shown(card.blocks)
    assert drafted.files() == []
    await drafted.press(drafted.mai, "Approve")

    (file,) = drafted.files()
    text = file.read_text(encoding="utf-8")
    front = split_front_matter(text)
    assert front.said == {
        "title": "My rice cooker smells of plastic when it heats up.",
        "audience": "public",
        "language": "en",
        "reviewed-on": utc_now().date().isoformat(),
        "ticket": "T-1001",
        "article-draft": "1",
    }
    assert ANSWER in front.body
    hits = await drafted.read(_search, "rice cooker smells of plastic")
    assert hits[0].passage.source == f"from-tickets/{file.name}"
    (shown,) = drafted.cards()[0].blocks
    assert f"approved by <@{drafted.mai.id}>: `from-tickets/{file.name}`" in blocks.shown([shown])
    assert await _corrections(drafted) == ["article_approved"]


async def test_an_edited_draft_waits_on_and_is_filed_as_edited(drafted: Nights) -> None:
    """What was changed is a correction of what the model wrote."""
    form = await _opened(drafted, "Edit")
    values: JSON = {
        FieldId.TITLE: "Plastic smell",
        FieldId.TEXT: "Peel the film off.\n\nBoil water once.",
        FieldId.AUDIENCE: "agents",
        FieldId.LANGUAGE: "en",
    }
    await drafted.mai.submit(form, values)
    await drafted.place.running.article_drafts.wait_idle()
    assert drafted.files() == []
    assert f"edited by <@{drafted.mai.id}>" in blocks.shown(drafted.cards()[0].blocks)
    await drafted.press(drafted.duc, "Approve")

    (file,) = drafted.files()
    assert "# Plastic smell\n\nPeel the film off.\n\nBoil water once.\n" in file.read_text("utf-8")
    assert "audience: agents" in file.read_text("utf-8")
    assert await _corrections(drafted) == ["article_edited"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (FieldId.TITLE, " ", "write something"),
        (FieldId.TEXT, " ", "nothing left"),
        (FieldId.LANGUAGE, "English, please", "language code"),
    ],
)
async def test_a_mistake_in_the_form_stands_beside_its_field(
    drafted: Nights, field: FieldId, value: str, told: str
) -> None:
    """Nothing is changed."""
    form = await _opened(drafted, "Edit")
    right: JSON = {
        FieldId.TITLE: "A",
        FieldId.TEXT: "B",
        FieldId.AUDIENCE: "public",
        FieldId.LANGUAGE: "en",
    }
    outcome = await drafted.mai.submit(form, {**right, field: value})

    assert told in outcome.errors[field]
    assert (await drafted.drafts())[0].version == 1


async def test_a_rejected_draft_leaves_its_reason_and_no_file(drafted: Nights) -> None:
    """The reason is kept as a correction; the draft does not come back the next night."""
    form = await _opened(drafted, "Reject")
    await drafted.mai.submit(form, {FieldId.REASON: "True for this one cooker only"})
    await drafted.place.running.article_drafts.wait_idle()
    await drafted.over()

    assert drafted.files() == []
    assert "rejected by" in blocks.shown(drafted.cards()[0].blocks)
    (kept,) = await drafted.read(_kept)
    assert (kept["kind"], kept["comment"], kept["after"]) == (
        "article_rejected",
        "True for this one cooker only",
        None,
    )
    assert ANSWER in kept["before"]


async def test_of_two_who_decide_at_once_one_wins(drafted: Nights) -> None:
    """The other is told who was faster; there is one file."""
    (card,) = drafted.cards()
    form = await _opened(drafted, "Reject")
    outcomes = await asyncio.gather(
        drafted.mai.click(card, "Approve"), drafted.duc.click(card, "Approve")
    )
    await drafted.place.settled()
    await drafted.place.running.article_drafts.wait_idle()
    late = await drafted.mai.submit(form, {FieldId.REASON: "too late"})

    told = [each.text for outcome in outcomes for each in outcome.responses]
    assert len(told) == 1
    assert "was faster: the draft is" in told[0]
    assert "was faster" in late.errors[FieldId.REASON]
    assert len(drafted.files()) == 1


async def test_who_is_no_agent_presses_in_vain(drafted: Nights) -> None:
    """Nor does an agent on a card that is none, or with another draft's number."""
    (card,) = drafted.cards()
    outsider = await _forged(drafted, drafted.linh, ArticleActionId.APPROVE, "1")
    other = await _forged(drafted, drafted.mai, ArticleActionId.APPROVE, "2")
    nothing = await _forged(drafted, drafted.mai, ArticleActionId.APPROVE, "x")

    assert "Only the desk's agents" in outsider.responses[0].text
    assert "does not stand on that draft's card" in other.responses[0].text
    assert len(nothing.responses) == 1
    assert card.ts == drafted.cards()[0].ts
    assert (await drafted.drafts())[0].state == "waiting"
    assert drafted.files() == []


async def test_where_admins_approve_an_agent_only_edits(night: Nights) -> None:
    """[nightly] approve = "admins"."""
    admins = f'admins = ["{night.duc.id}"]'
    await night.place.start(f'{admins}\n{QUIET}\n[nightly]\napprove = "admins"\n')
    await night.solved()
    await night.over()
    outcome = await night.press(night.mai, "Approve")
    assert "Only an admin" in outcome.responses[0].text
    assert night.files() == []
    await night.press(night.duc, "Approve")

    assert len(night.files()) == 1


async def test_what_belongs_to_the_customer_is_never_published(night: Nights) -> None:
    """No button, no forged press and no form lets it through, until it is taken out."""
    await night.start()
    await night.solved(f"{ASKED} {THEIRS}", LEAKY)
    await night.over()
    card = night.cards()[0].blocks
    private = "\n".join(blocks.texts([blocks.block_saying(card, "taken out first")]))
    for each in ("LB-10482", "linh@example.com", "+84 912 345 678", "Linh Nguyễn"):
        assert f"`{each}`" in private.split("taken out first")[1]
    assert "Approve" not in blocks.buttons(card)
    forged = await _forged(night, night.mai, ArticleActionId.APPROVE, "1")
    assert "take it out with Edit" in forged.responses[0].text

    form = await _opened(night, "Edit")
    right: JSON = {
        FieldId.TITLE: "Plastic smell",
        FieldId.AUDIENCE: "public",
        FieldId.LANGUAGE: "en",
    }
    still = await night.mai.submit(form, {**right, FieldId.TEXT: "As with order 10482: peel it."})
    assert "order number 10482" in still.errors[FieldId.TEXT]
    await night.mai.submit(form, {**right, FieldId.TEXT: "Peel the film off."})
    await night.place.running.article_drafts.wait_idle()
    await night.press(night.mai, "Approve")

    (file,) = night.files()
    assert "10482" not in file.read_text("utf-8")


async def test_an_approval_that_a_crash_cut_short_is_filed_once_at_the_next_start(
    drafted: Nights,
) -> None:
    """It was approved and the process died; the file that is there then is not written again."""
    await drafted.place.stop()
    await drafted.start()
    await drafted.place.running.store.write(
        article_drafts.approve_article_draft, 1, drafted.mai.id, utc_now()
    )
    await drafted.place.stop()
    await drafted.start()
    await drafted.place.running.article_drafts.wait_idle()
    (file,) = drafted.files()
    file.write_text(f"{file.read_text('utf-8')}\nEdited by hand.\n", encoding="utf-8")
    await drafted.place.running.store.write(_unfiled)
    await drafted.place.stop()
    await drafted.start()
    await drafted.place.running.article_drafts.wait_idle()

    assert drafted.files() == [file]
    assert "Edited by hand." in file.read_text("utf-8")
    assert (await drafted.drafts())[0].state == "filed"
    assert len(drafted.cards()) == 1


async def test_where_the_folder_cannot_be_written_the_article_stands_in_the_table(
    drafted: Nights,
) -> None:
    """Answers find it there, also after the folder was read again; the card says so."""
    (drafted.folder / "from-tickets").write_text("a file in the way", encoding="utf-8")
    await drafted.press(drafted.mai, "Approve")
    (drafted.folder / "other.md").write_text("# Other\n\nAnother article.\n", encoding="utf-8")
    await drafted.place.stop()
    await drafted.start()

    card = blocks.shown(drafted.cards()[0].blocks)
    assert f"approved by <@{drafted.mai.id}>: `from-tickets/1-" in card
    assert "cannot be written" in card
    assert "the desk's own table" in card
    hits = await drafted.read(_search, "rice cooker smells of plastic")
    assert hits[0].passage.source.startswith("from-tickets/1-")
    assert (await drafted.drafts())[0].state == "filed"


async def test_a_card_that_somebody_deleted_comes_back(drafted: Nights) -> None:
    """Under a draft that has changed since."""
    (card,) = drafted.cards()
    form = await _opened(drafted, "Edit")
    await drafted.mai.delete(card)
    right: JSON = {
        FieldId.TITLE: "A",
        FieldId.TEXT: "B",
        FieldId.AUDIENCE: "public",
        FieldId.LANGUAGE: "en",
    }
    await drafted.mai.submit(form, right)
    await drafted.place.running.article_drafts.wait_idle()

    assert drafted.cards()[-1].ts != card.ts
    await drafted.mai.click(drafted.cards()[-1], "Approve")
    await drafted.place.settled()
    await drafted.place.running.article_drafts.wait_idle()
    assert len(drafted.files()) == 1


async def test_slack_away_for_a_while_loses_no_card(night: Nights) -> None:
    """The draft is in the store; its card is posted when Slack takes it."""
    await night.start()
    await night.solved()
    night.place.slack.faults.add("chat.postMessage", "error", times=1, code="is_archived")
    await night.over()
    await night.place.running.article_drafts.catch_up()

    assert len(night.cards()) == 1


async def _opened(night: Nights, label: str) -> View:
    await night.press(night.mai, label)
    return night.place.slack.views(night.mai)[-1]


async def _corrections(night: Nights) -> list[object]:
    return [each["kind"] for each in await night.read(_kept)]


def _kept(session: Session) -> list[JSON]:
    return list(corrections.corrections_since(session, utc_now().replace(year=2000)))


def _search(session: Session, words: str) -> list[Hit]:
    return search_passages(session, message_terms(words), language="en")


def _unfiled(session: Session) -> None:
    session.get_one(article_drafts.ArticleDraft, 1).state = "approved"


async def _forged(night: Nights, person: Person, action: ArticleActionId, value: str) -> Outcome:
    """A click on a button that Slack never showed this person."""
    (card,) = night.cards()
    kept = card.blocks
    label = {"type": "plain_text", "text": "x"}
    button: JSON = {"type": "button", "action_id": action, "text": label, "value": value}
    card.blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    try:
        outcome = await person.click(card, action)
    finally:
        card.blocks = kept
    await night.place.settled()
    return outcome
