"""Jupyter notebooks: the text of their Markdown cells and their code, without what it put out."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.readers.decoding import decode_text
from bot.readers.document import CannotRead, Document
from bot.readers.reader_limits import ReaderLimits
from bot.readers.remarks import with_remarks

# What the tools write that made a notebook.
TOOLS_OWN = frozenset((
    "kernelspec", "language_info", "colab", "widgets", "toc", "celltoolbar", "orig_nbformat",
    "accelerator", "varinspector", "hide_input", "anaconda-cloud",
))  # fmt: skip


def read_notebook(data: bytes, _limits: ReaderLimits) -> Document:
    """The cells in their order, as nbformat 3 and 4 have them; pictures and outputs are counted."""
    try:
        notebook = json.loads(decode_text(data))
        metadata, cells = notebook.get("metadata") or {}, list(_cells(notebook))
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise CannotRead("damaged", error) from None
    left_out: Counter[str] = Counter()
    language = _language(metadata)
    text = "\n\n".join(filter(None, (_text(cell, language, left_out) for cell in cells)))
    return Document(text, with_remarks(_said(metadata), _tags(cells)), left_out)


def _said(metadata: Mapping[str, Any]) -> Mapping[str, str]:
    """What its metadata say; what is no word is said as JSON, so that nobody takes it for one."""
    said = {key.lower(): value for key, value in metadata.items() if key.lower() not in TOOLS_OWN}
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in said.items()
    }


def _cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    sheets = notebook.get("worksheets") or [notebook]
    for sheet in sheets:
        yield from (cell for cell in sheet.get("cells") or [] if isinstance(cell, dict))


def _tags(cells: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The tags of its cells."""
    for cell in cells:
        metadata = cell.get("metadata")
        tags = metadata.get("tags") if isinstance(metadata, dict) else None
        yield from (str(each) for each in tags) if isinstance(tags, list) else ()


def _text(cell: Mapping[str, Any], language: str, left_out: Counter[str]) -> str:
    source = cell.get("source", cell.get("input", ""))
    said = "".join(map(str, source)) if isinstance(source, list) else str(source)
    left_out.update({"output": len(cell.get("outputs") or [])} if cell.get("outputs") else {})
    match cell.get("cell_type"):
        case "code":
            return f"```{language}\n{said.strip()}\n```" if said.strip() else ""
        case "heading":
            return f"{'#' * int(cell.get('level') or 1)} {said.strip()}"
        case _:
            return said.strip()


def _language(metadata: Mapping[str, Any]) -> str:
    about = metadata.get("language_info") or metadata.get("kernelspec") or {}
    name = str(about.get("name", "")) if isinstance(about, dict) else ""
    return name if name.isalnum() else ""
