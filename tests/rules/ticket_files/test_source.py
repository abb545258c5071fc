"""Encodings and archives, and what is no table at all."""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import pytest

from bot.ticket_files.record import NotATable
from tests.support.ticket_tables import read_records, written

TABLE = "id,body\r\n1,Xin chào\r\n2,Tạm biệt\r\n"


def bodies(name: str, **options: object) -> list[str]:
    """What the rows of a file say."""
    rows, _ = read_records(name, **options)
    return [str(row.problem or row.fields["body"]) for row in rows]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_unicode_is_seen_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    """And does not hinder when it is said as well."""
    name = written(tmp_path, TABLE.encode(encoding))

    assert bodies(name) == ["Xin chào", "Tạm biệt"]
    assert bodies(name, encoding=encoding) == ["Xin chào", "Tạm biệt"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8"])
def test_json_is_seen_in_each_of_them(tmp_path: Path, encoding: str) -> None:
    """The kind is told by what is in a file, not by its name."""
    name = written(tmp_path, '[{"id": 1, "body": "Xin chào"}]'.encode(encoding), "x.csv")

    assert bodies(name) == ["Xin chào"]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("cp1252", "café à la carte, déjà vu"),
        ("cp932", "配送はいつ届きますか"),
        ("gb18030", "我的订单在哪里"),
        ("cp1258", "Khong co thê"),
        ("latin-1", "Grüße aus Köln"),
        ("cp1251", "Где мой заказ"),
    ],
)
def test_other_encodings_are_asked_for_with_a_proposal(
    tmp_path: Path, encoding: str, said: str
) -> None:
    """Nothing is read until it is said; then it is exact."""
    name = written(tmp_path, f'id,body\n1,"{said}"\n2,"{said}"\n'.encode(encoding))

    with pytest.raises(NotATable, match=r"not in UTF-8.*--encoding .* reads '1"):
        read_records(name)
    assert bodies(name, encoding=encoding) == [said, said]


@pytest.mark.parametrize("name", ["utf-9", "klingon", "base64", "rot13", "undefined", ""])
def test_an_encoding_that_does_not_exist_is_a_sentence(tmp_path: Path, name: str) -> None:
    """Also one that is no encoding of text."""
    with pytest.raises(NotATable, match="there is no encoding"):
        read_records(written(tmp_path, TABLE), encoding=name)


def test_a_damaged_line_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    """The file as a whole is UTF-8; half a character of UTF-16 at the end is damage too."""
    name = written(tmp_path, "id,body\n1,chào\n2,caf".encode() + b"\xe9\n3,bi\xe1\xba\xbft\n")
    cut = written(tmp_path, "id,body\n1,a\n2,b".encode("utf-16")[:-1], "cut.csv")

    assert bodies(name) == ["chào", "not text in UTF-8", "biết"]
    assert bodies(cut) == ["a", "not text in UTF-16"]


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    """Whatever they are called."""
    packed = gzip.compress(TABLE[:20].encode()) + gzip.compress(TABLE[20:].encode())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("__MACOSX/._tickets.csv", "x")
        file.writestr("out/tickets.csv", TABLE)

    assert bodies(written(tmp_path, packed, "t.csv")) == ["Xin chào", "Tạm biệt"]
    assert bodies(written(tmp_path, archive.getvalue(), "t.zip")) == ["Xin chào", "Tạm biệt"]


def test_of_several_files_in_an_archive_one_is_asked_for(tmp_path: Path) -> None:
    """By the option that names it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("tickets.csv", TABLE)
        file.writestr("users.csv", "id,name\n1,Jo\n")
    name = written(tmp_path, archive.getvalue(), "t.zip")

    with pytest.raises(NotATable, match=r"holds 2 files: name one with --member: tickets.csv"):
        read_records(name)
    with pytest.raises(NotATable, match=r"holds no 'x\.csv'"):
        read_records(name, member="x.csv")
    assert bodies(name, member="tickets.csv") == ["Xin chào", "Tạm biệt"]


def test_what_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    """A download that was cut: the rows before, and a line that says what is the matter."""
    rows = "".join(f"{number},text of ticket {number * number}\n" for number in range(20_000))
    packed = gzip.compress(f"id,body\n{rows}".encode())
    found = bodies(written(tmp_path, packed[: len(packed) // 2], "t.csv.gz"))

    assert len(found) > 5_000
    assert found[0] == "text of ticket 0"
    assert "damaged from here on" in found[-1]


def test_a_bomb_is_put_down(tmp_path: Path) -> None:
    """Half a megabyte that would be half a gigabyte."""
    packed = gzip.compress(b"id,body\n1,a\n" + (b" " * 1000 + b"\n") * 300_000)
    rows, _ = read_records(written(tmp_path, packed, "bomb.csv.gz"))

    assert rows[0].fields["body"] == "a"
    assert "unpacks to more than" in str(rows[-1].problem)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
        (b"\n<!doctype html><p>Please log in", "a web page"),
        (b"BZh91AY", "bzip2"),
        (b"PK\x03\x04 and no more", "the archive cannot be opened"),
        (b"\x1f\x8b\x08 and no more", "damaged"),
        (gzip.compress(gzip.compress(b"id,body\n1,a\n", mtime=0), mtime=0), "packed twice"),
        (gzip.compress(b"PK\x03\x04 a zip", mtime=0), "an archive within an archive"),
    ],
)
def test_what_is_no_table_is_said_so(tmp_path: Path, data: bytes, told: str) -> None:
    """With what to do about it."""
    with pytest.raises(NotATable, match=told):
        read_records(written(tmp_path, data))


def test_an_excel_workbook_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """It is a zip archive, but not one with a table in it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
        file.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")

    with pytest.raises(NotATable, match="an Excel workbook: save the sheet as CSV in UTF-8"):
        read_records(written(tmp_path, archive.getvalue(), "t.xlsx"))


@pytest.mark.parametrize("name", ["nowhere.csv", ".", "a\0b"])
def test_what_cannot_be_opened_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A file that is not there, a folder, a name that no file can have."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotATable, match="cannot be read: "):
        read_records(name)


def test_a_pipe_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed, too."""
    piped = io.BytesIO(gzip.compress(TABLE.encode()))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(piped)))

    assert bodies("-") == ["Xin chào", "Tạm biệt"]
