"""Programs find, read, open, comment on and solve tickets, and ask the desk; by token and role."""

from pathlib import Path
from typing import Any

import pytest

from bot.app.checks import check_desk
from bot.config.settings import SettingsError
from storage.intake import notes
from storage.tickets import audit
from tests.support.programs import API, TOKENS, Programs
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace

READER_ASKS = 'token = "READER_TOKEN"\nmay = ["ask"]'
OPENING = {
    "title": "Two parcels",
    "details": "The second parcel of DH-20311 has not come.",
    "category": "track_shipping",
}


async def started(api: Programs, more: str = "", **settings: Any) -> Workspace:
    await api.place.start(API + more, api_port=0, **settings)
    return api.place


async def test_without_the_setting_there_is_no_port(api: Programs) -> None:
    """Tokens alone open nothing."""
    await api.place.start(API)

    assert api.place.running.api_port is None


async def test_a_token_says_who_and_what(api: Programs) -> None:
    """And nobody else learns anything, whatever is sent."""
    await started(api)
    helper = await api.get("helper", "/v1/me")
    nobody = await api.get(None, "/v1/me")
    wrong = await api.send(None, "GET", "/v1/me", headers={"Authorization": "Bearer sesame"})
    basic = await api.send(
        None, "GET", "/v1/me", headers={"Authorization": f"Basic {TOKENS['helper']}"}
    )

    assert helper.told == {
        "name": "helper",
        "role": "agent",
        "may": ["ask", "comment", "open", "solve"],
        "private": False,
        "categories": [intent.name for intent in api.place.running.desk.intents],
    }
    assert [each.status for each in (nobody, wrong, basic)] == [401, 401, 401]
    assert nobody.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["short", ""])
async def test_a_bad_token_is_told_at_the_start(
    api: Programs, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    """By the name of its variable."""
    monkeypatch.setenv("READER_TOKEN", token)

    with pytest.raises(SettingsError, match="READER_TOKEN"):
        await started(api)


async def test_a_ticket_is_found_and_read(api: Programs) -> None:
    """By its words; with what was said, and behind it for agents only."""
    place = await started(api)
    await place.hears(place.linh, DELIVERY)
    found = await api.get("reader", "/v1/tickets", words="delivery", status="pending")
    nothing = await api.get("reader", "/v1/tickets", words="zebra")
    (ticket,) = found.told["tickets"]
    path = f"/v1/tickets/{ticket['number']}"
    reader, helper = await api.get("reader", path), await api.get("helper", path)

    assert (found.status, nothing.told) == (200, {"tickets": [], "next": None})
    assert (ticket["requester"], ticket["channel"]) == (place.linh.id, place.orders.id)
    assert [each["author"] for each in reader.told["said"]] == ["customer", "bot"]
    assert reader.told["said"][0]["text"] == DELIVERY
    assert (reader.told["changes"], reader.told["notes"]) == ([], [])
    assert helper.told["changes"]


async def test_what_was_deleted_is_told_to_no_program(api: Programs) -> None:
    """It stays with the ticket, for the desk's own people."""
    place = await started(api)
    asked = await place.hears(place.linh, DELIVERY)
    more = await place.linh.reply(asked, "My card is 4111 1111 1111 1111")
    await place.settled()
    (ticket,) = await place.tickets()
    await place.linh.delete(more)
    await place.settled()
    read = await api.get("helper", f"/v1/tickets/{ticket.id}")

    assert DELIVERY in [each["text"] for each in read.told["said"]]
    assert "4111" not in str(read.told)


async def test_private_tickets_are_there_for_few(api: Programs) -> None:
    """For everybody else they are neither found nor there, nor to be acted upon."""
    place = await started(api)
    secret = place.slack.add_channel("board", members=[place.linh], private=True)
    await place.linh.post(secret, DELIVERY)
    await place.settled()
    (ticket,) = await place.tickets()
    path = f"/v1/tickets/{ticket.id}"

    for name in ("reader", "helper"):
        assert (await api.get(name, "/v1/tickets")).told["tickets"] == []
        assert (await api.get(name, "/v1/tickets", words="delivery")).told["tickets"] == []
        assert (await api.get(name, path)).status == 404
    there = await api.post("helper", f"{path}/solve")
    nowhere = await api.post("helper", "/v1/tickets/999/solve")
    assert (there.status, there.told) == (nowhere.status, nowhere.told) == (404, there.told)
    assert (await api.get("keeper", path)).told["said"][0]["text"] == DELIVERY


async def test_a_channel_that_slack_does_not_speak_of_is_private(api: Programs) -> None:
    """Whatever the ticket says."""
    place = await started(api)
    await place.hears(place.linh, DELIVERY)
    await place.stop()
    await started(api)
    place.slack.faults.add("conversations.info", "error", times=None)

    assert (await api.get("reader", "/v1/tickets")).told["tickets"] == []


async def test_a_note_has_the_token_as_its_author(api: Programs) -> None:
    """It is for agents; the same request again leaves one; the customer sees nothing of it."""
    place = await started(api)
    asked = await place.hears(place.linh, DELIVERY)
    (ticket,) = await place.tickets()
    said = place.replies(asked)
    path = f"/v1/tickets/{ticket.id}/comments"
    first = await api.post("helper", path, {"text": "Parcel is at the depot."}, key="n1")
    again = await api.post("helper", path, {"text": "Parcel is at the depot."}, key="n1")

    (note,) = await place.running.store.read(notes.notes_of_ticket, ticket.ticket_id)
    assert (note.author_id, note.text) == ("api:helper", "Parcel is at the depot.")
    assert (first.status, again.status) == (200, 200)
    assert place.replies(asked) == said
    shown = await place.asks(place.mai, str(ticket.id))
    assert "api:helper: Parcel is at the depot." in str(shown.blocks)


async def test_a_ticket_is_solved_once(api: Programs) -> None:
    """By the token's name; whoever is second reads why not; the answer is vouched for by nobody."""
    place = await started(api)
    await place.hears(place.linh, DELIVERY)
    (ticket,) = await place.tickets()
    path = f"/v1/tickets/{ticket.id}/solve"
    solved = await api.post("helper", path)
    second = await api.post("helper", path)

    changes = await place.running.store.read(audit.ticket_changes, ticket.ticket_id)
    (status,) = [each for each in changes if each.after == "solved"]
    assert (status.who, status.source) == ("api:helper", "api")
    assert (solved.status, second.status) == (200, 409)
    assert second.told["sentence"] == f"T-{ticket.id} is solved already."


async def test_reading_is_all_by_default(api: Programs) -> None:
    """Nothing is changed, and no model is asked."""
    place = await started(api)
    await place.hears(place.linh, DELIVERY)
    (ticket,) = await place.tickets()
    before = place.asked()
    for path, given in (
        (f"/v1/tickets/{ticket.id}/comments", {"text": "x"}),
        (f"/v1/tickets/{ticket.id}/solve", None),
        ("/v1/tickets", {**OPENING, "channel": place.orders.id}),
        ("/v1/ask", {"question": DELIVERY}),
    ):
        refused = await api.post("reader", path, given)
        assert (refused.status, refused.told["error"]) == (403, "not_allowed")
    assert place.asked() == before
    assert (await place.tickets())[0].version == ticket.version


async def test_a_ticket_is_opened_in_a_thread_of_its_own(api: Programs) -> None:
    """Its number comes back; sent again it opens no second; the audit has the token's name."""
    place = await started(api)
    given = {**OPENING, "channel": place.orders.id, "requester": place.linh.id}
    opened = await api.post("helper", "/v1/tickets", given, key="job-17")
    again = await api.post("helper", "/v1/tickets", given, key="job-17")
    await place.settled()

    (ticket,) = await place.tickets()
    assert (opened.status, opened.told) == (202, {"number": ticket.id, "request": "job-17"})
    assert again.told == opened.told
    assert (ticket.title, ticket.requester_id) == ("Two parcels", place.linh.id)
    changes = await place.running.store.read(audit.ticket_changes, ticket.ticket_id)
    assert ("api:helper", "api", "title") in {(c.who, c.source, c.what) for c in changes}
    root = place.slack.messages(place.orders)[0]
    assert root.text.startswith("*api:helper:* Two parcels")


CANNOT_OPEN: tuple[tuple[dict[str, str], int], ...] = (
    ({"channel": "C0NOWHERE"}, 409),
    ({"requester": "U0NOBODY"}, 409),
    ({"category": "gossip"}, 400),
    ({"title": " "}, 400),
    ({"priority": "asap"}, 400),
    ({"owner": "me"}, 400),
)


async def test_what_cannot_be_opened_is_a_sentence(
    api: Programs, subtests: pytest.Subtests
) -> None:
    """And posts nothing."""
    place = await started(api)
    for changed, status in CANNOT_OPEN:
        with subtests.test(changed=changed):
            given = {**OPENING, "channel": place.orders.id, **changed}
            refused = await api.post("helper", "/v1/tickets", given)
            assert refused.status == status
            assert refused.told["sentence"].endswith(".")
    assert place.slack.messages(place.orders) == []


async def test_no_ticket_is_opened_where_agents_speak(api: Programs) -> None:
    """Nor in a private channel, but by a program that may see it."""
    place = await started(api)
    secret = place.slack.add_channel("board", members=[place.linh], private=True)
    for name, channel, status in (
        ("helper", place.agents.id, 409),
        ("helper", secret.id, 409),
        ("keeper", secret.id, 202),
    ):
        tried = await api.post(name, "/v1/tickets", {**OPENING, "channel": channel})
        assert tried.status == status
    await place.settled()
    assert [each.private for each in await place.tickets()] == [True]


async def test_the_desk_answers_from_its_articles(api: Programs) -> None:
    """With its sources, through the gate; what it cost stands in the ledger under the token."""
    place = await started(api)
    answer = await api.post("helper", "/v1/ask", {"question": DELIVERY})

    assert (answer.status, answer.told["outcome"]) == (200, "answered")
    assert answer.told["sources"]
    calls = await place.calls()
    assert {each.requester_id for each in calls} == {"api:helper"}
    assert {each.purpose for each in calls} >= {"triage", "answer"}
    assert await place.tickets() == []


async def test_what_no_article_knows_takes_a_person(api: Programs) -> None:
    """Without a word that was made up."""
    await started(api)
    answer = await api.post(
        "helper", "/v1/ask", {"question": "Does the zeppelin to Reykjavik take llamas?"}
    )

    assert (answer.status, answer.told["outcome"], answer.told["text"]) == (200, "person", None)


async def test_nothing_is_spent_beyond_the_budget(api: Programs) -> None:
    """A program's questions count like those of people."""
    place = await started(api, '[[budgets]]\nscope = "desk"\nday = 0.000001\n')
    answer = await api.post("helper", "/v1/ask", {"question": DELIVERY})

    assert (answer.told["outcome"], answer.told["text"]) == ("person", None)
    assert place.asked() == 0


async def test_what_is_for_agents_is_told_to_their_programs_alone(
    api: Programs, tmp_path: Path
) -> None:
    """A reader's question is answered from what customers may read."""
    shelf = tmp_path / "inside"
    shelf.mkdir()
    (shelf / "vault.md").write_text(
        "---\naudience: agents\n---\n# The goodwill voucher\n\n"
        "Agents may give a goodwill voucher of 40 EUR for a broken lamp.\n"
    )
    api.place.more = (shelf,)
    await api.place.start(API.replace('token = "READER_TOKEN"', READER_ASKS), api_port=0)
    question = {"question": "How much is the goodwill voucher for a broken lamp?"}
    helper = await api.post("helper", "/v1/ask", question)
    sent_to_helper = str([call.body for call in api.place.claude.calls])
    before = len(api.place.claude.calls)
    reader = await api.post("reader", "/v1/ask", question)
    sent_to_reader = str([call.body for call in api.place.claude.calls[before:]])

    assert "40 EUR" in sent_to_helper
    assert "40 EUR" not in sent_to_reader
    assert helper.status == reader.status == 200
    assert "40" not in str(reader.told)


BODIES = (
    (b"{", "application/json", 400),
    (b"[1]", "application/json", 400),
    (b"[" * 50_000, "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b'{"text": 1' + b"0" * 9_000 + b"}", "application/json", 400),
    (b'{"text": NaN}', "application/json", 400),
    (b'{"text": "a", "number": 3}', "application/json", 400),
    (b'{"text": "' + b"a" * 8_001 + b'"}', "application/json", 400),
    (b'{"text": "\\u0000 \\u200b"}', "application/json", 400),
    (b'{"text": "\\ud83d half"}', "application/json", 200),
    (b"text=a", "application/x-www-form-urlencoded", 415),
    (b"a" * 200_000, "application/json", 413),
)


async def test_a_strange_body_is_a_sentence(api: Programs, subtests: pytest.Subtests) -> None:
    """Without a word of the failure behind it, and without a note where it is refused."""
    place = await started(api)
    await place.hears(place.linh, DELIVERY)
    (ticket,) = await place.tickets()
    path = f"/v1/tickets/{ticket.id}/comments"
    for body, kind, status in BODIES:
        with subtests.test(body=body[:40]):
            told = await api.send("helper", "POST", path, data=body, headers={"Content-Type": kind})
            assert told.status == status
            assert (set(told.told) == {"error", "sentence"}) == (status != 200)
            assert not any(word in str(told.told) for word in ("Error", "Traceback", "Exception"))
    kept = await place.running.store.read(notes.notes_of_ticket, ticket.ticket_id)
    assert len(kept) == sum(status == 200 for _, _, status in BODIES)


ADDRESSES = (
    ("GET", "/v1/tickets?size=51", 400),
    ("GET", "/v1/tickets?size=ten", 400),
    ("GET", "/v1/tickets?size=1&size=2", 400),
    ("GET", "/v1/tickets?owner=me", 400),
    ("GET", "/v1/tickets?status=lost", 400),
    ("GET", "/v1/tickets/0", 400),
    ("GET", "/v1/tickets/9999999999", 400),
    ("GET", "/v1/tickets/-1", 404),
    ("GET", "/v1/tickets/1%2F2", 404),
    ("GET", "/v1/tickets/../../etc/passwd", 404),
    ("GET", "/", 404),
    ("DELETE", "/v1/tickets/1", 405),
    ("HEAD", "/v1/me", 405),
    ("POST", "/v1/tickets/1/solve?force=1", 400),
)


async def test_a_strange_address_is_a_sentence(api: Programs, subtests: pytest.Subtests) -> None:
    """As JSON, with the methods that there are."""
    await started(api)
    headers = {"Authorization": f"Bearer {TOKENS['helper']}"}
    for method, path, status in ADDRESSES:
        with subtests.test(method=method, path=path):
            async with api.session.request(method, api.url + path, headers=headers) as response:
                assert response.status == status
                assert response.content_type == "application/json"
                assert ("Allow" in response.headers) == (status == 405)


async def test_check_says_what_is_wrong_with_what_programs_need(
    api: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by its key, with the name of the variable; what is good is said, too."""
    monkeypatch.setenv("HELPER_TOKEN", "short")
    monkeypatch.setenv("LINK_SECRET", "short")
    more = (
        '[webhooks.crm]\nurl = "https://crm.example.com"\nsecret = "NOT_SET"\n'
        '[trackers.github]\nkind = "github"\nproject = "acme/shop"\ntoken = "NO_TOKEN"\n'
        '[customers]\nconnect = "https://shop.example.com/{state}"\nsecret = "LINK_SECRET"\n'
    )
    found = await check_desk(api.place.configure(), api.place.desk(API + more))
    told = {each.subject: (each.grade, each.sentence) for each in found}

    assert told["api.reader"] == ("ok", "READER_TOKEN is set")
    assert told["api.helper"] == ("wrong", "HELPER_TOKEN: expected at least 20 characters")
    assert told["webhooks.crm"][0] == "wrong"
    assert "NOT_SET is not set" in told["webhooks.crm"][1]
    assert told["trackers.github"][0] == "wrong"
    wrong = [each.sentence for each in found if each.subject == "customers.connect"]
    assert wrong == [
        "LINK_SECRET: expected at least 32 characters",
        "API_PORT is not set: nobody can come",
    ]
