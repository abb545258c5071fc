"""Which reader a file is given to: by its content, then by its name, then by its media type."""

from io import BytesIO

import docx
import pytest

from bot.readers.child import READ
from bot.readers.pool import shared_pool
from bot.readers.registry import DOCUMENTS, OLE, READERS, Reader, reader_by_name
from bot.readers.unreadable import Unreadable


def word_file(text: str) -> bytes:
    """A Word document of one paragraph."""
    document, out = docx.Document(), BytesIO()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("Guide.PDF", "", "pdf"),
        ("guide", "application/pdf", "pdf"),
        ("letter.docx", "text/plain", "word"),
        ("list.csv", "text/csv", "text"),
        ("orders", "application/json", "text"),
        ("page.html", "text/html", None),
        ("page.html", "text/plain", "text"),
        ("song.mp3", "audio/mpeg", None),
        ("nameless", "", None),
    ],
)
def test_a_file_claims_a_kind(name: str, media_type: str, kind: str | None) -> None:
    """Its name counts more than its media type, and a page is no document."""
    reader = reader_by_name(name, media_type)

    assert (reader.kind if reader else None) == kind


@pytest.mark.parametrize("name", ["lid.docx", "lid.txt", "lid.pdf", "lid"])
def test_content_counts_more_than_a_name(name: str) -> None:
    """A Word document is read as one, whatever it is called."""
    assert shared_pool().read_bytes(name, word_file("Wipe the lid.")).text == "Wipe the lid."


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("deskhand.log", ""),
        ("settings.ini", "application/octet-stream"),
        ("trà", ""),
        ("dump", "application/sql"),
        ("hooks.yaml", "application/x-yaml"),
    ],
)
def test_text_is_read_whatever_it_is_called(name: str, media_type: str) -> None:
    assert shared_pool().read_bytes(name, "Lau nắp.".encode(), media_type).text == "Lau nắp."


@pytest.mark.parametrize(
    ("name", "media_type", "data"),
    [
        ("core", "", b"Wipe\x00the\x01lid."),
        ("sign-in", "", b"<!-- x -->\n<!DOCTYPE html><p>Sign in"),
        ("page.html", "", b"Wipe the lid."),
        ("page", "text/html", b"Wipe the lid."),
        ("lid.png", "", b"Wipe the lid."),
        ("lid", "application/zip", b"Wipe the lid."),
        ("lid.bin", "", b"\xe9\xe8\xff\xfe\x80"),
    ],
)
def test_what_is_not_plainly_text_is_not_taken_for_it(
    name: str, media_type: str, data: bytes
) -> None:
    with pytest.raises(Unreadable) as refused:
        shared_pool().read_bytes(name, data, media_type)

    assert refused.value.why == "kind"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("lid.docx", b"PK\x03\x04 and no zip", "damaged"),
        ("lid.pdf", b"Wipe the lid.", "damaged"),
        ("lid.mp3", b"ID3", "kind"),
        ("lid.txt", b" \n", "empty"),
        ("lid.pdf", b"", "empty"),
        ("lid.md", rb"{\rtf1\ansi Wipe the lid.}", "kind"),
        ("lid.txt", b"PK\x03\x04 a zip of something", "kind"),
        ("lid.csv", OLE + bytes(600), "kind"),
        ("lid.docx", OLE + bytes(600), "kind"),
        ("lid.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("lid.docx", rb"{\rtf1\ansi Wipe the lid.}", "kind"),
        ("lid.pdf", b"\xff\xd8\xff\xe0", "kind"),
        ("lid.log", b"\x89PNG\r\n\x1a\n", "kind"),
    ],
)
def test_what_no_reader_can_read_is_refused(name: str, data: bytes, why: str) -> None:
    """With the reason in a word, for the sentence that the customer reads."""
    with pytest.raises(Unreadable) as refused:
        shared_pool().read_bytes(name, data)

    assert refused.value.why == why
    assert name in str(refused.value)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.kind)
def test_no_two_readers_claim_the_same(reader: Reader) -> None:
    """Otherwise their order would decide."""
    others = [each for each in READERS if each is not reader]
    claimed = {name for each in others for name in (*each.suffixes, *each.media_types)}

    assert not claimed & {*reader.suffixes, *reader.media_types}
    assert set(DOCUMENTS) <= set(READERS)
    assert set(READ) == {each.kind for each in READERS}
