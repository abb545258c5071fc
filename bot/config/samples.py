"""The samples of `.env`, `desk.toml` and the page in `knowledge/`, filled in for a new desk."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.config.desk_schema import schema_text

# Where a wheel has the samples. In a checkout they stand at the top, and under their own names.
SHIPPED = Path(__file__).with_name("samples")
CHECKOUT = Path(__file__).parents[2]
ENV, DESK, PAGE = ".env.example", "desk.toml", "knowledge/README.md"
SCHEMA = "desk.schema.json"
# Signs that a value may have without quotes.
_PLAIN = re.compile(r"[\w./:@%+=,-]*", re.ASCII)


def sample(name: str) -> str:
    """The text of a sample that comes with Deskhand."""
    places = (SHIPPED / Path(name).name, CHECKOUT / name)
    return next(each for each in places if each.is_file()).read_text(encoding="utf-8")


def env_text(values: Mapping[str, str]) -> str:
    """The sample `.env` with values in their places, and after it what it has no place for."""
    text = sample(ENV)
    for name, value in values.items():
        line = f"{name}={_quoted(value)}"
        place = re.compile(rf"^#?{name}=.*$", re.MULTILINE)
        text = place.sub(lambda _, line=line: line, text, count=1)  # type: ignore[misc]
        if line not in text.splitlines():
            text += f"{line}\n"
    return text


def desk_text(agents_channel: str, name: str, about: str, watched: Sequence[str]) -> str:
    """The sample `desk.toml` with what was chosen; `watched` are the channels' ids, or all."""
    text = sample(DESK)
    for key, value in (("agents_channel", agents_channel), ("name", name), ("about", about)):
        place = re.compile(rf'^#?({key} = )"[^"]*"', re.MULTILINE)
        written = _toml(value)
        text = place.sub(lambda found, it=written: found[1] + it, text, count=1)  # type: ignore[misc]
    channels = "".join(f"[[channels]]\nid = {_toml(each)}\n\n" for each in watched)
    before, mark, after = text.partition("#[[channels]]")
    return f"{before}{channels}{mark}{after}"


def new_files(folder: Path) -> Mapping[Path, str]:
    """What a new desk has beside those two: the schema, and the page in the folder of articles."""
    return {folder / SCHEMA: schema_text(), folder / PAGE: sample(PAGE)}


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _toml(value: str) -> str:
    """A basic string of TOML: JSON's, but for the one sign that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
