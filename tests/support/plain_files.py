"""A file of each kind as people write it, with most of what its kind has."""

import json

from tests.support.hostile_files import one_page, packed_stream, word_file


def plain_files() -> dict[str, bytes]:
    """All of them by name; the name ends as such a file's does."""
    texts = {
        "plain.html": _PAGE,
        "plain.rst": _RESTRUCTURED,
        "plain.adoc": _ASCIIDOC,
        "plain.md": _MARKDOWN,
        "plain.ipynb": json.dumps(_NOTEBOOK),
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        "plain-16.txt": _MARKDOWN.encode("utf-16-le"),
        "plain.docx": word_file(_WORDS, _PARTS),
        "plain.pdf": one_page(packed_stream(_DRAWN), b"/Annots[%b]" % _NOTE),
    }


_MARKDOWN = """---
title: Returns
audience: public
tags: [a, b]
---
# Returns

Within **30 days**, see [how](https://help.example.com/how).

| where | days |
|---|---|
| Hanoi | 2 |

- one
  1. two

```sh
make tea
```
"""
_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<title>Tr\u1ea3 h\xe0ng</title>
<meta name="audience" content="public"></head><body><nav>Menu</nav><main><h1>Tr\u1ea3</h1>
<p>Trong <b>30</b> ng\xe0y.</p><table><tr><th>a<td>b<tr><td colspan=2>c</table><ul><li>d<ol><li>e
</ol></ul><!-- note --><pre>f</pre></main></body></html>"""
_RESTRUCTURED = """:title: Tea

Tea
===

It is *hot* and :ref:`green <tea>`, see |cup|.

.. |cup| image:: cup.png
   :alt: a cup

.. tab:: Linux

   .. raw:: html

      <table><tr><td>a</td></tr></table>

===== =====
Tea   Cups
===== =====
hot   blue
===== =====

.. code-block:: sh

   make tea
"""
_ASCIIDOC = """= Tea
:audience: public

NOTE: Mind the lid.

|===
|Tea |Cups

|hot |blue
|===

* One
** Two

[source,sh]
----
make tea
----
"""
_NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# Tea\n", "It is hot."]},
        {"cell_type": "code", "source": "print(1)", "outputs": [{"text": "1"}]},
    ],
    "metadata": {"title": "Tea"},
    "nbformat": 4,
}
_WORDS = (
    '<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>Returns</w:t></w:r></w:p>'
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    '<w:r><w:t>one</w:t><w:tab/><w:footnoteReference w:id="2"/></w:r></w:p>'
    '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p>'
    "</w:tc><w:tc><w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc>"
    "</w:tr></w:tbl></w:tc></w:tr></w:tbl>"
    "<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del>"
    "<w:sdt><w:sdtContent><w:r><w:t>held</w:t></w:r></w:sdtContent></w:sdt>"
    "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den>"
    '</m:f></m:oMath><w:r><w:drawing><w:chart w:id="chart1"/></w:drawing></w:r></w:p>'
)
_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PARTS = {
    "word/styles.xml": f'<w:styles {_SPACE}><w:style w:styleId="H"><w:name w:val="heading 1"/>'
    "</w:style></w:styles>",
    "word/numbering.xml": f'<w:numbering {_SPACE}><w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>',
    "word/footnotes.xml": f'<w:footnotes {_SPACE}><w:footnote w:id="2"><w:p><w:r><w:t>note</w:t>'
    "</w:r></w:p></w:footnote></w:footnotes>",
    "word/chart1.xml": f'<w:chartSpace {_SPACE}><w:ser><w:cat><w:pt w:idx="0"><w:v>Hue</w:v></w:pt>'
    '</w:cat><w:val><w:pt w:idx="0"><w:v>4.5</w:v></w:pt></w:val></w:ser></w:chartSpace>',
}
_DRAWN = b"BT /F1 12 Tf 72 720 Td (Returns within 30 days) Tj 0 -14 Td (in Hanoi) Tj ET"
_NOTE = b"<</Type/Annot/Subtype/FreeText/Rect[9 9 99 99]/Contents(LB-77)>>"
