"""How much of a file is read, and what reading it may take."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class ReaderLimits:
    """What one file may take; beyond it the file is `large` or `slow`.

    `seconds` pass from its turn until it is read or given up, `processor_seconds` are used by its
    reader. Until its turn pass at most `waiting_seconds`; then we are `busy`, which says nothing of
    the file. `memory_mb` is what a reader may take besides what it has at rest. `characters` and
    `pages` are of a document, `megapixels` of a picture. `children` files are read at a time.
    """

    seconds: float = 30
    waiting_seconds: float = 300
    processor_seconds: int = 10
    memory_mb: int = 300
    file_mb: float = 50
    characters: int = 2_000_000
    pages: int = 2_000
    megapixels: float = 40
    children: int = 4

    @property
    def file_bytes(self) -> int:
        """The bytes that a file may have."""
        return int(self.file_mb * MB)
