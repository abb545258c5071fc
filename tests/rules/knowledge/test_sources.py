"""Folders of files of every kind, and a shelf that follows them."""

from io import BytesIO
from pathlib import Path
from shutil import move

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from bot.knowledge.convert import KINDS, convert_file
from bot.knowledge.passages import read_article
from bot.knowledge.sources import Folder, label_folders
from bot.knowledge.sync import KnowledgeSync, sync_source
from bot.knowledge.terms import message_terms
from storage.db.database import Store
from storage.knowledge import inventory
from storage.knowledge.passage_search import search_passages
from storage.knowledge.values import SyncReport
from tests.stories.batch.test_documents import pdf

PAGE = """<html lang="vi-VN"><head><title>Trả hàng</title>
<meta name="audience" content="agents"><meta name="reviewed-on" content="2026-10-01">
<link rel="canonical" href="https://help.example.com/tra-hang"><style>p {color: red}</style></head>
<body><nav><a href="/">Trang chủ</a></nav><main><h1>Trả hàng</h1><p>Trong <b>30 ngày</b>.</p>
<script>track()</script><h2>Ở đâu</h2><p>Tại nhà &amp; tại cửa hàng.</p></main></body></html>"""


def word(title: str) -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.language = "en-GB"
    document.add_heading("Care", 1)
    document.add_paragraph("Wipe the lid.")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article of each kind."""
    place = tmp_path / "help"
    (place / "sub").mkdir(parents=True)
    (place / "returns.html").write_text(PAGE, encoding="utf-8")
    pdf(place / "kettle.pdf", "Kettles boil two litres.")
    (place / "sub" / "lid.docx").write_bytes(word("The lid"))
    (place / "plain.txt").write_text("Giờ mở cửa: từ tám giờ sáng mỗi ngày.", encoding="utf-8")
    (place / "picture.png").write_bytes(b"\x89PNG")
    (place / ".draft.md").write_text("Not yet.", encoding="utf-8")
    return place


def test_every_kind_of_file_becomes_an_article(folder: Path) -> None:
    """Each says of itself what its kind can say; other files are passed over."""
    reading = Folder(folder).read()
    by_source = {each.source: each for each in reading.articles}
    page = by_source["returns.html"]

    assert reading.problems == []
    assert {
        source: (each.title, each.language, [p.paragraphs for p in each.passages])
        for source, each in by_source.items()
    } == {
        "kettle.pdf": ("kettle", "en", [("Kettles boil two litres.",)]),
        "plain.txt": ("plain", "vi", [("Giờ mở cửa: từ tám giờ sáng mỗi ngày.",)]),
        "returns.html": (
            "Trả hàng",
            "vi",
            [("Trong **30 ngày**.",), ("Tại nhà & tại cửa hàng.",)],
        ),
        "sub/lid.docx": ("The lid", "en", [("Wipe the lid.",)]),
    }
    assert (page.audience, page.url) == ("agents", "https://help.example.com/tra-hang")
    assert str(page.reviewed_on) == "2026-10-01"


def test_notes_beside_a_document_say_what_it_cannot(folder: Path) -> None:
    """A PDF has no place for an audience; notes with text of their own would lose it."""
    notes = folder / "kettle.pdf.md"
    notes.write_text("---\ntitle: Kettles\naudience: agents\n---\n", encoding="utf-8")
    kettle = next(each for each in Folder(folder).read().articles if each.source == "kettle.pdf")
    notes.write_text("Some text.", encoding="utf-8")
    reading = Folder(folder).read()

    assert (kettle.title, kettle.audience) == ("Kettles", "agents")
    assert [problem.split(":")[0] for problem in reading.problems] == ["kettle.pdf.md"]
    assert "kettle.pdf" not in {each.source for each in reading.articles}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("sound.md", bytes(range(256)), "damaged"),
        ("wrong.md", b"---\naudience: all\n---\n", "audience: expected public or agents"),
        ("torn.pdf", b"%PDF-1.4 and no more", "the file is damaged"),
        ("shut.pdf", locked(), "locked with a password"),
        ("torn.docx", b"PK\x03\x04", "the file is damaged"),
        ("bare.html", b"<html><body></body></html>", "no text in it"),
        ("sound.html", bytes(range(256)), "damaged"),
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_skipped(
    folder: Path, name: str, data: bytes, reason: str
) -> None:
    """One broken file does not keep the rest of a folder out."""
    (folder / name).write_bytes(data)
    reading = Folder(folder).read()

    assert len(reading.articles) == 4
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith(f"{name}: ")
    assert reason in reading.problems[0]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.from_regex(r"[a-z]{1,12}", fullmatch=True), min_size=1, max_size=80))
def test_a_page_loses_and_repeats_no_word(words: list[str]) -> None:
    """However its paragraphs fall."""
    html = "".join(f"<p>{word}</p>" for word in words)
    front, text = convert_file("a.html", f"<main>{html}</main>".encode())
    said = [
        each for part in read_article("a.html", text, front).passages for each in part.paragraphs
    ]

    assert said == words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Giao hàng trong vòng hai ngày làm việc.", "vi"),
        ("Our shop is open on any day but Monday, from nine until five. Ask for Hương.", "en"),
        ("42", "en"),
    ],
)
def test_the_language_is_found_out_where_nobody_says(text: str, language: str) -> None:
    """A Vietnamese name in an English text makes it no Vietnamese text."""
    assert [part.language for part in read_article("a.md", text).passages] == [language]


async def test_a_folder_is_followed(database: Store, folder: Path) -> None:
    """Only what changed is read again; what was deleted is found no more."""
    here = Folder(folder)
    first = await sync_source(database, here)
    again = await sync_source(database, here)
    (folder / "kettle.pdf").unlink()
    (folder / "plain.txt").write_text("Open at noon.", encoding="utf-8")
    (folder / "new.md").write_text("# Teapots\n\nTeapots pour well.", encoding="utf-8")
    third = await sync_source(database, here)

    assert first.report == SyncReport(4, 0, 0, 0)
    assert again.report == SyncReport(0, 0, 0, 4)
    assert third.report == SyncReport(1, 1, 1, 2)
    assert (
        await database.read(search_passages, message_terms("kettles boil litres"), language="en")
        == []
    )
    assert await database.read(search_passages, message_terms("teapots pour"), language="en")


async def test_a_file_that_became_unreadable_is_taken_off_the_shelf(
    database: Store, folder: Path
) -> None:
    """A typing mistake in its audience may have been meant to hide it."""
    (folder / "new.md").write_text("Teapots pour well.", encoding="utf-8")
    await sync_source(database, Folder(folder))
    (folder / "new.md").write_text(
        "---\naudience: agent\n---\nTeapots pour well.", encoding="utf-8"
    )
    synced = await sync_source(database, Folder(folder))

    assert synced.report == SyncReport(0, 0, 1, 4)
    assert len(synced.problems) == 1
    assert await database.read(search_passages, message_terms("teapots pour"), language="en") == []


async def test_a_folder_that_is_gone_changes_nothing(database: Store, folder: Path) -> None:
    """A drive that is not mounted must not empty the shelf."""
    await sync_source(database, Folder(folder))
    move(folder, folder.with_name("elsewhere"))
    synced = await sync_source(database, Folder(folder))

    assert synced.report is None
    assert list(synced.problems) == [f"{folder}: is no folder"]
    assert (await database.read(inventory.knowledge_size)).articles == 4


async def test_several_folders_keep_their_names_apart(
    database: Store, folder: Path, tmp_path: Path
) -> None:
    """The second folder's articles are named after it, and each follows its own deletions."""
    other = tmp_path / "more"
    other.mkdir()
    (other / "plain.txt").write_text("Teapots pour well.", encoding="utf-8")
    knowledge_sync = KnowledgeSync(database, label_folders([folder, other]))
    await knowledge_sync.keep()
    hits = await database.read(search_passages, message_terms("teapots pour"), language="en")
    (folder / "kettle.pdf").unlink()
    await knowledge_sync.keep()

    assert [hit.passage.source for hit in hits] == ["more/plain.txt"]
    assert await database.read(search_passages, message_terms("teapots pour"), language="en")
    assert (
        await database.read(search_passages, message_terms("kettles boil litres"), language="en")
        == []
    )


def test_all_kinds_are_tested(folder: Path) -> None:
    """A kind that is added needs an example here."""
    seen = {path.suffix for path in folder.rglob("*")} | {".md"}

    assert KINDS - seen == {".markdown", ".htm", ".docm", ".dotx"}
