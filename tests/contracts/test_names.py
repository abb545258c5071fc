"""No name has two owners in the product.

Classes, functions and type aliases: a public name stands at the top of one module only, in all of
`bot/`, `handlers/` and `storage/`. Whoever searches for it finds one definition, and a reader need
not look at the imports to know which is meant. Constants and private names belong to their module.

Modules: a subject has the same name in `bot/` (its rules), `handlers/` (how it looks in Slack) and
`storage/` (its rows), so the package tells them apart. Within a package two rooms of different
subjects do not share a module's name, but

- the rooms of `handlers/` are ways of dealing with Slack (`actions/home.py`, `views/home.py`), and
  in `bot/` the rooms `cli`, `config` and `pipeline` are the command, the setting and the stage of a
  subject: they take the subject's name;
- a few names say which part of its room a module is; they stand in `PARTS`, each with its reason.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support.workspace import ROOT

PACKAGES = ("bot", "handlers", "storage")
WAYS = {"cli", "config", "pipeline"}
PARTS = {
    "log": "what a long piece of work writes down of itself",
    "run": "the loop of a long piece of work",
    "streaming": "what is seen while it grows: the model's reply, or the answer in Slack",
    "tables": "the tables of a room",
}
# Each listener's module still says for itself what Bolt hands it.
BOLT = {"Ack", "Payload", "Respond"}


def product_files() -> list[Path]:
    """The modules of the product, by their paths from the root."""
    files = [file for each in PACKAGES for file in sorted((ROOT / each).rglob("*.py"))]
    paths = [file.relative_to(ROOT) for file in files]
    return [path for path in paths if "migrations" not in path.parts]


def public_names(source: str) -> Iterator[str]:
    """The public classes, functions and type aliases at the top of a module."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for each in targets if isinstance(each, ast.Name)]
            names = [each for each in names if each[:1].isupper() and not each.isupper()]
        else:
            names = []
        yield from (each for each in names if not each.startswith("_"))


def doubles(owned: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The names with more than one owner, from pairs of name and owner."""
    owners = defaultdict[str, list[str]](list)
    for name, owner in owned:
        owners[name].append(owner)
    return {name: found for name, found in owners.items() if len(found) > 1}


def shared_modules(paths: Iterable[Path]) -> dict[str, list[str]]:
    """The modules of different subjects in one package that have the same name."""
    subjects = [
        (f"{path.parts[0]}: {path.stem}", str(path))
        for path in paths
        if path.parts[0] != "handlers"
        and path.parts[1] not in WAYS
        and path.stem not in {"__init__", *PARTS}
    ]
    return doubles(subjects)


def test_a_public_name_has_one_owner() -> None:
    """Rename the newer one; say what it is by the glossary."""
    owned = [
        (name, str(path))
        for path in product_files()
        for name in public_names((ROOT / path).read_text("utf-8"))
        if name not in BOLT
    ]

    assert doubles(owned) == {}
    assert len(owned) > 500


def test_two_subjects_of_a_package_do_not_share_the_name_of_a_module() -> None:
    """The room tells apart what one subject has in several rooms, and nothing else."""
    assert shared_modules(product_files()) == {}


def test_a_double_is_seen() -> None:
    """A class, an alias and a function are public names; a constant and a private class are not."""
    source = "class A: ...\nclass _B: ...\nC = 1\nDays = int\nasync def d(): ..."

    assert list(public_names(source)) == ["A", "Days", "d"]
    assert doubles([("A", "one"), ("A", "two"), ("d", "one")]) == {"A": ["one", "two"]}
    assert shared_modules([Path("bot/answers/rate.py"), Path("bot/batch/rate.py")])
    assert not shared_modules([Path("bot/cli/rate.py"), Path("bot/batch/rate.py")])
