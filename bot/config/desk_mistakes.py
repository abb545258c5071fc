"""What is wrong in `desk.toml`: the file, the line, the key, and what was expected there."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic_core import ErrorDetails

from bot.config.desk import Desk
from bot.config.mistakes import key_text, mistake_text
from bot.config.settings import Settings
from bot.config.toml_lines import line_of

# What people mostly did where the reader of TOML says so, by how the line looks or by its words.
_LOOKS = (
    (r"[“”„‟«»‘’‚]", "its quotes are typographic ones: they have to be straight"),
    (
        r"[\u00a0\u2000-\u200d\u202f\u3000\ufeff]",
        "one of its blanks is none: type it anew",
    ),
    (r"^\s*(<{7}|={7}|>{7})", "a merge was left unfinished here"),
    (r"^\s*(;|//)|\s//", "a remark begins with #"),
    (r"^\s*\{", "this looks like JSON: a line is a [table] or a key = value"),
    (r"^\s*export\s", "export is the shell's word: leave it out"),
    (r"^\s*[\w-]+\s*:(\s|$)", "a key and its value are joined by =, not by :"),
    (r"^\s*[^\"'=#\[{]*[^\x00-\x7f][^\"'=]*=", "a key has the letters a-z, digits, _ and - only"),
    (r":=|==", "a key and its value are joined by one ="),
    (r"=\s*#", "what follows a # is a remark: text stands in quotes"),
    (r"=\s*[+-]?\.\d", "a number begins with a digit: 0.6"),
    (r"=\s*\d+,\d", "a decimal has a point, and thousands are not parted: 0.6, 1000"),
    (r"=\s*\{[^}]*,\s*\}", "before a } stands no comma"),
    (r"=\s*\{[^}]*$", "a table in { } stands on one line"),
    (r"=\s*'[^']*'\w.*'", "a ' within the text ends it: put the text in double quotes"),
    (r'=\s*"[^"]*"\w.*"', "a quote within the text ends it: put the text in single quotes"),
    (r"[;,]\s*$", "behind a value stands nothing, neither ; nor a comma"),
    (r'"[^"]*\\', "in double quotes a backslash is written twice; in single quotes once"),
)
_WORDS = {
    "Invalid value": "text stands in quotes, and true and false in small letters",
    "Illegal character '\\n'": "a quote is not closed",
    "Found invalid character": "a sign that is not seen stands there: type the text anew",
    "Illegal character": "a sign that is not seen stands there: type the text anew",
    "Expected newline": "text stands in quotes, and a decimal has a point: 0.6",
    "Cannot declare": "a table stands twice: put both together",
    "Cannot overwrite": "this stands twice",
    "Unclosed array": "a [ is not closed, or a date is none",
    "Unterminated string": "a text in three quotes is not closed",
    "Expected '='": "a line is a [table] or a key = value",
    "Exceeds the limit": "a number is far too long",
}
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
QUOTED = re.compile(r"'([^']*)'")
_TABLE = re.compile(r"\(((?:'[^']*'(?:, )?)+),?\)")


def toml_sentence(path: Path, text: str, error: ValueError) -> str:
    """What is wrong with a file that is no TOML."""
    said = str(error)
    place = _PLACE.search(said)
    number = int(place[1]) if place and place[1] else None
    where = f"{path}:{number}" if number else str(path)
    # The reader tells the name of a table as Python writes it.
    told = _TABLE.sub(lambda found: f"[{'.'.join(QUOTED.findall(found[1]))}]", _PLACE.sub("", said))
    line = text.splitlines()[number - 1 : number] if number else []
    hint = next((hint for look, hint in _LOOKS if line and re.search(look, line[0])), None)
    hint = hint or next((hint for begins, hint in _WORDS.items() if told.startswith(begins)), None)
    return f"{where}: not valid TOML: {told}{f': {hint}' if hint else ''}"


def desk_sentences(path: Path, text: str, errors: Sequence[ErrorDetails]) -> str:
    """A line for each mistake; what only follows from another one is left out."""
    told = [_sentence(path, text, each) for each in errors if not _follows(each, text, errors)]
    return "\n".join(dict.fromkeys(told))


def _follows(error: ErrorDetails, text: str, errors: Sequence[ErrorDetails]) -> bool:
    """Whether nobody wrote it: a list that lacks its wrong entries, or a value made of another."""
    location = error["loc"]
    if error["type"] == "too_short":
        return any(len(each["loc"]) > len(location) == _shared(each, error) for each in errors)
    unwritten = error["type"] == "value_error" and location and line_of(text, location) is None
    return bool(unwritten) and len(errors) > 1


def _shared(one: ErrorDetails, other: ErrorDetails) -> int:
    pairs = zip(one["loc"], other["loc"], strict=False)
    return sum(mine == theirs for mine, theirs in pairs)


def _sentence(path: Path, text: str, error: ErrorDetails) -> str:
    told = mistake_text(error, lambda: _names_beside(error["loc"]))
    if error["type"] == "extra_forbidden" and "did you mean" not in told:
        told += _elsewhere(error["loc"])
    elif error["type"] == "tuple_type" and isinstance(error["input"], dict):
        told = f"expected a list of tables, each under [[{error['loc'][-1]}]]"
    elif error["type"] == "model_type" and isinstance(error["loc"][-1], int):
        told = f"{told}: each is a table under [[{error['loc'][0]}]]"
    elif error["type"] == "model_type" and isinstance(error["input"], list):
        told = f"expected one table, [{error['loc'][-1]}], and not a list of them"
    # What is wrong between tables begins with its key.
    line = line_of(text, error["loc"] or told.partition(":")[0].split("."))
    where, key = f"{path}:{line}" if line else str(path), key_text(error["loc"])
    return f"{where}: {key}: {told}" if key else f"{where}: {told}"


def _elsewhere(location: Sequence[int | str]) -> str:
    """Where a key belongs that is none here."""
    name, tables = location[-1], Desk.model_fields
    if str(name).lower() in Settings.model_fields:
        return f"; it belongs in .env, as {str(name).upper()}=…"
    if len(location) > 1:
        return f"; it stands at the top, as [{name}] or [[{name}]]" if name in tables else ""
    homes = [table for table in tables if name in _names_beside((table, name))]
    return f"; it stands under [{homes[0]}]" if len(homes) == 1 else ""


def _names_beside(location: Sequence[int | str]) -> Sequence[str]:
    """The keys that there are where one is unknown."""
    model: Any = Desk
    for part in location[:-1]:
        if isinstance(part, str):
            field = getattr(model, "model_fields", {}).get(part)
            model = _model_in(field.annotation) if field else None
    return list(getattr(model, "model_fields", {}))


def _model_in(annotation: Any) -> Any:
    """The table that stands in an annotation, be it alone, in a list or optional."""
    if hasattr(annotation, "model_fields"):
        return annotation
    inner = (_model_in(each) for each in get_args(annotation))
    return next((each for each in inner if each is not None), None)
