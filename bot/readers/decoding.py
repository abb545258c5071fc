"""Bytes as text: by their byte order mark, by what they declare, else by what they look like."""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from charset_normalizer import from_bytes

from bot.readers.document import CannotRead

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where pages and XML say their encoding (whatwg.org: determining the character encoding).
DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""")
HEAD = 1_024
# What browsers read under these names.
ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
# Encodings that are guessed, and the bytes that a guess looks at.
GUESSED = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r"),
]
SAMPLE = 50_000
# What parts words or lines in any script.
SPACES = frozenset(" \n\u3000")
UNMARKED = ("utf-16-le", "utf-16-be")
JAPANESE = ("cp932", "euc_jp", *UNMARKED)
KANA = re.compile("[\u3041-\u30fe]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_text(data: bytes, *, page: bool = False) -> str:
    """The text of bytes, without its byte order mark; of a `page` also by what its head declares.

    Raises:
        CannotRead: damaged; the bytes are no text in any encoding that they show.
    """
    for encoding in _candidates(data, page=page):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _is_binary(text):
            return text
    raise CannotRead("damaged", "no text in any encoding")


def _candidates(data: bytes, *, page: bool) -> Iterator[str]:
    yield from (encoding for mark, encoding in MARKS if data.startswith(mark))
    if page and (declared := DECLARED.search(data[:HEAD])):
        yield from _known(declared[1].decode("ascii"))
    if data[:200].count(0) * 2 >= len(data[:200]):
        yield from ("utf-32-le", "utf-32-be")
    if data[:200].count(0) * 3 > len(data[:200]):
        yield "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    yield "utf-8"
    yield from (encoding for encoding in UNMARKED if _is_wide(data, encoding))
    # Half of the letters of Japanese are kana, and nothing else looks like them in these encodings.
    yield from (encoding for encoding in JAPANESE if _has_kana(data, encoding))
    if guess := from_bytes(data[:SAMPLE], cp_isolation=GUESSED).best():
        yield guess.encoding
    yield "cp1252"


def _known(label: str) -> Iterator[str]:
    """The codec of a label; one that says UTF-16 in single bytes is wrong about itself."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return
    if not name.startswith(("utf-16", "utf-32")):
        yield ALIASES.get(name, name)


def _has_kana(data: bytes, encoding: str) -> bool:
    text = data[:SAMPLE].decode(encoding, "ignore")
    return len(KANA.findall(text)) * 5 > len(text)


def _is_wide(data: bytes, encoding: str) -> bool:
    """Whether bytes are UTF-16 in any script: words with spaces or lines, of letters that exist."""
    if len(data) % 2 or b"\0" not in data[:SAMPLE]:
        return False
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data[:SAMPLE])
    except UnicodeDecodeError:
        return False
    return not SPACES.isdisjoint(text) and not any(map(_is_no_letter, text))


def _is_no_letter(char: str) -> bool:
    return char not in "\t\n\r" and unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"}


def _is_binary(text: str) -> bool:
    """Whether control characters say that this is no text."""
    return len(CONTROLS.findall(text[:SAMPLE])) * 50 > len(text[:SAMPLE])
