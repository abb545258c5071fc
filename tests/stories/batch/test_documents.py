"""Documents: read as text, summarised, and asked."""

import asyncio
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter

from bot.cli import main
from bot.readers.document import Document
from bot.readers.pool import shared_pool
from bot.readers.unreadable import Unreadable
from tests.stories.batch.bench import Bench

RETURNS = "You may return a product within 30 days of delivery."
REFUND = "The money is back on your card within 5 working days."


def read_path(path: Path) -> Document:
    """The document at a path, by the usual readers."""
    return shared_pool().read_path(path)


def pdf(path: Path, text: str) -> Path:
    """The smallest PDF with a line of text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj%b endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    )
    path.write_bytes(data + end % (count, table, count, len(data)))
    return path


def word(path: Path) -> Path:
    """A Word document with headings, a list and a table, in that order."""
    document = docx.Document()
    document.add_heading("Returns", 1)
    document.add_paragraph(RETURNS)
    document.add_paragraph("Keep the box", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Rice cooker", "free"
    document.add_paragraph(REFUND)
    document.save(str(path))
    return path


def test_a_word_document_keeps_its_order_and_its_headings(tmp_path: Path) -> None:
    """Tables stand where they stood."""
    assert read_path(word(tmp_path / "a.docx")).text.split("\n\n") == [
        "# Returns",
        RETURNS,
        "- Keep the box",
        "Rice cooker | free",
        REFUND,
    ]


def test_a_pdf_and_a_text_are_read(tmp_path: Path) -> None:
    """Whatever the ends of their lines."""
    text = tmp_path / "a.md"
    text.write_bytes("\ufeffOne\r\nTwo".encode())

    assert read_path(pdf(tmp_path / "a.pdf", RETURNS)).text == RETURNS
    assert read_path(text).text == "One\nTwo"


def test_what_cannot_be_read_is_said_by_name(tmp_path: Path) -> None:
    """Another kind, no file, no text, damage, a password, another encoding."""
    (tmp_path / "damaged.pdf").write_bytes(b"%PDF-1.4 and then nothing")
    (tmp_path / "damaged.docx").write_bytes(b"PK no zip")
    (tmp_path / "sound.txt").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "blank.txt").write_bytes(b" \n")
    (tmp_path / "old.doc").write_bytes(b"x")
    locked = PdfWriter(clone_from=pdf(tmp_path / "open.pdf", RETURNS))
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")

    for name, why in {
        "damaged.pdf": "damaged",
        "damaged.docx": "damaged",
        "sound.txt": "damaged",
        "blank.txt": "no text in it",
        "old.doc": "I read text",
        "locked.pdf": "locked with a password",
    }.items():
        with pytest.raises(Unreadable, match=why) as found:
            read_path(tmp_path / name)
        assert name in str(found.value)


async def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit status of `deskhand summarize` and what it printed."""
    status = await asyncio.to_thread(main, ["summarize", *arguments])
    return status, capsys.readouterr().out


@pytest.fixture
def reached(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench whose stand-in the command finds in its environment."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", bench.claude.api_key)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", bench.claude.url)
    monkeypatch.chdir(bench.folder)
    return bench


async def test_a_document_is_summarised(reached: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """One call for a short one."""
    status, said = await told(capsys, str(word(reached.folder / "a.docx")))

    assert status == 0
    assert "return a product" in said
    assert reached.answered == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<html><body><p>The kettle may be returned.</p></body></html>"),
        ("a.rst", "Kettle\n======\n\nThe kettle may be returned."),
    ],
)
async def test_every_kind_of_an_article_is_summarised(
    reached: Bench, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    """A page too, which customers do not send."""
    (reached.folder / name).write_text(text, encoding="utf-16")

    status, said = await told(capsys, name)

    assert (status, "kettle may be returned" in said) == (0, True)


async def test_a_long_document_is_read_in_parts(
    reached: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every sentence is sent once."""
    text = "\n\n".join(f"Rule {number}: keep the receipt." for number in range(300))
    path = reached.file("long.txt", text)
    status, said = await told(capsys, str(path), "--part", "800")

    contents = [str(call.body["messages"][0]["content"]) for call in reached.claude.calls]
    parts = [each for each in contents if "Rule 0:" in each or each.count("Rule") > 10]
    assert status == 0
    assert said.strip()
    assert len(parts) > 3
    assert all(sum(f"Rule {number}:" in each for each in parts) >= 1 for number in range(300))


async def test_a_question_is_answered_from_the_words_of_the_document(
    reached: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the sentence it rests on, also when it stands in one of many parts."""
    filler = "\n\n".join(f"Paragraph {number} is about gardens and rivers." for number in range(80))
    path = reached.file("terms.txt", f"{filler}\n\n{RETURNS}\n\n{filler}")
    asked = "Within how many days can I return a product?"
    status, said = await told(capsys, str(path), "--ask", asked, "--part", "700")

    assert status == 0
    assert "30 days" in said
    assert f"> {RETURNS}" in said


async def test_a_question_the_document_does_not_answer_is_not_answered(
    reached: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is invented."""
    path = reached.file("terms.txt", RETURNS)
    status, said = await told(capsys, str(path), "--ask", "Who wrote Hamlet?")

    assert (status, said) == (1, "")
