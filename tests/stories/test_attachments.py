"""Screenshots and documents: read, answered from, and said to be unread when they are."""

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from emulator.drawing import screenshot
from emulator.slack import Message
from tests.batch.test_documents import pdf, word
from tests.stories.questions import WARRANTY
from tests.workspace import Workspace

NOTICE = "The tenant may end this contract with a notice period of 45 days."
ASKED = "How long is the notice period in this contract?"


def contract(paragraphs: int) -> bytes:
    """A long contract; the clause that is asked about stands in its middle."""
    filler = [
        f"Clause {n} speaks of gardens and rivers, and of nothing else." for n in range(paragraphs)
    ]
    filler.insert(paragraphs // 2, NOTICE)
    return "\n\n".join(filler).encode()


def lines(desk: Workspace, asked: Message) -> list[str]:
    """The bot's lines about files in the thread."""
    key = f"{desk.key(asked)}:files"
    return [
        each.text
        for each in desk.slack.thread(asked)
        if each.metadata and each.metadata["event_payload"]["key"] == key
    ]


def pictures(desk: Workspace) -> list[int]:
    """How many pictures each request to the model had."""
    return [
        sum(block["type"] == "image" for block in content)
        if isinstance(content := call.body["messages"][0]["content"], list)
        else 0
        for call in desk.claude.calls
    ]


async def test_a_screenshot_without_words_is_a_request(desk: Workspace) -> None:
    """What stands on it is triaged and answered; both models see it, and the books keep it."""
    shot = ("shot.png", screenshot(WARRANTY))
    asked = await desk.hears(desk.linh, "", files=[shot])

    (answer,) = desk.replies(asked)
    assert "24 months" in answer
    assert pictures(desk) == [1, 1]
    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.triage is not None
    assert (decision.outcome, decision.triage["seen"]) == ("answered", WARRANTY)


async def test_a_picture_of_another_kind_than_its_name_says_is_taken_for_what_it_is(
    desk: Workspace,
) -> None:
    """Its bytes have the last word; the name and Slack's word for it are only a claim."""
    asked = await desk.hears(desk.linh, "", files=[("shot.jpg", screenshot(WARRANTY))])
    assert "24 months" in desk.replies(asked)[0]


async def test_eleven_pictures_are_five_and_a_word_about_the_rest(desk: Workspace) -> None:
    """The first ones are looked at, and the customer is told."""
    shots = [(f"{n}.png", screenshot(f"Picture {n}")) for n in range(11)]
    asked = await desk.hears(desk.linh, WARRANTY, files=shots)

    assert pictures(desk) == [5, 5]
    answer, line = desk.replies(asked)
    assert "24 months" in answer
    assert line == "I looked at the first pictures only; 6 more were left out."


async def test_what_cannot_be_read_is_said_once_and_stops_nothing(
    desk: Workspace, tmp_path: Path
) -> None:
    """A locked PDF, a wrong type, 30 MB, a broken picture, a page instead of a file."""
    locked = PdfWriter(clone_from=PdfReader(pdf(tmp_path / "open.pdf", NOTICE)))
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    files = [
        ("locked.pdf", (tmp_path / "locked.pdf").read_bytes()),
        ("tool.exe", b"MZ"),
        ("scan.pdf", b"0" * 30_000_000),
        ("huge.png", b"0" * 30_000_000),
        ("broken.png", b"\x89PNG no more"),
        ("page.docx", b"<!DOCTYPE html><html></html>"),
    ]
    asked = await desk.hears(desk.linh, WARRANTY, files=files)

    answer, line = desk.replies(asked)
    assert "24 months" in answer
    assert [line] == lines(desk, asked)
    for said in (
        "locked.pdf: it is locked with a password.",
        "I can't read tool.exe",
        "scan.pdf: it is too large",
        "huge.png: it is too large",
        "broken.png: the file is damaged",
        "page.docx: the file is damaged",
    ):
        assert line.count(said) == 1
    decision = await desk.decision(asked)
    assert decision is not None
    assert "locked.pdf was not read (locked)" in decision.reason
    row = await desk.row(asked)
    assert row is not None
    assert row.outcome == "answered"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "server_error", "status": 403}, "Slack doesn't let me see it"),
        ({"kind": "error"}, "Slack doesn't let me see it"),
        ({"kind": "drop_before", "times": None}, "I couldn't load"),
    ],
)
async def test_a_file_that_slack_does_not_give_is_named(
    desk: Workspace, fault: dict[str, object], said: str
) -> None:
    """The words of the message are answered all the same."""
    desk.slack.faults.add("url_private", **fault)  # type: ignore[arg-type]
    asked = await desk.hears(desk.linh, WARRANTY, files=[("a.txt", NOTICE.encode())])

    answer, line = desk.replies(asked)
    assert "24 months" in answer
    assert said in line


async def test_a_lone_file_that_cannot_be_read_goes_to_a_person(desk: Workspace) -> None:
    """There is nothing to triage, and no model is asked."""
    asked = await desk.hears(desk.linh, "", files=[("tool.exe", b"MZ")])

    handed, line = desk.replies(asked)
    assert "A person will answer you" in handed
    assert "tool.exe" in line
    assert desk.asked() == 0


async def test_a_short_document_is_answered_from_its_own_words(
    desk: Workspace, tmp_path: Path
) -> None:
    """Without a call for notes; the answer names the file as its source."""
    files = [("a.docx", word(tmp_path / "a.docx").read_bytes()), ("c.txt", contract(3))]
    asked = await desk.hears(desk.linh, ASKED, files=files)

    (answer,) = desk.replies(asked)
    assert "45 days" in answer
    decision = await desk.decision(asked)
    assert decision is not None
    assert [each["title"] for each in decision.sources] == ["c.txt"]
    assert desk.asked() == 2


async def test_a_long_document_is_read_in_parts_and_says_so(desk: Workspace) -> None:
    """One line that is reworded; every part is paid for under the ticket; nothing is left out."""
    asked = await desk.hears(desk.linh, ASKED, files=[("contract.txt", contract(900))])

    answer, line = sorted(desk.replies(asked), key=lambda text: text.startswith("I have read"))
    assert line == "I have read contract.txt (3 parts)."
    assert [line] == lines(desk, asked)
    assert answer
    told = [
        call.args["text"]
        for call in desk.slack.calls
        if call.method == "chat.update" and call.args["channel"] == asked.channel
    ]
    assert "Reading contract.txt: 3 of 3 parts" in told
    calls = await desk.calls()
    assert sorted(call.purpose for call in calls) == ["answer", "part", "part", "part", "triage"]
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert {call.ticket_id for call in calls} == {ticket.id}
    sent = "".join(str(call.body["messages"][0]["content"]) for call in desk.claude.calls[:3])
    assert all(f"Clause {n} speaks" in sent for n in range(900))
