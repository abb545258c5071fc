"""The pages say what is so: every path they name exists, and their layers are the contracts'."""

import ast
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.workspace import ROOT

PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if page.name != "CHANGELOG.md"
)
TOPS = (
    "benchmarks|bot|demo|deploy|docs|emulator|evals|examples|handlers|knowledge|shop|storage|tests"
)
NAMED = re.compile(rf"`((?:{TOPS})/[\w./-]*)`")
LINKED = re.compile(r"\]\((?!https?:)([^)#\s]+)(#[^)\s]+)?\)")
MODULE = re.compile(r"`((?:bot|handlers|storage)(?:\.[a-z_]+)+)`")
# What a page tells the reader to make, or names as an example of what may come.
MADE = {"benchmarks/results/latest.json", "knowledge/from-tickets"}
RULES = re.compile(r"^\| (\d+) \| `(\w+)` \|", re.MULTILINE)


def page_of(path: Path) -> str:
    """How a page is called in a test's name."""
    return str(path.relative_to(ROOT))


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", line.lower()) for line in lines)
    return {line.strip().replace(" ", "-") for line in plain}


@pytest.mark.parametrize("page", PAGES, ids=page_of)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    """A page that names a file which was moved sends its reader nowhere."""
    named = set(NAMED.findall(page.read_text("utf-8"))) - MADE

    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_of)
def test_every_module_that_a_page_names_exists(page: Path) -> None:
    """By its dotted name: a room, a module, or something in a module."""
    named = set(MODULE.findall(page.read_text("utf-8")))
    parts = {name: ROOT.joinpath(*name.split(".")) for name in named}
    there = {
        name
        for name, path in parts.items()
        if path.is_dir()
        or path.with_suffix(".py").exists()
        or path.parent.with_suffix(".py").exists()
    }

    assert named == there


@pytest.mark.parametrize("page", PAGES, ids=page_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    """To a file, and to a heading in it where the link names one."""
    for target, anchor in LINKED.findall(page.read_text("utf-8")):
        file = page.parent / target
        assert file.exists(), target
        if anchor:
            assert anchor[1:] in headings(file), f"{target}{anchor}"


@pytest.mark.parametrize("package", ["bot", "handlers", "storage"])
def test_the_layers_of_the_architecture_page_are_the_contracts(package: str) -> None:
    """Every layer with every room of it, from the top to the bottom."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (layers,) = (
        each["layers"]
        for each in contracts["tool"]["importlinter"]["contracts"]
        if each.get("containers") == [package]
    )
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = page.partition(f"### {package}/\n")[2].partition("\n### ")[0]
    told = defaultdict[int, set[str]](set)
    for layer, room in RULES.findall(section):
        told[int(layer)].add(room)

    assert [told[layer] for layer in sorted(told)] == [set(each.split(" | ")) for each in layers]
    assert sorted(told) == list(range(1, len(layers) + 1))


@pytest.mark.parametrize("package", ["bot", "handlers", "storage"])
def test_every_room_says_what_it_holds_and_who_uses_it(package: str) -> None:
    """In the docstring of its folder."""
    rooms = [
        room for room in (ROOT / package).glob("*/__init__.py") if room.parent.name != "migrations"
    ]
    said = {
        room.parent.name: ast.get_docstring(ast.parse(room.read_text("utf-8"))) for room in rooms
    }

    for room, docstring in said.items():
        assert docstring is not None, room
        assert "May use: " in docstring, room
        assert "Used by: " in docstring, room


def test_the_index_names_every_page() -> None:
    """Whoever looks for a page finds it in `docs/index.md`."""
    index = ROOT / "docs" / "index.md"
    linked = {
        (index.parent / target).resolve() for target, _ in LINKED.findall(index.read_text("utf-8"))
    }

    assert {page for page in PAGES if page.parent.name == "docs"} - {index} <= linked


def test_each_of_fifteen_recipes_names_the_files_it_touches() -> None:
    """The table at the head lists them all, and no recipe is without a file of the product."""
    page = (ROOT / "docs" / "extending.md").read_text("utf-8")
    titles = re.findall(r"^## (.+)$", page, re.MULTILINE)
    recipes = re.split(r"^## .+$", page, flags=re.MULTILINE)[1:]

    assert [title.split()[0] for title in titles] == [str(number) for number in range(1, 16)]
    assert re.findall(r"^\| \[(.+?)\]", page, re.MULTILINE) == titles
    for title, recipe in zip(titles, recipes, strict=True):
        assert len(set(NAMED.findall(recipe)) | set(re.findall(r"`desk.toml`", recipe))) > 1, title


def test_the_glossary_is_in_order() -> None:
    """Each word stands once, where a reader looks for it."""
    tables = (ROOT / "docs" / "glossary.md").read_text("utf-8").split("## ")[1:]
    words = [re.findall(r"^\| \*\*(.+?)\*\*", table, re.MULTILINE) for table in tables]

    for each in words:
        assert each == sorted(each, key=lambda word: word.strip("`").lower())
    assert len({word for each in words for word in each}) == sum(map(len, words))


def test_no_two_decisions_have_the_same_number() -> None:
    """And each has the same four parts."""
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]

    assert numbers == sorted(set(numbers))
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        parts = re.findall(r"^(Status|## \w+)", text, re.MULTILINE)
        assert parts == ["Status", "## Context", "## Options", "## Consequence"], page.name
