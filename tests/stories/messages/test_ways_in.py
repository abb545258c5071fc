"""Nothing that comes in is acknowledged and lost, whichever call to Slack fails in front of that.

It walks the routing table. Each row has a way by which people use it (`tests/support/ways_in.py`);
that is gone once to see what is asked of Slack before the acknowledgement, and then once more for
each of these calls, which fails. A process that has just begun goes it: nothing is known yet.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from emulator.slack.outcome import NotAcknowledged, Outcome
from handlers.routes import Listeners, WayIn, routes
from tests.stories.nightly.conftest import QUIET, Nights
from tests.stories.tickets.conftest import Agents
from tests.support.ways_in import GROUP, WAYS, Act, Stage, told
from tests.support.workspace import Workspace

# What takes a night before it.
NIGHTLY = ("article_approve", "article_reject_form")


def heard_by(row: WayIn, kind: str, name: str) -> bool:
    """Whether a row of the table hears what comes in under a name."""
    if row.kind != kind:
        return False
    return bool(row.which.search(name)) if isinstance(row.which, re.Pattern) else row.which == name


@pytest.fixture
async def stage(place: Workspace, tmp_path: Path, request: pytest.FixtureRequest) -> Stage:
    """A desk that listens to everything that the table has."""
    name = request.node.callspec.params["way"][1]
    place.slack.workspace.groups[GROUP] = {
        "id": GROUP, "handle": "support", "name": "Support", "users": [],
        "is_usergroup": True, "date_delete": 0,
    }  # fmt: skip
    agents = Agents(place)
    night = None
    if name in NIGHTLY:
        (tmp_path / "articles").mkdir()
        night = Nights(place, tmp_path / "articles")
    budget = "\n[[budgets]]\nday = 0.0001\n" if name == "budget_lift" else ""
    stage = Stage(agents, night)
    stage.desk = (
        f'admins = ["{place.mai.id}"]\nagents = ["channel", "{GROUP}"]\n{QUIET if night else ""}'
        f'\n[[channels]]\nid = "{place.orders.id}"\nmode = "auto"\nnudge = true\n{budget}'
    )
    await place.start(stage.desk)
    return stage


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[1]}")
async def test_what_is_acknowledged_is_not_lost(stage: Stage, way: tuple[str, str]) -> None:
    """It comes through, or Slack sends it again, or the one who acted is told."""
    asked_first = sorted(await gone(stage, way, failing=[]))
    # A night makes few drafts: there they fail together.
    for failing in [asked_first] if way[1] in NIGHTLY else [[each] for each in asked_first]:
        await gone(stage, way, failing=failing)


async def gone(stage: Stage, way: tuple[str, str], *, failing: Sequence[str]) -> set[str]:
    """Go a way in a process that knows nothing; the methods that were called before the answer."""
    stage.again += 1
    place = stage.place
    act = await WAYS[way](stage)
    await place.settled()
    await place.running.cards.wait_idle()
    await place.stop()
    await place.start(stage.desk)
    newcomer = place.slack.add_user(f"new{stage.again}")
    await newcomer.join(place.agents)  # who the agents are is asked anew
    await place.settled()
    for stack in place.slack.workspace.modals.values():
        del stack[:-1]
    stage.told_before = len(place.slack.ephemerals)
    calls, acks = len(place.slack.calls), len(place.slack.dispatch.acks)
    for method in failing:
        place.slack.faults.add(method, "error")
    outcome = await done(stage, act)
    place.slack.faults.clear()
    assert outcome, f"{way} is lost when {failing} fails"
    answered = max(each.acked_at or 0.0 for each in place.slack.dispatch.acks[acks:])
    return {each.method for each in place.slack.calls[calls:] if each.at < answered}


async def done(stage: Stage, act: Act) -> bool:
    """Whether an act came through, or whoever did it knows that it did not."""
    try:
        outcome = await act.do()
    except NotAcknowledged:
        return True  # Slack shows that to whoever acted
    await stage.place.settled()
    if isinstance(outcome, Outcome) and told(stage, outcome):
        return True
    return await act.done() or (isinstance(outcome, Outcome) and told(stage, outcome))


class Anything:
    """Whatever is asked of it, itself: enough to read the table."""

    def __getattr__(self, name: str) -> Any:
        return self


def test_each_row_of_the_table_has_a_way() -> None:
    """A new row is not covered before it has one."""
    table = routes(cast("Listeners", Anything()))
    without = [
        (row.kind, str(row.which)) for row in table if not any(heard_by(row, *way) for way in WAYS)
    ]

    assert without == []
