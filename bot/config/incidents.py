"""What `desk.toml` says about messages that belong together: of one person, and of many."""

from typing import Annotated

from pydantic import Field, field_validator

from bot.config.section import Section


class BurstConfig(Section):
    """Messages by one author in one place within so many `seconds` are one request; 0 is never."""

    seconds: Annotated[float, Field(ge=0, le=3600)] = 60


class IncidentConfig(Section):
    """The same question from so many `people` within so many `minutes`; 0 people is never."""

    people: Annotated[int, Field(ge=0, le=1000)] = 3
    minutes: Annotated[float, Field(gt=0, le=1440)] = 60

    @field_validator("people")
    @classmethod
    def _several(cls, people: int) -> int:
        if people == 1:
            raise ValueError("an incident takes at least 2 people; 0 switches them off")
        return people
