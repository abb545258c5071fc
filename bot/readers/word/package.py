"""A Word file as a package: a zip of parts that name each other by relations."""

import posixpath
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from typing import IO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from bot.readers.document import CannotRead
from bot.readers.word.word_xml import XmlElement, attribute

# Bytes of a part that is read whole; the body is not, it is read as it comes.
MOST_PART = 32_000_000
USUAL_BODY = "word/document.xml"
DAMAGE = (
    *(BadZipFile, OSError, EOFError, KeyError, ValueError, OverflowError, NotImplementedError),
    *(struct.error, zlib.error, LZMAError, etree.LxmlError),
)
PARSING = {"resolve_entities": False, "no_network": True, "remove_comments": True}


@dataclass(frozen=True)
class Relation:
    """How a part names another: `kind` is the last word of its type."""

    kind: str
    target: str


class Package:
    """The parts of a file; raises CannotRead whatever is wrong with it."""

    def __init__(self, data: bytes) -> None:
        with damage():
            self._zip = ZipFile(BytesIO(data))
            self._names = set(self._zip.namelist())

    @property
    def body(self) -> str:
        """The name of the part that is the text."""
        relations = self.relations("").values()
        named = (each.target for each in relations if each.kind == "officeDocument")
        return next((each for each in named if each in self._names), USUAL_BODY)

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to, by the id under which it does; "" is the package itself."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return {}
        return {
            attribute(each, "Id"): Relation(
                attribute(each, "Type").rpartition("/")[2],
                _inside(folder, attribute(each, "Target")),
            )
            for each in root
            if isinstance(each.tag, str) and attribute(each, "TargetMode") != "External"
        }

    def related(self, part: str, kind: str) -> Iterator[str]:
        """The names of the parts of a kind that a part refers to, in their order."""
        found = (each.target for each in self.relations(part).values() if each.kind == kind)
        return iter(dict.fromkeys(found))

    def tree(self, part: str) -> XmlElement | None:
        """A part as a tree, if it is there; raises CannotRead where it is damaged or very large."""
        if part not in self._names:
            return None
        with damage(), self._zip.open(part) as stream:
            data = stream.read(MOST_PART + 1)
            if len(data) > MOST_PART:
                raise CannotRead("large", f"the part {part}")
            return etree.fromstring(data, etree.XMLParser(**PARSING))

    @contextmanager
    def stream(self, part: str) -> Iterator[IO[bytes]]:
        """A part as it is unpacked."""
        with damage(), self._zip.open(part) as stream:
            yield stream


@contextmanager
def damage() -> Iterator[None]:
    """Tell what zip files and XML raise as the reasons that people know."""
    try:
        yield
    except CannotRead:
        raise
    except RuntimeError as error:
        # What zipfile says of a member with a password; RecursionError is a RuntimeError too.
        locked = "password" in str(error) or "encrypted" in str(error)
        raise CannotRead("locked" if locked else "damaged", error) from None
    except DAMAGE as error:
        raise CannotRead("damaged", error) from None


def _inside(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))
