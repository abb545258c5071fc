"""Markdown's relatives as Markdown: reStructuredText, AsciiDoc, notebooks; in their own process."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.knowledge.sources import Folder
from bot.readers.pool import ReaderPool, shared_pool
from bot.readers.registry import CANVAS, READERS, choose_reader
from bot.readers.unreadable import Unreadable
from storage.knowledge.values import Article
from tests.support.plain_files import plain_files


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def pool() -> ReaderPool:
    return shared_pool()


@pytest.mark.parametrize(
    ("name", "text", "said", "left_out"),
    [
        ("a.rst", "Tea\n===\n\nIt is *hot*.\n\nCups\n----\n\nBlue.",
         "# Tea It is hot. ## Cups Blue.", {}),
        ("a.rst", ".. note:: Mind the lid.\n\nTea.", "Mind the lid. Tea.", {}),
        ("a.rst", ".. tab:: Linux/Mac\n\n   Run it.", "Linux/Mac Run it.", {}),
        ("a.rst", ".. versionadded:: 3.2\n   It pours.", "3.2 It pours.", {}),
        ("a.rst", ".. code-block:: sh\n   :linenos:\n\n   make tea", "``` make tea ```", {}),
        ("a.rst", "See :ref:`the tea <tea>` and :kbd:`Ctrl`.", "See the tea and Ctrl.", {}),
        ("a.rst", "`Tea <https://a.example/>`_ is ``hot``.",
         "[Tea](https://a.example/) is `hot`.", {}),
        ("a.rst", ".. include:: /etc/passwd\n\nTea.", "Tea.", {"include": 1}),
        ("a.rst", ".. raw:: html\n\n   <table><tr><td>Tea</td><td>3 <b>$</b></td></tr></table>",
         "| Tea | 3 **$** | | --- | ------- |", {}),
        ("a.rst", ".. raw:: html\n\n   <script>no()</script>\n\nTea.", "Tea.", {"script": 1}),
        ("a.rst", ".. raw:: latex\n\n   no\n\nTea.", "Tea.", {"script": 1}),
        ("a.rst", ".. raw:: html\n   :file: /etc/passwd\n\nTea.", "Tea.", {"script": 1}),
        ("a.rst", ".. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\nTea.", "Tea.",
         {"table of contents": 1}),
        ("a.rst", ".. image:: tea.png\n   :alt: A cup\n   :width: wide\n\n.. no\n\nTea.",
         "A cup Tea.", {"picture": 1, "comment": 1}),
        ("a.rst", "Press |ok|.\n\n.. |ok| image:: ok.png\n   :alt: Done", "Press Done.",
         {"picture": 1}),
        ("a.rst", "===== =====\nTea   Cups\n===== =====\nhot   blue\n===== =====",
         "| Tea | Cups | | --- | --- | | hot | blue |", {}),
        ("a.rst", "Tea\n  Is hot.\n\n1. Boil.\n2. Pour.", "**Tea** Is hot. 1. Boil. 2. Pour.", {}),
        ("a.adoc", "= Tea\nMai <mai@example.com>\n:heat: hot\n\nIt is {heat}.\n\n== Cups\n\nBlue.",
         "# Tea Mai <mai@example.com> It is hot. ## Cups Blue.", {}),
        ("a.adoc", "NOTE: Mind the lid.\n\n[TIP]\n====\nPour.\n====", "Mind the lid. Pour.", {}),
        ("a.adoc", "[source,java,role=x]\n----\nint x;\n----", "```java int x; ```", {}),
        ("a.adoc", "include::secret.adoc[]\nTea.", "Tea.", {"include": 1}),
        ("a.adoc", "xref:tea.adoc[Tea] <<x,here>> https://a.example[there] {none}",
         "Tea here [there](https://a.example)", {"variable": 1}),
        ("a.adoc", "|===\n|Tea |Cups\n\n|hot |blue\n|===", "| Tea | Cups | hot | blue", {}),
        ("a.adoc", ".Title\n* One\n** Two\n. First\nTea:: hot",
         "**Title** - One - Two 1. First **Tea** hot", {}),
        ("a.adoc", "image::tea.png[A cup]\n////\nno\n////\n++++\n<b>\n++++\nTea.", "A cup Tea.",
         {"picture": 1, "comment": 1, "script": 1}),
        ("a.adoc", "ifdef::x[]\nTea.\nendif::[]", "Tea.", {"condition": 2}),
    ],
)  # fmt: skip
def test_the_text_is_kept_and_the_markup_counted(
    pool: ReaderPool, name: str, text: str, said: str, left_out: Mapping[str, int]
) -> None:
    """What a reader of the built page sees."""
    document = pool.read_bytes(name, text.encode(), readers=READERS)

    assert (squeezed(document.text), dict(document.left_out)) == (said, left_out)


def notebook(*cells: Mapping[str, object], **metadata: object) -> bytes:
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}).encode()


def test_a_notebook_is_its_text_and_its_code(pool: ReaderPool) -> None:
    """What the code put out is counted."""
    document = pool.read_bytes(
        "a.ipynb",
        notebook(
            {"cell_type": "markdown", "source": ["# Tea\n", "It is hot."]},
            {"cell_type": "code", "source": "pour()", "outputs": [{"text": "no"}]},
            language_info={"name": "python"},
        ),
        readers=READERS,
    )

    assert document.text == "# Tea\nIt is hot.\n\n```python\npour()\n```"
    assert document.left_out == {"output": 1}
    with pytest.raises(Unreadable):
        pool.read_bytes("a.ipynb", b'{"cells": [', readers=READERS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.rst", b":title: Tea\n:audience: agents\n\nTea is hot."),
        ("a.rst", b"Tea\n===\n\n:audience: agents\n\nTea is hot."),
        ("a.rst", b".. audience: agents\n\nTea is hot."),
        ("a.rst", b".. meta::\n   :audience: agents\n\nTea is hot."),
        ("a.rst", b"---\naudience: agents\n---\n\nTea is hot."),
        ("a.rst", b"Tea\n===\n\nIt is.\n\n:audience: agents"),
        ("a.rst", b"Tea\n\n.. raw:: html\n\n   <!-- audience: agents -->\n   <p>hot</p>"),
        ("a.adoc", b"= Tea\n:audience: agents\n\nTea is hot."),
        ("a.adoc", b"= Tea\n\n:audience: agents\n\nTea is hot."),
        ("a.adoc", b"// audience: agents\n= Tea\n\nTea is hot."),
        ("a.adoc", b":audience: public\n:audience: agents\n\nTea is hot."),
        ("a.ipynb", notebook({"cell_type": "markdown", "source": "Tea."}, audience="agents")),
        ("a.ipynb", notebook({"cell_type": "markdown", "source": "Tea."}, audience=["agents"])),
        ("a.ipynb", notebook({"cell_type": "raw", "source": "---\naudience: agents\n---\nTea."})),
        ("a.mdx", b"---\naudience: agents\n---\n\nTea <B/>."),
    ],
)
def test_every_kind_can_say_that_it_is_for_agents(tmp_path: Path, name: str, data: bytes) -> None:
    """In the way of its kind, and nobody misses it."""
    (tmp_path / name).write_bytes(data)
    (article,) = Folder(tmp_path).read().articles

    assert isinstance(article, Article)
    assert article.audience == "agents"


def test_titles_come_from_fields_and_headings(tmp_path: Path) -> None:
    """As for Markdown."""
    (tmp_path / "a.rst").write_text("Green tea\n=========\n\nHot.", encoding="utf-8")
    (tmp_path / "b.adoc").write_text("= Black tea\n\nHot.", encoding="utf-8")
    (tmp_path / "c.ipynb").write_bytes(
        notebook({"cell_type": "markdown", "source": "# Mint\nHot."})
    )

    assert [each.title for each in Folder(tmp_path).read().articles] == [
        "Green tea",
        "Black tea",
        "Mint",
    ]


@pytest.mark.parametrize("name", sorted(plain_files()))
def test_what_is_bent_by_the_fuzzer_is_read_when_it_is_straight(
    pool: ReaderPool, name: str
) -> None:
    """Otherwise it would bend files that nobody reads anyway."""
    document = pool.read_bytes(name, plain_files()[name], readers=READERS)

    assert len(document.text.split()) > 4


def test_the_fuzzer_bends_every_kind() -> None:
    """A canvas is a page, and is known by its type alone."""
    bent = {choose_reader(name, data, readers=READERS) for name, data in plain_files().items()}

    assert bent == {*READERS} - {CANVAS}
