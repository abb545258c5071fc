"""Programs that send what nobody expects: twice, packed, hidden, broken, or about what is gone."""

import asyncio
import gzip
import json

import pytest

from storage.intake import notes
from tests.stories.api.test_programs import OPENING, started
from tests.stories.health.test_probes import figures
from tests.support.programs import TOKENS, Programs
from tests.support.questions import DELIVERY

JSON = {"Content-Type": "application/json"}
SECRET = "4111222233334444"


async def asked(api: Programs) -> str:
    """A desk with one ticket; its path."""
    await started(api)
    await api.place.hears(api.place.linh, DELIVERY)
    (ticket,) = await api.place.tickets()
    return f"/v1/tickets/{ticket.id}"


async def noted(api: Programs) -> list[str]:
    (ticket,) = await api.place.tickets()
    kept = await api.place.running.store.read(notes.notes_of_ticket, ticket.ticket_id)
    return [each.text for each in kept]


async def test_a_name_that_stands_twice_is_refused(api: Programs) -> None:
    """However deep: two readers of one body may not understand two things."""
    path = await asked(api)
    for body in (b'{"text": "a", "text": "b"}', b'{"text": "a", "x": {"y": 1, "y": 2}}'):
        told = await api.send("helper", "POST", f"{path}/comments", data=body, headers=JSON)
        assert told.status == 400
        assert "twice" in told.told["sentence"]
    assert await noted(api) == []


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("gzip", gzip.compress(b'{"text": "a"}', mtime=0)),
        ("gzip", b'{"text": "no gzip"}'),
        ("zebra", b'{"text": "a"}'),
        ("gzip", gzip.compress(b'{"text": "' + b"a" * 5_000_000 + b'"}', mtime=0)),
    ],
    ids=["whole", "none", "unknown", "bomb"],
)
async def test_a_packed_body_is_refused(api: Programs, packing: str, body: bytes) -> None:
    """Before it is unpacked, be it whole or not."""
    path = await asked(api)
    headers = {**JSON, "Content-Encoding": packing}
    told = await api.send("helper", "POST", f"{path}/comments", data=body, headers=headers)

    assert (told.status, told.told["error"]) == (415, "packed")
    assert await noted(api) == []


async def test_a_name_in_a_sentence_steers_nothing(api: Programs) -> None:
    """What nobody sees, or what turns the text around, shows as that."""
    path = await asked(api)
    told = await api.post("helper", f"{path}/comments", {"text": "a", "\u202ered\x07": 1})

    assert told.told["sentence"].startswith("\ufffdred\ufffd: ")


async def test_words_are_taken_as_people_see_them(api: Programs) -> None:
    """A note of nothing that shows is none; a title is one line; nobody is called."""
    path = await asked(api)
    spoof = "photo_\u202egnp.exe\u2066 \x07<!channel>"
    kept = await api.post("helper", f"{path}/comments", {"text": spoof})
    empty = await api.post("helper", f"{path}/comments", {"text": "\u200b \u2060\u202e"})
    title = "Two\n\u202eparcels\x00"
    given = {**OPENING, "title": title, "channel": api.place.orders.id}
    opened = await api.post("helper", "/v1/tickets", {**given, "details": "<!channel> come"})
    await api.place.settled()

    assert (kept.status, empty.status, opened.status) == (200, 400, 202)
    (ticket,) = [each for each in await api.place.tickets() if each.id == opened.told["number"]]
    assert ticket.title == "Two parcels"
    first = min(await api.place.tickets(), key=lambda each: each.ticket_id)
    told = (await api.get("helper", f"/v1/tickets/{first.id}")).told["notes"]
    assert [each["text"] for each in told] == ["photo_gnp.exe <!channel>"]
    assert api.place.slack.messages(api.place.orders)[-1].text.count("<!channel>") == 0


async def test_a_key_is_for_one_request(api: Programs) -> None:
    """The same again answers the same; another one under it is refused, and changes nothing."""
    path = await asked(api)
    first = await api.post("helper", f"{path}/comments", {"text": "a"}, key="k")
    again = await api.post("helper", f"{path}/comments", {"text": "a"}, key="k")
    other = await api.post("helper", f"{path}/comments", {"text": "b"}, key="k")
    solved = [await api.post("helper", f"{path}/solve", key="s") for _ in range(2)]

    assert (first.status, again.told) == (200, first.told)
    assert (other.status, other.told["error"]) == (422, "other_request")
    assert [each.told for each in solved] == [solved[0].told] * 2
    assert solved[0].status == 200
    assert await noted(api) == ["a"]


async def test_a_question_that_is_sent_again_is_answered_once(api: Programs) -> None:
    """Also while the first is being answered; without a key it is a question of its own."""
    await started(api)
    question = {"question": DELIVERY}
    together = await asyncio.gather(*(api.post("helper", "/v1/ask", question, "k") for _ in "ab"))
    calls = api.place.asked()
    later = await api.post("helper", "/v1/ask", question, "k")

    assert [each.told for each in together] == [later.told] * 2
    assert later.told["outcome"] == "answered"
    assert api.place.asked() == calls
    await api.post("helper", "/v1/ask", question)
    assert api.place.asked() > calls


async def test_a_ticket_that_slack_does_not_take_is_told_as_that(api: Programs) -> None:
    """And not as one that is on its way."""
    place = await started(api)
    place.slack.faults.add("chat.postMessage", "error", code="is_archived", times=None)
    refused = await api.post("helper", "/v1/tickets", {**OPENING, "channel": place.orders.id})

    assert (refused.status, refused.told["error"]) == (409, "refused")
    assert "nothing was opened" in refused.told["sentence"]
    assert await place.tickets() == []


async def test_what_was_deleted_names_and_finds_no_ticket(api: Programs) -> None:
    """It is called by what is left of it."""
    place = await started(api)
    root = await place.hears(place.linh, f"My card {SECRET} was charged twice, what now?")
    await place.linh.reply(root, DELIVERY)
    await place.settled()
    (ticket,) = await place.tickets()
    assert SECRET in ticket.title
    await place.linh.delete(root)
    await place.settled()

    for name in ("reader", "helper"):
        assert (await api.get(name, "/v1/tickets", words=SECRET)).told["tickets"] == []
        assert SECRET not in str((await api.get(name, f"/v1/tickets/{ticket.id}")).told)
        (found,) = (await api.get(name, "/v1/tickets")).told["tickets"]
        assert found["title"] == DELIVERY


async def test_a_page_is_full_of_what_may_be_seen(api: Programs) -> None:
    """A channel that has turned private takes none of its room, and tells no number."""
    place = await started(api)
    await place.hears(place.linh, DELIVERY)
    secret = place.slack.add_channel("plans", members=[place.linh])
    for word in ("one", "two", "three"):
        await place.linh.post(secret, f"{DELIVERY} {word}")
    await place.settled()
    place.slack.workspace.channels[secret.id].kind = "group"
    await place.stop()
    await started(api)
    page = (await api.get("helper", "/v1/tickets", size=2)).told

    assert [each["channel"] for each in page["tickets"]] == [place.orders.id]
    assert page["next"] is None


BROKEN = (
    b"GARBAGE\r\n\r\n",
    b"GET /v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"GET /v1/me HTTP/9.9\r\n\r\n",
    b"POST /v1/ask HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET /v1/me HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    b"GET /v1/me HTTP/1.1\r\nHost: a\r\nExpect: zebra\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)


async def test_what_is_no_http_is_answered_in_the_api_s_own_shape(
    api: Programs, subtests: pytest.Subtests
) -> None:
    """Without the library's words, and without the bytes that were sent."""
    place = await started(api, ops_port=0)
    for sent in BROKEN:
        with subtests.test(sent=sent[:40]):
            reader, writer = await asyncio.open_connection("127.0.0.1", place.running.api_port)
            writer.write(sent)
            async with asyncio.timeout(20):
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                told = json.loads(await reader.readexactly(length))
            writer.close()
            assert set(told) == {"error", "sentence"}
            assert b"application/json" in head
            assert "zebra" not in str(told)
    assert (await api.get("helper", "/v1/me")).status == 200


async def test_what_programs_ask_is_counted(api: Programs) -> None:
    """By the template of the address: no number, name or word of anybody is a label."""
    place = await started(api, ops_port=0)
    await place.hears(place.linh, DELIVERY)
    (ticket,) = await place.tickets()
    before = await figures(place)
    await api.get("helper", f"/v1/tickets/{ticket.id}")
    await api.get("reader", "/v1/tickets/99")
    await api.get("reader", "/wp-login.php")
    via = {"Authorization": f"Bearer {TOKENS['reader']}", "User-Agent": "deskhand-mcp"}
    await api.send(None, "GET", "/v1/me", headers=via)
    now = await figures(place)
    template = 'route="/v1/tickets/{number}"'
    for by, route, status in (
        ("rest", template, 200),
        ("rest", template, 404),
        ("rest", 'route="none"', 404),
        ("mcp", 'route="/v1/me"', 200),
    ):
        name = f'deskhand_api_seconds_count{{by="{by}",{route},status="{status}"}}'
        assert now[name] - before.get(name, 0) == 1


async def test_a_long_ticket_is_told_by_its_end(api: Programs) -> None:
    """So much of it as is asked for, and how much that leaves out."""
    path = await asked(api)
    for number in range(6):
        await api.post("helper", f"{path}/comments", {"text": f"note {number}"})
    whole = (await api.get("helper", path)).told
    end = (await api.get("helper", path, size=1)).told

    assert (whole["left_out"], end["left_out"]) == (0, len(whole["said"]) - 1)
    assert end["said"] == whole["said"][-1:]
    assert [each["text"] for each in end["notes"]] == ["note 5"]
    assert (await api.get("helper", path, size=201)).status == 400


async def test_of_many_who_solve_at_once_one_does(api: Programs) -> None:
    """The others read that it is solved; a note on what is over is kept."""
    path = await asked(api)
    solved = await asyncio.gather(*(api.post("helper", f"{path}/solve") for _ in range(5)))
    late = await api.post("helper", f"{path}/comments", {"text": "After all."})

    assert sorted(each.status for each in solved) == [200, 409, 409, 409, 409]
    assert late.status == 200
    assert await noted(api) == ["After all."]
