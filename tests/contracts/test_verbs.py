"""The table of verbs and the routing table: each thing has one entry, and nothing has none."""

from collections import Counter
from dataclasses import fields
from typing import Any

import pytest

from handlers.commands.verbs import AGENTS_HELP, COMMANDS, HELP, THREAD_COMMANDS, VERBS, Verb
from handlers.manifest import SHORTCUTS
from handlers.routes import Listeners, WayIn, routes
from handlers.views.ids import ActionId, ArticleActionId, ArticleFormId, FormId, ShortcutId


class Anything:
    """Stands where an object with listeners would."""

    def __getattr__(self, name: str) -> Any:
        async def listener() -> None:
            """Never called here."""

        return listener


_LISTENERS: dict[str, Any] = {each.name: Anything() for each in fields(Listeners)}
TABLE = routes(Listeners(**_LISTENERS))


def matching(kind: str, name: str) -> list[WayIn]:
    """The rows that a name of this kind falls under."""
    found = [each for each in TABLE if each.kind == kind]
    return [
        each
        for each in found
        if (each.which == name if isinstance(each.which, str) else each.which.search(name))
    ]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("action", [*ActionId, *ArticleActionId, "list_back", "list_next", "home_tab_queue"]),
        ("action", ["budget_lift"]),
        ("view", [*FormId, *ArticleFormId]),
        ("shortcut", [*ShortcutId]),
    ],
)
def test_whatever_can_be_used_has_one_listener(kind: str, names: list[str]) -> None:
    """None would be silence, and of two only the first is called."""
    assert {name: len(matching(kind, name)) for name in names} == dict.fromkeys(names, 1)
    assert set(SHORTCUTS) == set(ShortcutId)


@pytest.mark.parametrize("way", ["names", "buttons", "reactions"])
def test_each_way_to_ask_belongs_to_one_verb(way: str) -> None:
    """One that stood twice would mean what comes last."""
    ways = Counter(each for verb in VERBS for each in getattr(verb, way))

    assert {each: count for each, count in ways.items() if count > 1} == {}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.names[0])
def test_a_verb_is_told_under_its_own_name(verb: Verb) -> None:
    """In the help of those who may ask it, and of nobody else."""
    mine, other = (HELP, AGENTS_HELP) if verb.who == "everybody" else (AGENTS_HELP, HELP)

    if verb.help:
        assert verb.help in mine
        assert verb.help not in other
        assert f"{verb.names[0]}" in verb.help or verb.names[0] == "show"


def test_what_is_done_to_a_ticket_can_be_typed_in_both_places() -> None:
    """After `/ticket` with its number, in its thread without."""
    acts = {name for verb in VERBS if verb.in_threads for name in verb.names}

    assert acts == set(THREAD_COMMANDS)
    assert {"tellall", "take", "hold", "close"} <= acts
    assert all(COMMANDS[name] is THREAD_COMMANDS[name] for name in acts)
    assert all(verb.about == "ticket" for verb in VERBS if verb.in_threads or verb.buttons)
    assert all(verb.who == "agents" for verb in VERBS if verb.in_threads)
