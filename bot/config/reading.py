"""How much is read of what customers attach, and what reading a file may take."""

from typing import Annotated

from pydantic import Field

from bot.config.section import Section


class FileLimits(Section):
    """What is read of what customers attach: pictures a message, parts a document, and sizes.

    `parts` of a document are some 8,000 tokens each, about seven pages.
    """

    pictures: Annotated[int, Field(ge=0, le=20)] = 5
    picture_mb: Annotated[float, Field(gt=0, le=50)] = 5
    document_mb: Annotated[float, Field(gt=0, le=50)] = 20
    parts: Annotated[int, Field(ge=1, le=500)] = 40


class ReadersConfig(Section):
    """What reading one file may take: docs/attachments.md.

    `seconds` pass from its turn until it is read or given up, `waiting_seconds` at most until its
    turn; `processor_seconds` are computed, `memory_mb` is taken; `characters` and `pages` are of a
    document, `megapixels` of a picture, `file_mb` of any file. `children` files are read at a time.
    """

    seconds: Annotated[float, Field(ge=1, le=600)] = 30
    waiting_seconds: Annotated[float, Field(ge=1, le=3_600)] = 300
    processor_seconds: Annotated[int, Field(ge=1, le=600)] = 10
    memory_mb: Annotated[int, Field(ge=50, le=8_000)] = 300
    file_mb: Annotated[float, Field(gt=0, le=500)] = 50
    characters: Annotated[int, Field(ge=1_000, le=100_000_000)] = 2_000_000
    pages: Annotated[int, Field(ge=1, le=100_000)] = 2_000
    megapixels: Annotated[float, Field(gt=0, le=1_000)] = 40
    children: Annotated[int, Field(ge=1, le=32)] = 4
