"""What every table of `desk.toml` has in common: how its keys, numbers and paths are taken."""

from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator

from bot.config.mistakes import as_written


class Section(BaseModel):
    """A table: keys that it does not know are refused, and so are yes and no for numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_number_of_a_word(cls, given: Any, about: ValidationInfo) -> Any:
        """Python counts true as 1, and nobody means that."""
        if isinstance(given, bool) and _is_number(
            cls.model_fields[str(about.field_name)].annotation
        ):
            raise ValueError(f"expected a number, not {str(given).lower()}")
        return given


def _is_number(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_number(each) for each in get_args(annotation))
    return annotation in (int, float)


def place(given: Any, about: ValidationInfo) -> Any:
    """A path as people write it, from the folder that `desk.toml` stands in; ~ is their home."""
    if not isinstance(given, str):
        return given
    if not given.strip() or "\0" in given:
        raise ValueError(f"expected a path, not {as_written(given)}")
    if "://" in given:
        raise ValueError(
            f"expected a folder or a file here, not the address {as_written(given)}; "
            "a website is site = … under [[sources]]"
        )
    try:
        path = Path(given).expanduser()
    except RuntimeError:
        raise ValueError(f"nobody knows the home folder of {as_written(given)}") from None
    return about.context / path if about.context is not None else path


# A path of a file or a folder; validated in the context of the folder of `desk.toml`.
DeskPath = Annotated[Path, BeforeValidator(place, json_schema_input_type=str)]
