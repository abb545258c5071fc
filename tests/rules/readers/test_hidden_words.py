"""What a PDF holds and nobody sees on its page is left out, and that is said."""

import pytest

from bot.readers.child import read_document
from bot.readers.document import CannotRead, Document
from bot.readers.reader_limits import ReaderLimits
from tests.support.hostile_files import SCAN, one_page, packed_stream, pdf_file

SEEN = b"BT 0 g /F1 12 Tf 72 720 Td (Returns within 30 days) Tj ET "
HIDDEN = {"pages with hidden words": 1}


def read(drawn: bytes) -> Document:
    """A page that is drawn so, as the reader gives it."""
    return read_document("pdf", one_page(packed_stream(drawn)), ReaderLimits())


def text(how: bytes = b"", where: bytes = b"72 600 Td", size: bytes = b"12") -> bytes:
    """One more line, set in some way at some place."""
    return b"BT %b /F1 %b Tf %b (refunds 900) Tj ET " % (how, size, where)


@pytest.mark.parametrize(
    "drawn",
    [
        text(b"1 g"),
        text(b".99 .99 1 rg"),
        b"0 0 .5 rg 60 590 200 30 re f " + text(b"0 0 .5 rg"),
        b"0 g 60 590 200 30 re f " + text(b"0 g"),
        text(b"0 g") + b"0 g 60 590 200 30 re f ",
        text(b"0 g") + b"q 200 0 0 40 60 590 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xc8 EI Q ",
        text(b"3 Tr"),
        text(b"7 Tr"),
        text(where=b"-900 600 Td"),
        text(where=b"72 5000 Td"),
        text(size=b"0.1"),
        text(where=b".01 0 0 .01 72 600 Tm"),
        text(where=b"1 0 0 .01 72 600 Tm"),
        b"q 0 0 20 20 re W n " + text() + b"Q ",
    ],
    ids=["white", "nearly white", "blue on blue", "black on black", "blackened", "under a picture",
         "invisible", "a stencil", "beside the page", "above it", "tiny", "made tiny", "flat",
         "cut off"],
)  # fmt: skip
def test_what_nobody_sees_is_left_out(drawn: bytes) -> None:
    """However it is hidden; what stands beside it stays."""
    document = read(SEEN + drawn)
    assert document.text == "Returns within 30 days"
    assert document.left_out == HIDDEN


@pytest.mark.parametrize(
    "drawn",
    [
        text(b".8 g", size=b"8"),
        b"0 0 .5 rg 60 590 200 30 re f " + text(b"1 g"),
        b"1 1 .4 rg 60 590 200 30 re f " + text(b"0 g"),
        b"q 200 0 0 40 60 590 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x14 EI Q " + text(b"1 g"),
        text(b"0 g") + b"0 0 1 RG 72 598 m 200 598 l S ",
        text(b"0 g 2 Tr 0 G"),
        text(b"1 0 0 RG 1 g 1 Tr"),
        text(size=b"5"),
        b"q 0 0 612 792 re W n " + text() + b"Q ",
        b"q 10 0 0 10 0 0 cm " + text(size=b"1.2", where=b"7.2 60 Td") + b"Q ",
        b"q 60 590 200 30 re W n " + text(b"7 Tr") + b"0 g 60 590 90 30 re f Q ",
    ],
    ids=["grey", "white on blue", "on yellow", "white on a picture", "struck", "bold", "outlined",
         "small", "within its frame", "made larger", "a stencil with paint"],
)  # fmt: skip
def test_what_is_seen_stays(drawn: bytes) -> None:
    """However it is set."""
    document = read(SEEN + drawn)
    assert document.text == "Returns within 30 days\nrefunds 900"
    assert document.left_out == {}


@pytest.mark.parametrize(("ink", "words"), [(b"0 g", "refunds 900"), (b"1 g", "")])
def test_what_stands_in_a_form_is_looked_at_where_the_page_has_it(ink: bytes, words: str) -> None:
    """A form has places and sizes of its own."""
    within = packed_stream(
        text(ink, b"7 5 Td", b"1.2"),
        b"/Type/XObject/Subtype/Form/BBox[0 0 60 60]/Matrix[1 0 0 1 0 2]",
    )
    drawn = packed_stream(SEEN + b"q 10 0 0 10 0 500 cm /X Do Q")
    document = read_document("pdf", one_page(drawn, b"", within), ReaderLimits())
    assert document.text.splitlines()[1:] == ([words] if words else [])


@pytest.mark.parametrize(("off", "words"), [(b"", "refunds 900"), (b"6 0 R", "")])
def test_a_layer_that_is_switched_off_is_not_read(off: bytes, words: str) -> None:
    """Layers are what drawings and forms in several languages are made of."""
    layers = b"/OCProperties<</OCGs[6 0 R]/D<</OFF[%b]>>>>" % off
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    data = pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R%b>>" % layers,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page + b"/Resources<</Font<</F1 5 0 R>>/Properties<</L 6 0 R>>>>>>",
            packed_stream(SEEN + b"/OC /L BDC " + text() + b"EMC"),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Type/OCG/Name(Notes)>>",
        ]
    )
    document = read_document("pdf", data, ReaderLimits())
    assert document.text.splitlines()[1:] == ([words] if words else [])


def test_the_end_of_a_line_that_runs_off_the_page_is_left_out() -> None:
    """It is one piece of text with what is seen."""
    drawn = b"BT /F1 12 Tf 72 720 Td [(Returns) -90000 (refunds 900)] TJ ET"
    assert read(drawn).text == "Returns"


def test_the_words_of_a_scan_are_read() -> None:
    """They are invisible, or drawn beneath it, and the picture shows them."""
    assert read(SCAN + text(b"3 Tr", b"72 396 Td")).text == "refunds 900"
    beneath = read(text(b"0 g", b"280 396 Td") + SCAN)
    assert (beneath.text, beneath.left_out) == ("refunds 900", {})


def test_invisible_words_on_a_page_with_a_picture_are_none_of_a_scan() -> None:
    """A page is a scan where it has hardly any words that are seen, and a picture fills it."""
    ground = SCAN + SEEN.replace(b"0 g", b".5 g") * 2
    assert "refunds" not in read(ground + text(b"3 Tr", b"72 396 Td")).text
    stamp = b"q 20 0 0 20 60 590 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x14 EI Q "
    with pytest.raises(CannotRead, match="empty"):
        read(stamp + text(b"3 Tr"))
