"""What a person sees on the pages of a PDF is read, in the order in which it is read."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from bot.readers.child import read_document
from bot.readers.document import CannotRead, Document
from bot.readers.pool import ReaderPool
from bot.readers.reader_limits import ReaderLimits
from tests.support.hostile_files import SCAN, hostile_files, one_page, packed_stream, pdf_file

LEFT = ["The tenant may end this contract", "with notice, and has to give it", "in a letter"]
LEFT += ["that names the flat, the street", "and the town, and is signed by", "both of them."]
RIGHT = ["Rent is due on the first day of", "each month and is paid into the", "account"]
RIGHT += ["that the landlord names for this", "purpose, without any deduction", "and in time."]

BOX = b"/AP<</N<</Yes 6 0 R/Off 6 0 R>>>>"


def read(data: bytes) -> Document:
    """A PDF as its reader gives it."""
    return read_document("pdf", data, ReaderLimits())


def lines(*placed: tuple[int, int, str]) -> bytes:
    """Lines of text at their places on a page."""
    drawn = "".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in placed)
    return packed_stream(drawn.encode())


def beside(left: list[str], right: list[str]) -> bytes:
    """Two columns, drawn row by row across both."""
    return lines(
        *(
            (x, 720 - 14 * row, text)
            for row, pair in enumerate(zip(left, right, strict=True))
            for x, text in zip((72, 300), pair, strict=True)
        )
    )


def test_columns_of_prose_are_read_one_after_another() -> None:
    """However the page was drawn."""
    across = read(one_page(beside(LEFT, RIGHT))).text
    assert across.splitlines() == [*LEFT, *RIGHT]


def test_rows_of_a_table_stay_rows() -> None:
    """Its cells begin anew in each row, so they are no columns of prose."""
    cells = [f"Delivery of model {number} takes" for number in range(6)]
    days = [f"Between {number} and nine days" for number in range(6)]
    rows = read(one_page(beside(cells, days))).text.splitlines()
    assert [" ".join(row.split()) for row in rows] == [
        f"{cell} {day}" for cell, day in zip(cells, days, strict=True)
    ]


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (b"/Subtype/FreeText/Contents(Order 551)", "Printed\nOrder 551"),
        (b"/Subtype/Text/Contents(Order 551)", "Printed\nOrder 551"),
        (b"/Subtype/Highlight/Contents(Printed)", "Printed"),
        (b"/Subtype/Text/Contents(Order 551)/F 2", "Printed"),
        (b"/Subtype/Text/Contents(Order 551)/F 32", "Printed"),
        (b"/Subtype/Link/Contents(Order 551)", "Printed"),
        (b"/Subtype/FreeText/Contents<FEFF0110006100200067006900E1006F>", "Printed\nĐa giáo"),
        (b"/Subtype/Widget/FT/Tx/T(order)/V(551)", "Printed\n551"),
        (b"/Subtype/Widget/FT/Ch/Ff 131072/T(size)/Opt[(S)(M)]/V(M)", "Printed\nM"),
        (b"/Subtype/Widget/FT/Btn/T(agreed)/V/Yes/AS/Yes%b" % BOX, "Printed\n☒ agreed"),
        (b"/Subtype/Widget/FT/Btn/T(agreed)/V/Off/AS/Off%b" % BOX, "Printed"),
    ],
)  # fmt: skip
def test_what_people_added_to_a_page_is_read(annotation: bytes, text: str) -> None:
    """Notes and the values of forms, but nothing twice, and nothing hidden."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Annots[7 0 R]"
        b"/Resources<</Font<</F1 5 0 R>>>>>>"
    )
    note = b"<</Type/Annot/Rect[72 600 200 620]%b>>" % annotation
    data = pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]/DA(/F1 9 Tf)>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            lines((72, 720, "Printed")),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            packed_stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
            note,
        ]
    )
    assert read(data).text == text


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_only_a_password_locks(algorithm: str) -> None:
    """A file that is encrypted for its owner alone opens."""
    plain = PdfReader(BytesIO(one_page(lines((72, 720, "Free in Hanoi")))))
    for password, told in (("", "Free in Hanoi"), ("secret", "locked")):
        writer, file = PdfWriter(clone_from=plain), BytesIO()
        writer.encrypt(password, owner_password="owner", algorithm=algorithm)
        writer.write(file)
        assert outcome(file.getvalue()) == told


def hidden_text(words: str, codec: str, encoding: str, script: str) -> bytes:
    """A scan with its words as hidden text, set letter by letter in a font that is only named."""
    drawn = " ".join(f"12 0 Td <{each.encode(codec).hex()}> Tj" for each in words)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    font = f"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/{encoding}"
    letters = f"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Ordering({script})"
    about = b"<</Type/FontDescriptor/FontName/Song/Flags 32/FontBBox[0 0 1000 1000]/Ascent 800"
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page + b"/Resources<</Font<</F1 5 0 R>>>>>>",
            packed_stream(SCAN + f"BT 3 Tr /F1 12 Tf 72 720 Td {drawn} ET".encode()),
            f"{font}/DescendantFonts[6 0 R]>>".encode(),
            f"{letters}/Registry(Adobe)/Supplement 2>>/DW 1000/FontDescriptor 7 0 R>>".encode(),
            about + b"/Descent -200/StemV 80/CapHeight 700/ItalicAngle 0>>",
        ]
    )


@pytest.mark.parametrize(
    ("words", "codec", "encoding", "script"),
    [
        ("退货须在三十天内", "gbk", "GBK-EUC-H", "GB1"),
        ("三十天內退貨", "big5", "ETen-B5-H", "CNS1"),
        ("返品は三十日以内", "cp932", "90ms-RKSJ-H", "Japan1"),
        ("반품은삼십일이내", "cp949", "KSCms-UHC-H", "Korea1"),
    ],
)
def test_the_hidden_text_of_a_scan_is_read_without_its_font(
    words: str, codec: str, encoding: str, script: str
) -> None:
    """No font of the machine is asked for, which a child could not open."""
    pool = ReaderPool()

    document = pool.read_bytes("scan.pdf", hidden_text(words, codec, encoding, script))

    pool.close()
    assert document.text == words


def test_a_damaged_file_is_not_called_locked_for_one_before_it() -> None:
    """Of some failures PDFium does not say what they are."""
    writer, locked = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(locked)
    damaged = hostile_files()["deep-array.pdf"]

    assert [outcome(each) for each in (locked.getvalue(), damaged)] == ["locked", "damaged"]


def test_what_is_not_read_is_counted() -> None:
    """Pages without text; a document of nothing else is empty."""
    words, picture = PdfReader(BytesIO(one_page(lines((72, 720, "x"))))), PdfWriter()
    picture.append(words)
    picture.add_blank_page(612, 792)
    file = BytesIO()
    picture.write(file)

    assert read(file.getvalue()).left_out == {"pages without text": 1}
    assert outcome(one_page(packed_stream(b""))) == "empty"


@pytest.mark.parametrize(("waiting", "more"), [("Please wait", ""), (long := "Wait " * 9, long)])
def test_a_form_of_adobes_is_read_from_beside_its_pages(waiting: str, more: str) -> None:
    """They say that a program is wanted; what is printed and typed in stands in XML.

    Pages that say more than the form are read, too.
    """
    template = (
        b'<template><subform name="f"><draw><value><text>Claim</text></value></draw>'
        b'<field name="order"><caption><value><text>Order</text></value></caption></field>'
        b'<draw presence="hidden"><value><text>for staff</text></value></draw>'
        b"<draw><value><image>QUJD</image></value></draw></subform></template>"
    )
    typed = b"<datasets><data><f><order>LB-551</order><more>twice</more></f></data></datasets>"
    form = b"/Fields[]/XFA[(template)6 0 R(datasets)7 0 R]"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    data = pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<<%b>>>>" % form,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page + b"/Resources<</Font<</F1 5 0 R>>>>>>",
            lines((72, 720, waiting)),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            packed_stream(template),
            packed_stream(typed),
        ]
    )
    assert read(data).text == f"Claim\nOrder LB-551\nmore: twice\n\n{more}".strip()


def test_files_within_a_file_are_counted() -> None:
    """A portfolio is a cover and the files behind it."""
    writer, file = PdfWriter(clone_from=BytesIO(one_page(lines((72, 720, "Cover"))))), BytesIO()
    writer.add_attachment("a.txt", b"words")
    writer.write(file)
    document = read(file.getvalue())
    assert (document.text, document.left_out) == ("Cover", {"embedded documents": 1})


def outcome(data: bytes) -> str:
    """The text of a PDF, or why there is none."""
    try:
        return read(data).text
    except CannotRead as error:
        return error.why
