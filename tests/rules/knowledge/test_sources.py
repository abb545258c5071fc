"""Folders of files of every kind, and a shelf that follows them."""

import os
from collections.abc import Hashable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from shutil import move
from tempfile import TemporaryDirectory

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from bot.knowledge.convert import KINDS, convert_file
from bot.knowledge.passages import read_article
from bot.knowledge.sources import (
    Folder,
    SourceMissing,
    SourceProgress,
    SourceReading,
    label_folders,
)
from bot.knowledge.sync import KnowledgeSync, sync_source
from bot.knowledge.terms import message_terms
from bot.readers.pool import ReaderPool
from bot.readers.reader_limits import ReaderLimits
from storage.db.database import Store
from storage.knowledge import articles, inventory, shelf
from storage.knowledge.passage_search import search_passages
from storage.knowledge.values import Audience, SyncReport
from tests.stories.batch.test_documents import pdf

NOBODY = 65_534  # a user that owns none of the files
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


NAMED_ALIKE = {".markdown", ".mdx", ".htm", ".xhtml", ".docm", ".dotx", ".rest", ".asciidoc"}
# tests/rules/readers/test_text_kinds.py has an example of each.
READ_ELSEWHERE = {".rst", ".adoc", ".ipynb"}


class FailingSource:
    """A source with a fault that nobody foresaw."""

    name = origin = "nowhere"
    audience: Audience = "public"

    def __init__(self) -> None:
        self.asked = 0

    def state(self) -> Hashable:
        return "always the same"

    def read(
        self, known: Mapping[str, str] | None = None, progress: SourceProgress | None = None
    ) -> SourceReading:
        self.asked += 1
        raise ZeroDivisionError((known, progress))


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
    assert [each.source for each in reading.unread] == ["kettle.pdf"]
    assert "kettle.pdf.md: expected front matter and nothing else" in reading.problems[0]
    assert "kettle.pdf" not in {each.source for each in reading.articles}


@pytest.mark.parametrize("ending", [".MD", ".markdown", ".mdx"])
def test_notes_are_notes_however_their_name_ends(folder: Path, ending: str) -> None:
    (folder / f"kettle.pdf{ending}").write_text("---\naudience: agents\n---\n", encoding="utf-8")
    reading = Folder(folder).read()
    kettle = next(each for each in reading.articles if each.source == "kettle.pdf")

    assert kettle.audience == "agents"
    assert "no text" not in reading.left_out


def test_a_link_is_followed_within_its_folder_and_not_out_of_it(
    folder: Path, tmp_path: Path
) -> None:
    """Mounted configuration is all links; a link to elsewhere would publish what it points at."""
    secret = tmp_path / "internal"
    secret.mkdir()
    (secret / "codes.md").write_text("The master code is 4711.", encoding="utf-8")
    (folder / "out.md").symlink_to(secret / "codes.md")
    (folder / "in.txt").symlink_to("plain.txt")
    (folder / "elsewhere").symlink_to(secret)
    (folder / "kettle.pdf.md").symlink_to(secret / "codes.md")
    reading = Folder(folder).read()
    names = {each.source for each in reading.articles}

    assert "in.txt" in names
    assert {"out.md", "elsewhere/codes.md", "kettle.pdf"}.isdisjoint(names)
    assert {each.source for each in reading.unread} == {"elsewhere/", "kettle.pdf", "out.md"}
    assert all("leads out of the folder" in each for each in reading.problems)


def test_what_is_no_regular_file_is_counted_and_never_waited_for(tmp_path: Path) -> None:
    """A pipe gives nothing until somebody writes into it; a link to nowhere is named."""
    (tmp_path / "tea.md").write_text("# Tea\n\nBrew it.")
    for name in ("pipe.md", "tea.md.yaml", "tea.json", ".hidden.md"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "itself.md").symlink_to("itself.md")

    reading = Folder(tmp_path).read()

    assert [(each.source, each.audience) for each in reading.articles] == [("tea.md", "public")]
    assert [each.source for each in reading.unread] == ["gone.md", "itself.md"]
    assert reading.left_out == {"no regular file": 4}


def test_of_a_file_beyond_the_limit_no_more_is_loaded_than_tells_so(tmp_path: Path) -> None:
    """Files of many gigabytes, articles or beside them, never fill the memory of the bot."""
    (tmp_path / "tea.md").write_text("# Tea\n\nBrew it.")
    for name in ("huge.md", "huge.pdf", "tea.yaml", "tea.json"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(1 << 40)
    pool = ReaderPool(ReaderLimits(file_mb=1))

    reading = Folder(tmp_path, readers=pool).read()

    pool.close()
    assert [each.source for each in reading.articles] == ["tea.md"]
    assert [each.source for each in reading.unread] == ["huge.md", "huge.pdf"]
    assert all("too large" in each.reason for each in reading.unread)


@pytest.mark.parametrize("sign", ["\x1b[31m", "\n", "\x9b", "\u202e", "\u2066"])
def test_a_name_steers_no_terminal_and_turns_no_text(tmp_path: Path, sign: str) -> None:
    (tmp_path / f"tea{sign}x.md").write_text("\0" * 9)
    (tmp_path / f"milk{sign}.md").write_text("Warm it.")
    (tmp_path / "trà\u200d.md").write_text("Pha trà.")

    reading = Folder(tmp_path).read()
    said = [*reading.problems, *(each.source for each in reading.articles)]

    assert len(said) == 3
    assert not any(sign[0] in each for each in said)
    assert "trà\u200d.md" in said


def test_a_folder_may_be_a_link_itself(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(folder)

    assert len(Folder(tmp_path / "current").read().articles) == 4


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("sound.md", bytes(range(256)), "damaged"),
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
    text = convert_file("a.html", f"<main>{html}</main>".encode()).text
    said = [each for part in read_article("a.html", text).passages for each in part.paragraphs]

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
    """What it says of itself cannot be known any more, and it may say that it is to be hidden."""
    (folder / "new.md").write_text("Teapots pour well.", encoding="utf-8")
    await sync_source(database, Folder(folder))
    (folder / "new.md").write_bytes(bytes(range(256)))
    synced = await sync_source(database, Folder(folder))

    assert synced.report == SyncReport(0, 0, 1, 4)
    assert len(synced.problems) == 1
    assert await database.read(search_passages, message_terms("teapots pour"), language="en") == []


@pytest.mark.parametrize("said", ["audience: agent", "audience:", "audience: [agents", "\tx: y"])
async def test_an_audience_that_is_not_plain_is_for_agents_and_said(
    database: Store, folder: Path, said: str
) -> None:
    """A typing mistake in an audience may have been meant to hide it; agents still find it."""
    (folder / "new.md").write_text(f"---\ntitle: T\n{said}\n---\nTeapots pour well.", "utf-8")
    synced = await sync_source(database, Folder(folder))

    assert len(synced.problems) == 1
    assert synced.problems[0].startswith("new.md: ")
    asked = "teapots pour"
    assert await database.read(search_passages, message_terms(asked), language="en") == []
    assert await database.read(
        search_passages, message_terms(asked), language="en", audience="agents"
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("draft: true", "draft"),
        ("draft: Yes", "draft"),
        ("published: false", "draft"),
        ("unlisted: true", "unlisted"),
        ("expiryDate: 2020-01-01", "expired"),
        ("expires: '2020-01-01T10:00:00Z'", "expired"),
        ("publishDate: 2999-01-01", "not yet published"),
        ("title: Nothing below", "no text"),
    ],
)
def test_what_says_that_it_is_not_for_readers_today_is_left_out_and_counted(
    folder: Path, said: str, why: str
) -> None:
    """In the words of the tool that the file was written for."""
    text = "" if why == "no text" else "Teapots pour well."
    (folder / "new.md").write_text(f"---\n{said}\n---\n{text}", encoding="utf-8")
    reading = Folder(folder).read()

    assert len(reading.articles) == 4
    assert reading.problems == []
    assert reading.left_out == {why: 1, "hidden": 1, ".png": 1}


def test_a_folder_for_agents_is_not_widened_by_what_cannot_be_read(folder: Path) -> None:
    """Only a plain word in the file itself makes an article of such a folder public."""
    (folder / "broken.md").write_text("---\na: [\n---\nText.", encoding="utf-8")
    (folder / "open.md").write_text("---\naudience: public\n---\nText.", encoding="utf-8")
    by_source = {each.source: each for each in Folder(folder, audience="agents").read().articles}

    assert {name for name, each in by_source.items() if each.audience == "public"} == {"open.md"}


async def test_a_document_that_became_unreadable_keeps_its_last_version(
    database: Store, folder: Path
) -> None:
    """A PDF does not say for whom it is; its notes and its folder do, and they are as they were."""
    await sync_source(database, Folder(folder))
    (folder / "kettle.pdf").write_bytes(b"%PDF-1.4 and no more")
    kept = await sync_source(database, Folder(folder))
    again = await sync_source(database, Folder(folder))

    assert [(each.source, each.kept) for each in kept.unread] == [("kettle.pdf", True)]
    assert (list(kept.withdrawn), kept.report) == ([], SyncReport(0, 0, 0, 4))
    assert again.report == kept.report
    assert await database.read(search_passages, message_terms("kettles boil litres"), language="en")
    state = await database.read(shelf.shelf_state, None)
    assert [(each.source, each.kept) for each in state.unread] == [("kettle.pdf", True)]


@pytest.mark.parametrize("notes", ["---\naudience: agents\n---\n", "Some text.", "---\na: ["])
async def test_a_document_whose_notes_changed_with_it_is_taken_off(
    database: Store, folder: Path, notes: str
) -> None:
    """They may hide it now; what nobody can read hides it as well."""
    await sync_source(database, Folder(folder))
    (folder / "kettle.pdf").write_bytes(b"%PDF-1.4 and no more")
    (folder / "kettle.pdf.md").write_text(notes, encoding="utf-8")
    synced = await sync_source(database, Folder(folder))

    assert [each.source for each in synced.withdrawn] == ["kettle.pdf"]
    assert (
        await database.read(search_passages, message_terms("kettles boil litres"), language="en")
        == []
    )


async def test_an_article_that_loses_its_plain_audience_is_named(
    database: Store, folder: Path
) -> None:
    """Customers had it until now, so that somebody should hear of it."""
    (folder / "new.md").write_text("Teapots pour well.", encoding="utf-8")
    await sync_source(database, Folder(folder))
    (folder / "new.md").write_text("---\naudience: agent\n---\nTeapots pour well.", "utf-8")
    synced = await sync_source(database, Folder(folder))

    assert [source for source, _ in synced.narrowed] == ["new.md"]
    assert synced.is_news
    # What is in doubt stays known, though the file is not read again.
    assert len((await sync_source(database, Folder(folder))).problems) == 1


async def test_an_article_ends_on_its_day(database: Store, folder: Path) -> None:
    """The file is as it was; the day has come."""
    (folder / "new.md").write_text("---\nexpires: 2999-01-01\n---\nTeapots pour.", "utf-8")
    await sync_source(database, Folder(folder))
    known = await database.read(articles.known_hashes, Folder(folder).origin, date(2998, 12, 31))
    ended = await database.read(articles.known_hashes, Folder(folder).origin, date(2999, 1, 1))

    assert known.keys() - ended.keys() == {"new.md"}


async def test_a_name_that_is_no_text_costs_no_other_file(database: Store, folder: Path) -> None:
    """It is stored as far as it can be read."""
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("Teapots pour well.", encoding="utf-8")
    synced = await sync_source(database, Folder(folder))

    assert synced.report == SyncReport(5, 0, 0, 0)
    hits = await database.read(search_passages, message_terms("teapots pour"), language="en")
    assert [hit.passage.source for hit in hits] == ["caf\ufffd.md"]


async def test_a_source_that_fails_costs_the_others_nothing(database: Store, folder: Path) -> None:
    """It is logged and read again at the next look; the desk starts."""
    failing = FailingSource()
    knowledge_sync = KnowledgeSync(database, [failing, Folder(folder)])
    await knowledge_sync.keep()
    await knowledge_sync.keep()

    assert failing.asked == 2
    assert (await database.read(inventory.knowledge_size)).articles == 4


async def test_a_folder_that_is_gone_changes_nothing(database: Store, folder: Path) -> None:
    """A drive that is not mounted must not empty the shelf."""
    await sync_source(database, Folder(folder))
    move(folder, folder.with_name("elsewhere"))
    synced = await sync_source(database, Folder(folder))

    assert synced.report is None
    assert list(synced.problems) == [f"{folder}: is no folder"]
    assert (await database.read(inventory.knowledge_size)).articles == 4


@pytest.mark.parametrize("shut", ["help", "."])
def test_a_folder_that_is_closed_to_us_takes_nothing_away(shut: str) -> None:
    """Nobody knows what is in it, nor below it: that is no folder without articles."""
    with TemporaryDirectory() as place:
        folder = Path(place, "help")
        folder.mkdir()
        (folder / "a.md").write_text("# Tea\n\nText.")
        Path(place).chmod(0o755)
        Path(place, shut).chmod(0)
        user = os.geteuid()
        if not user:
            os.seteuid(NOBODY)  # what is closed to others is open to root
        try:
            with pytest.raises(SourceMissing):
                Folder(folder).read()
        finally:
            os.seteuid(user)
            Path(place).chmod(0o700)
            folder.chmod(0o700)


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

    assert KINDS - seen == NAMED_ALIKE | READ_ELSEWHERE


@pytest.mark.parametrize(
    "page",
    [
        "<!-- audience: agents --><html><body><p>Ask for the code.</p></body></html>",
        "<html><head><!-- visibility: internal --></head><body><p>Ask.</p></body></html>",
        "<html><body><p>Ask.</p><!-- internal --><p>Code.</p></body></html>",
        "<html><head><meta name=robots content=noindex></head><body><p>Ask.</p></body></html>",
        "<html><head><meta name=roles content=staff></head><body><p>Ask.</p></body></html>",
        "<html><body><div data-audience=agents><p>Ask.</p></div></body></html>",
        "---\naudience: agents\n---\n<html><body><p>Ask.</p></body></html>",
        "---\nlayout: page\nroles: [staff]\n---\n<p>Ask.</p>",
    ],
)
def test_what_a_page_says_outside_of_its_text_keeps_it_from_customers(
    tmp_path: Path, page: str
) -> None:
    (tmp_path / "page.html").write_text(page)
    (tmp_path / "open.html").write_text("<!-- nav --><html><body><p>Ask.</p></body></html>")

    found = {each.source: each.audience for each in Folder(tmp_path).read().articles}

    assert found == {"page.html": "agents", "open.html": "public"}


@pytest.mark.parametrize(
    ("beside", "text", "closed"),
    [
        ("a/tea.md.yaml", "audience: agents", {"a/tea.md"}),
        ("a/tea.yml", "roles: [staff]", {"a/tea.md"}),
        ("a/tea.notes", "for agents only\naudience: agents", {"a/tea.md"}),
        ("a/tea.md.yaml", "audience: [", {"a/tea.md"}),
        ("a/tea.toml", "draft = true", {"a/tea.md"}),
        ("a/te.pdf.md", "---\naudience: agents\n---\n", {"a/tea.md", "a/b/milk.md"}),
        ("a/rules.md", "---\nroles: [staff]\n---\n", {"a/tea.md", "a/b/milk.md"}),
        ("a/.meta.yml", "internal: true", {"a/tea.md", "a/b/milk.md"}),
        ("a/_category_.json", '{"zielgruppe": "intern"}', {"a/tea.md", "a/b/milk.md"}),
        ("a/tea.json", '{"groups": [{"name": "staff"}]}', {"a/tea.md"}),
        ("a/tea.json", '{"meta": {"roles": ["premium"]}}', {"a/tea.md"}),
        ("a/unknown.yaml", "seen: [staff, internal]", {"a/tea.md", "a/b/milk.md"}),
        ("a/unknown.yaml", "audience: agents", {"a/tea.md", "a/b/milk.md"}),
        ("meta.toml", 'audience = "agents"', {"a/tea.md", "a/b/milk.md", "open.md"}),
    ],
)
def test_a_file_beside_articles_can_keep_them_from_customers(
    tmp_path: Path, beside: str, text: str, closed: set[str]
) -> None:
    """One that fits an article closes that one, another its whole folder; either is said."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("open.md", "a/tea.md", "a/b/milk.md"):
        (tmp_path / name).write_text("# Tea\n\nBrew it.")
    before = {each.source: each.content_hash for each in Folder(tmp_path).read().articles}
    (tmp_path / beside).write_text(text)

    reading = Folder(tmp_path).read(before)

    assert {each.source for each in reading.articles} == closed
    assert {each.audience for each in reading.articles} == {"agents"}
    assert any(beside in each for each in reading.problems)


@pytest.mark.parametrize(
    ("beside", "text"),
    [
        ("package.json", '{"name": "docs", "private": true}'),
        ("compose.yaml", "networks:\n  back:\n    internal: true\n"),
        ("manifest.json", '{"permissions": ["alarms"]}'),
        ("openapi.yaml", "openapi: 3.0.0\npaths:\n  /a: {x-visibility: internal}\n"),
        ("data.json", '[{"role": "staff"}]'),
        ("milk.json", '{"groups": [{"self_ref": "#/groups/0", "label": "list"}]}'),
        ("milk.json", '{"permissions": {"count": 3}}'),
        ("words.yaml", "exceptions:\n  - API\n  - Agent\n  - Internal\n"),
        ("broken.yaml", "{{ template }}\n: ["),
        ("draft.md", "---\ndraft: true\n---\n"),
        ("tea.yaml", "title: Tea\nweight: 3"),
        ("tea.json", "\xff\xfe not json"),
    ],
)
def test_files_about_other_things_hide_nothing(tmp_path: Path, beside: str, text: str) -> None:
    (tmp_path / "milk.md").write_text("# Milk\n\nWarm it.")
    (tmp_path / beside).write_text(text)

    assert [each.audience for each in Folder(tmp_path).read().articles] == ["public"]


def test_what_hugo_hands_down_holds_for_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/_index.md").write_text("---\ncascade:\n  audience: agents\n---\nTea.")
    (tmp_path / "a/tea.md").write_text("# Tea\n\nBrew it.")
    (tmp_path / "open.md").write_text("# Milk\n\nWarm it.")

    found = {each.source: each.audience for each in Folder(tmp_path).read().articles}

    assert found == {"a/_index.md": "agents", "a/tea.md": "agents", "open.md": "public"}


@pytest.mark.parametrize(
    "name",
    [
        "internal/tea.md",
        "a/Nội bộ/tea.md",
        "tea-staff-only.md",
        "[INTERNAL] tea.md",
        "tea (staff only).md",
    ],
)
def test_a_name_can_keep_an_article_from_customers_that_says_nothing_itself(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("# Tea\n\nBrew it.")

    (article,) = Folder(tmp_path).read().articles
    (tmp_path / name).write_text("---\naudience: public\n---\n# Tea\n\nBrew it.")
    (open_article,) = Folder(tmp_path).read().articles

    assert (article.audience, open_article.audience) == ("agents", "public")
    assert article.doubts == open_article.doubts


@pytest.mark.parametrize(
    "name",
    [
        "internal-storage/tea.md",
        "agents/tea.md",
        "private-rooms.md",
        "internal.md",
        "how-to-use.md",
    ],
)
def test_a_name_about_other_things_hides_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("# Tea\n\nBrew it.")

    assert [each.audience for each in Folder(tmp_path).read().articles] == ["public"]


CELL = '{"cells": [{"cell_type": "markdown", "metadata": {"tags": ["%s"]}, "source": ["# Tea"]}]}'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<h1>Tea</h1><div class="box internal-only"><p>4711</p></div>'),
        ("a.html", '<h1>Tea</h1><div data-visibility="agents"><p>4711</p></div>'),
        ("a.html", "<h1>Tea</h1><p>Brew.</p><!-- begin internal --><p>4711</p>"),
        ("a.html", "<h1>Tea</h1><p>Brew.</p><h2>Internal notes</h2><p>4711</p>"),
        ("a.rst", "Tea\n===\n\n.. container:: internal\n\n   4711\n"),
        ("a.rst", "Tea\n===\n\n.. only:: staff\n\n   4711\n"),
        ("a.adoc", "= Tea\n\nifdef::internal[]\n4711\nendif::[]\n"),
        ("a.adoc", "= Tea\n:internal:\n\nBrew.\n"),
        ("a.adoc", "= Tea\n\n[.staff-only]\n4711\n"),
        ("a.adoc", '= Tea\n\n[role="internal"]\n--\n4711\n--\n'),
        ("a.adoc", "= Tea\n\n// tag::internal[]\n4711\n// end::internal[]\n"),
        ("a.ipynb", CELL % "internal"),
    ],
)
def test_what_the_source_of_a_text_says_of_a_part_keeps_it_from_customers(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)

    (article,) = Folder(tmp_path).read().articles

    assert (article.audience, len(article.doubts)) == ("agents", 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<h1>Tea</h1><div class="internal-link private-room"><p>Brew.</p></div>'),
        ("a.html", '<h1>Tea</h1><div data-visibility="hover"><p>Brew.</p></div>'),
        ("a.rst", "Tea\n===\n\n.. only:: html\n\n   Brew.\n"),
        ("a.adoc", "= Tea\n:toc:\n\nifdef::env-github[]\nBrew.\nendif::[]\n\n[.lead]\nIt.\n"),
        ("a.ipynb", CELL % "hide-input"),
    ],
)
def test_what_it_says_of_other_things_hides_nothing(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    assert [each.audience for each in Folder(tmp_path).read().articles] == ["public"]
