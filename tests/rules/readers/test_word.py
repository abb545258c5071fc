"""What a person sees in a Word document is read, and what is left out is counted."""

import pytest

from bot.readers.child import read_document
from bot.readers.document import CannotRead, Document
from bot.readers.reader_limits import ReaderLimits
from tests.support.hostile_files import word_file

NUMBERING = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="8"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    '<w:num w:numId="9"><w:abstractNumId w:val="2"/></w:num></w:numbering>'
)
STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="Clause"/><w:basedOn w:val="H2"/></w:style>'
    '<w:style w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
    "</w:styles>"
)
PARTS = {"word/numbering.xml": NUMBERING, "word/styles.xml": STYLES}


def r(text: str, properties: str = "") -> str:
    """A run of words."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def p(inside: str, properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def tc(inside: str, properties: str = "") -> str:
    """A cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def tr(*cells: str) -> str:
    """A row."""
    return f"<w:tr>{''.join(cells)}</w:tr>"


def point(text: str, list_id: int, level: int = 0) -> str:
    """A paragraph of a list."""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return p(r(text), numbered)


def controlled(inside: str) -> str:
    """What stands in a content control."""
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def m(name: str, *inside: str) -> str:
    """An element of an equation."""
    return f"<m:{name}>{''.join(inside)}</m:{name}>"


def mt(text: str) -> str:
    """A letter of an equation."""
    return f"<m:r><m:t>{text}</m:t></m:r>"


WIDE, SECRET = '<w:gridSpan w:val="2"/>', '<w:rStyle w:val="Secret"/>'
A, B, C = p(r("A")), p(r("B")), p(r("C"))
BOX = f"<w:txbxContent>{p(r('In the box'))}</w:txbxContent>"


def read(body: str, **parts: str) -> Document:
    """A body as its reader gives it, with the styles and lists above."""
    return read_document("word", word_file(body, {**PARTS, **parts}), ReaderLimits())


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # Text boxes, also where older words stand beside newer ones.
        (p(f"{r('Beside')}<w:r><w:pict>{BOX}</w:pict></w:r>"), "Beside\n\nIn the box"),
        (
            p(
                f"<w:r><mc:AlternateContent xmlns:mc='x'><mc:Choice><w:drawing>{BOX}</w:drawing>"
                f"</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>"
            ),
            "In the box",
        ),
        # Tables: equal cells, cells over several columns, tables in cells, frames around text.
        (f"<w:tbl>{tr(tc(A), tc(A), tc(B))}</w:tbl>", "A | A | B"),
        (f"<w:tbl>{tr(tc(A, WIDE), tc(B))}</w:tbl>", "A |  | B"),
        (f"<w:tbl>{tr(tc(A + B), tc(C))}</w:tbl>", "A / B | C"),
        (f"<w:tbl>{tr(tc(f'<w:tbl>{tr(tc(A), tc(B))}</w:tbl>'), tc(C))}</w:tbl>", "[A | B] | C"),
        (f"<w:tbl>{tr(tc(A + B))}{tr(tc(C))}</w:tbl>", "A\n\nB\n\nC"),
        (f"<w:tbl>{tr(tc(p('')), tc(B))}</w:tbl>", "| B"),
        # Content controls, around blocks, rows, cells and words.
        (controlled(A), "A"),
        (
            f"<w:tbl>{controlled(tr(controlled(tc(A)), tc(B)))}</w:tbl>",
            "A | B",
        ),
        (p(controlled(r("chosen"))), "chosen"),
        # What was inserted stands, what was deleted does not.
        (
            p(f"<w:ins>{r('new')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"),
            "new",
        ),
        (
            f"<w:tbl>{tr(tc(A), tc(B))}<w:tr><w:trPr><w:del/></w:trPr>{tc(C)}</w:tr></w:tbl>",
            "A | B",
        ),
        (p(f"<w:moveTo>{r('here')}</w:moveTo><w:moveFrom>{r('there')}</w:moveFrom>"), "here"),
        # Headings by their style, also one that is based on another, or by their outline level.
        (p(r("Returns"), '<w:pStyle w:val="H2"/>'), "## Returns"),
        (p(r("Returns"), '<w:pStyle w:val="Own"/>'), "## Returns"),
        (p(r("Returns"), '<w:pStyle w:val="T"/>'), "# Returns"),
        (p(r("Returns"), '<w:outlineLvl w:val="2"/>'), "### Returns"),
        # Numbers that Word writes itself.
        (
            point("a", 7) + point("b", 7, 1) + point("c", 7, 1) + point("d", 7) + point("e", 7, 1),
            "1. a\n\n  1.a) b\n\n  1.b) c\n\n2. d\n\n  2.a) e",
        ),
        (point("a", 7) + point("b", 8) + point("c", 8), "1. a\n\n5. b\n\n6. c"),
        (point("a", 9), "- a"),
        # Equations as text.
        (
            p(m("oMath", m("f", m("num", mt("a+b")), m("den", mt("2"))))),
            "(a+b)/2",
        ),
        (p(m("oMath", m("sSup", m("e", mt("x")), m("sup", mt("2"))))), "x^2"),
        (p(m("oMath", m("rad", m("deg"), m("e", mt("x+1"))))), "√(x+1)"),
        (p(m("oMath", mt("a=b")) + m("oMath", mt("c=d"))), "a=b c=d"),
        (p(r("(") + m("oMath", mt("x")) + r(")")), "(x)"),
        (
            m("oMathPara", m("oMath", m("d", m("e", mt("a")), m("e", mt("b"))))),
            "(a|b)",
        ),
        # Small things within a line.
        (p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r>"), "a\tb-c"),
        (
            p(
                f"<w:r><w:ruby><w:rt>{r('とうきょう')}</w:rt><w:rubyBase>{r('東京')}</w:rubyBase>"
                "</w:ruby></w:r>"
            ),
            "東京(とうきょう)",
        ),
        (
            p(
                '<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/>'
                f"</w:checkBox></w:ffData></w:fldChar></w:r>{r('Agreed')}"
            ),
            "☒Agreed",
        ),
        (
            p(
                '<w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/>'
                '<w:listEntry w:val="red"/><w:listEntry w:val="blue"/></w:ddList></w:ffData>'
                "</w:fldChar></w:r>"
            ),
            "blue",
        ),
        (
            p(f"<w:hyperlink>{r('a link')}</w:hyperlink><w:fldSimple>{r(' 3')}</w:fldSimple>"),
            "a link 3",
        ),
        (p(r("Không được đổi trả · مرحبا · 日本語")), "Không được đổi trả · مرحبا · 日本語"),
    ],
)
def test_what_is_seen_is_read(body: str, text: str) -> None:
    """In its order and its place."""
    assert read(body).text == text


def test_notes_and_margins_follow_the_text() -> None:
    """A note under its mark; a header once, and no page number."""
    spoken = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = read(
        p(f"{r('Free')}<w:r><w:footnoteReference w:id='4'/></w:r>"),
        **{
            "word/footnotes.xml": f"<w:footnotes {spoken}><w:footnote w:id='0' w:type='separator'>"
            f"{A}</w:footnote><w:footnote w:id='4'>{p(r('In Hanoi.'))}</w:footnote></w:footnotes>",
            "word/header1.xml": f"<w:hdr {spoken}>{p(r('Terms of 2026'))}{p(r('12'))}</w:hdr>",
        },
    )
    assert document.text == "Free[^1]\n\n[^1]: In Hanoi.\n\nTerms of 2026"


def test_what_is_not_read_is_counted() -> None:
    """Pictures, remarks, other programs' documents, and words that Word does not show."""
    document = read(
        p(
            f"{r('Seen')}{r('unseen', '<w:vanish/>')}{r('unseen', SECRET)}"
            "<w:r><w:drawing><a:pic xmlns:a='a'/></w:drawing></w:r><w:r><w:commentReference/></w:r>"
            "<w:r><w:object/></w:r>"
        )
        + "<w:altChunk/>"
    )
    assert document.text == "Seen"
    assert document.left_out == {
        "hidden words": 2,
        "pictures": 1,
        "comments": 1,
        "embedded documents": 2,
    }


def test_a_document_behind_a_password_is_locked() -> None:
    """Word wraps it in another kind of file."""
    wrapped = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(CannotRead) as refused:
        read_document("word", wrapped, ReaderLimits())
    assert refused.value.why == "locked"


def test_a_strict_document_is_read_like_any_other() -> None:
    """Its namespaces are others."""
    strict = word_file(A + B, PARTS, space="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read_document("word", strict, ReaderLimits()).text == "A\n\nB"


def axis(name: str, points: dict[int, str]) -> str:
    """The points of an axis of a chart, each at its place."""
    said = "".join(f'<w:pt w:idx="{at}"><w:v>{value}</w:v></w:pt>' for at, value in points.items())
    return f"<w:{name}><w:cache>{said}</w:cache></w:{name}>"


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (
            axis("tx", {0: "2025"})
            + axis("cat", {0: "Hanoi", 1: "Hue", 2: "Vinh"})
            + axis("val", {0: "4.4000000000000004", 2: "4"}),
            "2025: Hanoi 4.4, Hue, Vinh 4",
        ),
        (axis("xVal", {0: "1", 1: "2"}) + axis("yVal", {0: "7", 1: "7"}), "1 7, 2 7"),
        (axis("val", {0: "", 1: "n/a.", 2: "9.5"}), "n/a., 9.5"),
        ('<w:tx><w:v>Alone</w:v></w:tx><w:val><w:pt w:idx="x"/></w:val>', "Alone"),
    ],
)
def test_a_chart_says_each_value_where_it_stands(series: str, said: str) -> None:
    """Equal values are as many as there are, and a place without a value takes none from others."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    chart = f"<w:chartSpace {space}><w:t>Sales</w:t><w:ser>{series}</w:ser></w:chartSpace>"
    body = p('<w:r><w:drawing><w:chart w:id="chart1"/></w:drawing></w:r>')

    document = read_document("word", word_file(body, {"word/chart1.xml": chart}), ReaderLimits())

    assert document.text == f"Sales\n{said}"


def test_shapes_of_a_drawing_are_lines_of_their_own() -> None:
    """As drawings are that were pasted from PowerPoint."""
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    shapes = "".join(
        f"<a:sp {space}><a:txBody><a:p><a:r><a:t>{said}</a:t></a:r></a:p></a:txBody></a:sp>"
        for said in ("Order", "Parcel", "Home")
    )
    body = p(f"<w:r><w:t>Steps</w:t></w:r><w:r><w:drawing>{shapes}</w:drawing></w:r>")

    document = read_document("word", word_file(body), ReaderLimits())

    assert document.text.split() == ["Steps", "Order", "Parcel", "Home"]
