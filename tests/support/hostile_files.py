"""Files that a reader must survive: bombs of nesting, repetition, references, pixels and streams.

Each is small, is made anew by a line or two, and would cost a careless reader gigabytes, hours or
its stack. `hostile_files` has them by name.
"""

import json
import random
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MB = 1_000_000
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f'xmlns:w="{SPACE}"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EMPTY = "w:a%d=''"
# What draws a picture of four dots, black and white, over the whole page of a PDF.
SCAN = b"q 612 0 0 792 0 0 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q "
PNG = b"\x89PNG\r\n\x1a\n"


@cache
def hostile_files() -> dict[str, bytes]:
    """All of them by name; the name ends as such a file's does."""
    made: dict[str, bytes] = {}
    for kind in (_words, _packages, _pdfs, _painted_pdfs, _bent_pdfs, _pictures, _pages, _texts):
        made |= dict(kind())
    return made


def word_file(
    body: str, parts: Mapping[str, str] | None = None, before: str = "", space: str = SPACE
) -> bytes:
    """A Word document of a body in XML, of other parts by their names, in a namespace."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        named = {
            kind: f"word/{kind}.xml"
            for kind in ("styles", "numbering", "footnotes", "header1", "chart1")
        }
        relations = "".join(
            f'<Relationship Id="{kind}" Type="{OFFICE}/{kind.rstrip("1")}" Target="{kind}.xml"/>'
            for kind, name in named.items()
            if name in (parts or {})
        )
        package.writestr(
            "word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>"
        )
        package.writestr(
            "word/document.xml",
            f'{before}<w:document xmlns:w="{space}" {M}><w:body>{body}</w:body></w:document>',
        )
        for name, content in (parts or {}).items():
            package.writestr(name, content)
    return file.getvalue()


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _nested(opening: str, closing: str, depth: int, inside: str = "x") -> str:
    return opening * depth + inside + closing * depth


def _cell(properties: str) -> str:
    cells = f"<w:tc><w:tcPr>{properties}</w:tcPr>{_p('a')}</w:tc><w:tc>{_p('b')}</w:tc>"
    return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"


def _words() -> Iterator[tuple[str, bytes]]:
    deep = 5_000
    cell = ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>")
    yield "wide-cell.docx", word_file(_cell('<w:gridSpan w:val="100000000"/>'))
    yield "negative-cell.docx", word_file(_cell('<w:gridSpan w:val="-5"/>'))
    yield "endless-cell.docx", word_file(_cell(f'<w:gridSpan w:val="{"9" * 5_000}"/>'))
    yield "deep-tables.docx", word_file(_nested(*cell, deep, _p("x")))
    yield (
        "deep-controls.docx",
        word_file(_nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", deep, _p("x"))),
    )
    yield "deep-insertions.docx", word_file(f"<w:p>{_nested('<w:ins>', '</w:ins>', deep)}</w:p>")
    yield (
        "deep-equation.docx",
        word_file(
            f"<w:p>{_nested('<m:oMath><m:rad><m:e>', '</m:e></m:rad></m:oMath>', deep)}</w:p>"
        ),
    )
    yield (
        "deep-boxes.docx",
        word_file(
            _nested(
                "<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>", deep
            )
        ),
    )
    yield "tables-to-the-limit.docx", word_file(_nested(*cell, 80, _p("x") * 2_000))
    yield "many-paragraphs.docx", word_file("<w:p/>" * 1_000_000)
    yield "many-words.docx", word_file(_p("word " * 20) * 100_000)
    yield "one-long-word.docx", word_file(_p("x" * 9 * MB))
    yield "too-long-word.docx", word_file(_p("x" * 12 * MB))
    yield "many-columns.docx", word_file(f"<w:tbl><w:tr>{'<w:tc/>' * 300_000}</w:tr></w:tbl>")
    yield "many-attributes.docx", word_file(f"<w:p {' '.join(_EMPTY % n for n in range(60_000))}/>")
    yield (
        "many-namespaces.docx",
        word_file("".join(f"<w:p xmlns:n{n}='u{n}'/>" for n in range(60_000))),
    )
    numbers = "".join(
        f'<w:lvl w:ilvl="{n}"><w:lvlText w:val="{"%1%2%3" * 500}"/></w:lvl>' for n in range(9)
    )
    yield (
        "long-numbers.docx",
        word_file(
            '<w:p><w:pPr><w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            "<w:r><w:t>x</w:t></w:r></w:p>" * 5_000,
            {
                "word/numbering.xml": f"<w:numbering {W}>"
                f'<w:abstractNum w:abstractNumId="1">{numbers}</w:abstractNum>'
                '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
            },
        ),
    )
    yield (
        "circular-styles.docx",
        word_file(
            '<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>',
            {
                "word/styles.xml": f"<w:styles {W}>"
                '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
                '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
            },
        ),
    )
    notes = "".join(f'<w:footnoteReference w:id="{n}"/>' for n in range(30_000))
    yield "many-notes.docx", word_file(f"<w:p><w:r>{notes}</w:r></w:p>")
    yield (
        "header-bomb.docx",
        word_file(_p("x"), {"word/header1.xml": f"<w:hdr {W}>{' ' * 40 * MB}</w:hdr>"}),
    )


def _packages() -> Iterator[tuple[str, bytes]]:
    lol = (
        '<!DOCTYPE l [<!ENTITY a0 "lol">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        + "]>"
    )
    yield "entities.docx", word_file(_p("&a11;"), before=lol)
    yield (
        "quadratic-entity.docx",
        word_file(_p("&a;" * 50_000), before=f'<!DOCTYPE l [<!ENTITY a "{"x" * 50_000}">]>'),
    )
    yield (
        "outside-entity.docx",
        word_file(_p("&a;"), before='<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    )
    yield "zip-bomb.docx", word_file(" " * 40 * MB)
    yield "no-body.docx", _zipped({"word/other.xml": b"<a/>"})
    yield "torn-xml.docx", word_file("<w:p><w:r>")
    yield "no-zip.docx", b"PK\x03\x04word/" + bytes(1_000)
    yield "cut.docx", word_file(_p("x" * 1_000))[:400]
    yield "many-parts.docx", _zipped({f"word/{n}.xml": b"" for n in range(20_000)})
    yield (
        "itself.docx",
        word_file(
            _p("x"),
            {"_rels/.rels": _body_in("_rels/.rels")},
        ),
    )
    yield (
        "upward.docx",
        word_file(
            _p("x"),
            {"_rels/.rels": _body_in("../../../../etc/passwd")},
        ),
    )
    yield "wrong-sum.docx", word_file(_p("x")).replace(b"\x08\x00", b"\x63\x00")


def _body_in(target: str) -> str:
    relation = f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="{target}"/>'
    return f"<Relationships>{relation}</Relationships>"


def _noise(length: int) -> bytes:
    return random.Random(7).randbytes(length)  # noqa: S311 - the same at each run


def _zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def pdf_file(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of objects, numbered from 1; the first is its catalogue."""
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF"
    return bytes(data) + head + table + end % (len(objects) + 1, trailer, len(data))


def packed_stream(content: bytes, said: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%b>>stream\n%b\nendstream" % (len(packed), said, packed)


def one_page(content: bytes, page: bytes = b"", *more: bytes) -> bytes:
    """A PDF of one page: objects 1 to 5 are catalogue, pages, page, contents, font."""
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>%b>>" % page,
            content,
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ]
    )


def _painted_pdfs() -> Iterator[tuple[str, bytes]]:
    """Pages that take long to draw, with words that may be hidden."""
    words = b"BT 1 g /F1 12 Tf 72 720 Td (white) Tj 0 g 0 -20 Td (black) Tj ET "
    group = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency>>"
    painted = packed_stream(b"0 0 612 792 re f", group)
    yield "many-groups.pdf", one_page(packed_stream(words + b"/X Do " * 3_000), b"", painted)
    picture = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
    dots = packed_stream(bytes(30_000 * 3_750), picture % (30_000, 30_000) + b"/BitsPerComponent 1")
    shown = packed_stream(words + b"q 612 0 0 792 0 0 cm /X Do Q")
    yield "vast-picture.pdf", one_page(shown, b"", dots)


def _pdfs() -> Iterator[tuple[str, bytes]]:
    line = b"BT /F1 12 Tf 72 720 Td (word word word) Tj ET\n"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    yield "many-lines.pdf", one_page(packed_stream(line * 300_000))
    yield "many-letters.pdf", one_page(packed_stream(b"BT /F1 1 Tf (" + b"A" * 5 * MB + b") Tj ET"))
    yield "stream-bomb.pdf", one_page(packed_stream(b" " * 150 * MB))
    twice = zlib.compress(zlib.compress(b" " * 150 * MB, 9), 9)
    yield (
        "stream-in-stream.pdf",
        one_page(
            b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%b\nendstream"
            % (len(twice), twice)
        ),
    )
    yield (
        "itself-drawn.pdf",
        one_page(packed_stream(b"/X Do"), b"", packed_stream(b"/X Do " * 50, form % 6)),
    )
    tree = [packed_stream(b"/X Do " * 10, form % (7 + n)) for n in range(12)]
    yield (
        "forms-of-forms.pdf",
        one_page(packed_stream(b"/X Do"), b"", *tree, packed_stream(line, form % 6)),
    )
    shared = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 3 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>"
    )
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(150))
    yield (
        "one-stream-many-pages.pdf",
        pdf_file(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Kids[%b]/Count 150>>" % kids,
                packed_stream(line * 60_000),
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                *[shared] * 150,
            ]
        ),
    )
    yield (
        "many-pages.pdf",
        pdf_file(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Kids[%b]/Count 50000>>" % (b"3 0 R " * 50_000),
                b"<</Type/Page/Parent 2 0 R>>",
            ]
        ),
    )
    notes = b"/Annots[%b]" % (
        b"<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(x)>>" * 40_000
    )
    yield "many-notes.pdf", one_page(packed_stream(line), notes)
    yield (
        "unending-picture.pdf",
        one_page(packed_stream(b"BI /W 99999 /H 99999 /BPC 8 /CS /RGB ID " + b"x" * 1_000)),
    )
    cmap = (
        b"1 begincodespacerange <00> <ff> endcodespacerange "
        b"1 beginbfrange <00> <ffffffff> <0000> endbfrange"
    )
    yield "letters-of-letters.pdf", one_page(packed_stream(line), b"", packed_stream(cmap))


def _bent_pdfs() -> Iterator[tuple[str, bytes]]:
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"
    yield "circular-pages.pdf", pdf_file([catalogue, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])
    yield (
        "a-million-pages.pdf",
        pdf_file(
            [
                catalogue,
                b"<</Type/Pages/Kids[3 0 R]/Count 99999999>>",
                b"<</Type/Page/Parent 2 0 R>>",
            ]
        ),
    )
    depth = 20_000
    tree = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (3 + n) for n in range(depth)]
    yield "deep-pages.pdf", pdf_file([catalogue, *tree, b"<</Type/Page>>"])
    yield "deep-array.pdf", pdf_file([catalogue, b"[" * 100_000])
    yield "deep-dictionary.pdf", pdf_file([catalogue, b"<</a" * 100_000])
    yield "before-itself.pdf", pdf_file([catalogue, b"<</Type/Pages/Kids[]/Count 0>>"], b"/Prev 9")
    yield "itself-referred.pdf", pdf_file([b"1 0 R"])
    yield (
        "long-stream.pdf",
        pdf_file(
            [
                catalogue,
                b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                b"<</Type/Page/Contents 4 0 R>>",
                b"<</Length 4294967295>>stream\nx\nendstream",
            ]
        ),
    )
    yield (
        "circular-length.pdf",
        pdf_file(
            [
                catalogue,
                b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                b"<</Type/Page/Contents 4 0 R>>",
                b"<</Length 4 0 R>>stream\nx\nendstream",
            ]
        ),
    )
    field = b"<</FT/Tx/T(a)/Kids[3 0 R]/Parent 3 0 R>>"
    yield (
        "circular-form.pdf",
        pdf_file(
            [
                b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
                b"<</Type/Pages/Kids[]/Count 0>>",
                field,
            ]
        ),
    )
    yield "strange-lock.pdf", pdf_file([catalogue], b"/Encrypt<</Filter/Other/V 99>>")
    yield "cut.pdf", pdf_file([catalogue, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"])[:60]
    yield "head-alone.pdf", b"%PDF-1.7"
    yield "noise.pdf", b"%PDF-1.7\n" + _noise(200_000)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def _png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        [PNG, _chunk(b"IHDR", head), *chunks, _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")]
    )


def _pictures() -> Iterator[tuple[str, bytes]]:
    packer = zlib.compressobj(9)
    row = bytes(1 + 3 * 8_000)
    rows = b"".join(packer.compress(row) for _ in range(4_000)) + packer.flush()
    yield "pixels.png", _png(8_000, 4_000, pixels=rows)
    yield "most-pixels.png", _png(2**31 - 1, 2**31 - 1)
    yield "no-pixels.png", _png(0, 0)
    yield "words-bomb.png", _png(9, 9, _chunk(b"zTXt", b"a\0\0" + zlib.compress(b" " * 40 * MB)))
    yield "colours-bomb.png", _png(9, 9, _chunk(b"iCCP", b"a\0\0" + zlib.compress(b" " * 40 * MB)))
    yield "many-chunks.png", _png(9, 9, _chunk(b"tEXt", b"a\0b") * 100_000)
    yield "long-chunk.png", PNG + b"\xff\xff\xff\xffIDAT" + bytes(1_000)
    yield "cut.png", _png(900, 900, pixels=zlib.compress(bytes(100)))
    size = struct.pack("<HH", 65_535, 65_535)
    frame = b"\x2c\0\0\0\0" + size + b"\0\x08\x01\x00\x00"
    yield "pixels.gif", b"GIF89a" + size + b"\0\0\0" + frame + b";"
    yield (
        "many-frames.gif",
        b"GIF89a\x09\0\x09\0\0\0\0"
        + b"\x2c\0\0\0\0\x09\0\x09\0\0\x02\x02\x4c\x01\0" * 50_000
        + b";",
    )
    yield (
        "pixels.jpg",
        b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x11\0\x02\x11\0\x03\x11\0"
        b"\xff\xda\0\x0c\x03\x01\0\x02\0\x03\0\0?\0" + bytes(1_000),
    )
    yield "pixels.webp", b"RIFF\x1a\0\0\0WEBPVP8L\x0e\0\0\0/\xff\xff\xff\xff" + bytes(8)


def _pages() -> Iterator[tuple[str, bytes]]:
    deep = 100_000
    for tag in ("div", "table", "ul", "b", "blockquote", "select"):
        yield f"deep-{tag}.html", _nested(f"<{tag}>", f"</{tag}>", deep).encode()
    yield "unclosed.html", b"<a href='x" * 100_000
    yield "many-attributes.html", b"<p " + b"".join(b"a%d='x' " % n for n in range(200_000)) + b">x"
    yield "many-entities.html", b"<p>" + b"&amp;amp;" * 500_000
    yield "open-comment.html", b"<!--" * 500_000
    yield "misnested.html", b"<b><i><p>" * 30_000
    yield "wrong-charset.html", b"<meta charset='utf-16'><p>x" + b"\xff" * 50_000


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "lines.txt", b"\r\n" * 5 * MB
    yield "long.txt", b"x " * 5 * MB
    yield "noise.txt", _noise(MB)
    yield "zeros.txt", bytes(MB)
    yield "odd-utf-16.txt", "﻿Hello".encode("utf-16-le") * 50_000 + b"x"
    yield "half-letters.txt", b"\xc3" * MB
    yield "deep.json", b"[" * MB
    yield "escapes.txt", b"\x1b[31m" * 100_000
    yield "empty.txt", b""
    yield "numbers.json", json.dumps({"a": 10**4_000}).encode()
