"""What Claude is told: the files in `prompts/`, each with a version that goes to the ledger."""

import hashlib
import html
from dataclasses import dataclass
from pathlib import Path
from string import Template

FOLDER = Path(__file__).with_name("prompts")


@dataclass(frozen=True)
class Prompt:
    """A system prompt, ready to send. `version` names the file, its version and the filled text."""

    text: str
    version: str


def load_prompt(file: str, **values: str) -> Prompt:
    """Fill the `$placeholders` of `prompts/{file}.md`; its first line reads `version: N`.

    Raises:
        KeyError: for a placeholder without a value.
    """
    first, _, body = (FOLDER / f"{file}.md").read_text(encoding="utf-8").partition("\n")
    number = first.removeprefix("version:").strip()
    text = Template(body.strip()).substitute(values)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Prompt(text, f"{file}-{number}-{digest}")


def fenced(tag: str, text: str) -> str:
    """Text from people as data: inside `<tag>`, with every character that could end it escaped."""
    return f"<{tag}>\n{html.escape(text, quote=False)}\n</{tag}>"


def one_line(text: str) -> str:
    """A text without line ends, so that it cannot pass for several lines."""
    return " ".join(text.split())
