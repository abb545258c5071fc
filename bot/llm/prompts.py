"""What Claude is told: the files in `prompts/`, each with a version that goes to the ledger."""

import hashlib
import html
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parents[1] / "prompts"
LOCK = "versions.lock"


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
    number, body = _read(FOLDER / f"{file}.md")
    text = Template(body).substitute(values)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Prompt(text, f"{file}-{number}-{digest}")


def changed_prompts(folder: Path = FOLDER) -> list[str]:
    """The prompts that say something else than the lock file has under their version."""
    noted = _noted(folder)
    return [
        name
        for name, (version, digest) in _standing(folder).items()
        if noted.get(name) != (version, digest)
    ]


def lock_prompts(folder: Path = FOLDER) -> list[str]:
    """Note each prompt's version and text; answers those changed under a version noted before.

    Then nothing is written: figures of one version must all be of one text.
    """
    noted, standing = _noted(folder), _standing(folder)
    unversioned = [
        name
        for name, (version, digest) in standing.items()
        if name in noted and noted[name][0] == version and noted[name][1] != digest
    ]
    if not unversioned:
        lines = [f"{name} {version} {digest}\n" for name, (version, digest) in standing.items()]
        (folder / LOCK).write_text("".join(lines), encoding="utf-8")
    return unversioned


def fenced(tag: str, text: str) -> str:
    """Text from people as data: inside `<tag>`, with every character that could end it escaped."""
    return f"<{tag}>\n{html.escape(text, quote=False)}\n</{tag}>"


def one_line(text: str) -> str:
    """A text without line ends, so that it cannot pass for several lines."""
    return " ".join(text.split())


def _read(path: Path) -> tuple[str, str]:
    first, _, body = path.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("version:").strip(), body.strip()


def _standing(folder: Path) -> dict[str, tuple[str, str]]:
    found = {path.stem: _read(path) for path in sorted(folder.glob("*.md"))}
    return {
        name: (number, hashlib.sha256(body.encode()).hexdigest())
        for name, (number, body) in found.items()
    }


def _noted(folder: Path) -> dict[str, tuple[str, str]]:
    path = folder / LOCK
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    noted = [line.split() for line in lines]
    return {name: (version, digest) for name, version, digest in noted}


if __name__ == "__main__":
    for stale in lock_prompts():
        sys.stderr.write(f"prompts/{stale}.md changed: raise the version on its first line\n")
    sys.exit(bool(changed_prompts()))
