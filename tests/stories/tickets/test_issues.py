"""An agent makes an issue of a ticket, in GitHub or Jira; what becomes of it there comes back."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.config.settings import SettingsError
from storage.db.columns import utc_now
from storage.erasure.erased_tickets import erase_tickets
from storage.tickets import issues
from storage.tickets.audit import BY_TIMER
from tests.support import blocks
from tests.support.questions import DELIVERY
from tests.support.trackers import JIRA_TOKEN, TOKEN, Trackers, trackers_at_work
from tests.support.workspace import Workspace

KINDS = ("github", "jira")
TRACKER = {
    "github": """
[trackers.github]
kind = "github"
project = "acme/shop"
url = "{url}"
token = "GITHUB_TOKEN"
""",
    "jira": """
[trackers.jira]
kind = "jira"
project = "SHOP"
url = "{url}"
token = "JIRA_TOKEN"
""",
}
COMPLAINT = "This is the worst shop ever, I want to talk to a person now!"
KEY = {"github": "1", "jira": "SHOP-1"}


@pytest.fixture
async def trackers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Trackers]:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("JIRA_TOKEN", JIRA_TOKEN)
    async with trackers_at_work() as opened:
        yield opened


async def asked(place: Workspace, trackers: Trackers, *kinds: str) -> int:
    """A desk with trackers, and one ticket; its number."""
    await place.start("".join(TRACKER[each].format(url=trackers.url) for each in kinds))
    await place.hears(place.linh, COMPLAINT)
    (ticket,) = await place.tickets()
    return ticket.ticket_id


async def says(place: Workspace, text: str) -> str:
    return (await place.asks(place.mai, text)).text


def shown(place: Workspace) -> str:
    return blocks.shown(place.cards()[0].blocks)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_agent_makes_an_issue_and_follows_it(
    place: Workspace, trackers: Trackers, kind: str
) -> None:
    """With the ticket's title and the agent's words; the card leads to it; its state comes back."""
    number = await asked(place, trackers, kind)
    said = await says(place, f"issue {number} The map is wrong since Monday")
    await place.settled()
    (ticket,) = await place.tickets()
    now = utc_now()

    assert KEY[kind] in said
    assert f"|{KEY[kind]}>" in said
    (made,) = trackers.issues
    assert made["title"] == ticket.title
    assert "The map is wrong since Monday" in made["body"]
    assert f"message_ts={ticket.thread_ts}" in made["body"]
    assert COMPLAINT not in made["body"]
    assert ticket.link is not None
    assert ticket.link in shown(place)
    await place.strikes("issues", now + timedelta(minutes=5))
    made["state"] = {"github": "closed", "jira": "Done"}[kind]
    made["why"] = "not_planned"
    for minutes in (10, 15):
        await place.strikes("issues", now + timedelta(minutes=minutes))
    await place.settled()
    state = {"github": "closed (not planned)", "jira": "Done"}[kind]
    told = place.slack.transcript(place.agents)
    assert told.count(f"{kind} {KEY[kind]} is {state} now.") == 1
    assert f"{kind} {KEY[kind]} is" not in place.slack.transcript(place.orders)
    assert told.count(f"{kind} {KEY[kind]} is ") == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_ticket_has_one_issue(place: Workspace, trackers: Trackers, kind: str) -> None:
    """Whoever is second reads that there is one."""
    number = await asked(place, trackers, kind)
    await says(place, f"issue {number}")
    again = await says(place, f"issue {number}")

    assert "linked already" in again
    assert len(trackers.issues) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_an_issue_whose_answer_was_lost_is_found_again(
    place: Workspace, trackers: Trackers, kind: str
) -> None:
    """It is not made a second time; nobody makes another meanwhile."""
    number = await asked(place, trackers, kind)
    trackers.lost = 1
    lost = await says(place, f"issue {number}")
    soon = await says(place, f"issue {number}")
    await place.running.store.write(_begun_earlier, number)
    later = await says(place, f"issue {number}")

    assert "may have been made" in lost
    assert "being made" in soon
    assert KEY[kind] in later
    assert len(trackers.issues) == 1


async def test_a_lost_issue_is_found_among_all_that_came_since(
    place: Workspace, trackers: Trackers
) -> None:
    """Behind a page of others; neither a longer number nor a pull request is taken for it."""
    number = await asked(place, trackers, "github")
    trackers.lost = 1
    await says(place, f"issue {number}")
    mark = trackers.issues[0]["body"].rpartition("<!-- ")[2].removesuffix(" -->")
    trackers.make("another ticket", f"<!-- {mark}0 -->", "open")
    trackers.make("a change", f"<!-- {mark} -->", "open")
    trackers.issues[-1]["pull_request"] = {}
    for _ in range(120):
        trackers.make("an update", "", "open")
    await place.running.store.write(_begun_earlier, number)
    said = await says(place, f"issue {number}")

    assert "|1>" in said
    assert len(trackers.issues) == 123


async def test_a_doubt_is_not_forgotten_while_slack_is_silent(
    place: Workspace, trackers: Trackers
) -> None:
    """Otherwise a second issue would be made of what is private for all that is known."""
    number = await asked(place, trackers, "github")
    trackers.lost = 1
    await says(place, f"issue {number}")
    await place.running.store.write(_begun_earlier, number)
    # What was known of the channel is forgotten with the process.
    await place.stop()
    await place.start(TRACKER["github"].format(url=trackers.url))
    place.slack.faults.add("conversations.info", "error", times=None)
    silent = await says(place, f"issue {number}")
    place.slack.faults.clear()
    await place.running.store.write(_begun_earlier, number)
    said = await says(place, f"issue {number}")

    assert "is private" in silent
    assert "|1>" in said
    assert len(trackers.issues) == 1


async def test_a_doubt_ends_where_the_tracker_was_searched(
    place: Workspace, trackers: Trackers
) -> None:
    """Nothing was made, and what it refuses now was refused for sure."""
    number = await asked(place, trackers, "github")
    trackers.statuses = [503]
    await says(place, f"issue {number}")
    await place.running.store.write(_begun_earlier, number)
    trackers.refuses = 410
    refused = await says(place, f"issue {number}")
    trackers.refuses = 0
    said = await says(place, f"issue {number}")

    assert "it answered 410: Issues are disabled. No issue was made." in refused
    assert "|1>" in said


async def test_one_issue_that_is_refused_holds_up_no_other(
    place: Workspace, trackers: Trackers
) -> None:
    """It may have been moved; what has become of the next is told at the same look."""
    await asked(place, trackers, "github")
    await place.hears(place.linh, COMPLAINT)
    for ticket in await place.tickets():
        await says(place, f"issue {ticket.ticket_id}")
    trackers.issues[1]["state"] = "closed"
    trackers.statuses = [422]
    await place.strikes("issues", utc_now() + timedelta(minutes=5))
    await place.settled()

    assert "github 2 is closed now." in place.slack.transcript(place.agents)


def _begun_earlier(session: Any, number: int) -> None:
    session.get(issues.IssueRow, number).begun_at -= timedelta(minutes=3)


@pytest.mark.parametrize(("status", "doubtful"), [(401, False), (422, False), (503, True)])
async def test_a_tracker_that_refuses_is_a_sentence(
    place: Workspace, trackers: Trackers, status: int, *, doubtful: bool
) -> None:
    """What was refused for sure can be asked again at once."""
    number = await asked(place, trackers, "github")
    trackers.statuses = [status]
    said = await says(place, f"issue {number}")
    again = await says(place, f"issue {number}")

    assert f"github: it answered {status}" in said
    assert ("may have been made" in said) == doubtful
    assert ("being made" in again) == doubtful
    assert len(trackers.issues) == (0 if doubtful else 1)


async def test_of_a_private_ticket_no_issue_is_made(place: Workspace, trackers: Trackers) -> None:
    """Nor where Slack does not say; but where the tracker is as private."""
    await place.start(TRACKER["github"].format(url=trackers.url))
    secret = place.slack.add_channel("board", members=[place.linh], private=True)
    await place.linh.post(secret, DELIVERY)
    await place.settled()
    (ticket,) = await place.tickets()
    refused = await says(place, f"issue {ticket.id}")
    await place.stop()
    await place.start(TRACKER["github"].format(url=trackers.url) + "private = true\n")
    made = await says(place, f"issue {ticket.id}")

    assert "is private" in refused
    assert "has an issue" in made


async def test_with_two_trackers_the_agent_says_which(place: Workspace, trackers: Trackers) -> None:
    """And without any reads that there is none; a customer may not ask at all."""
    number = await asked(place, trackers, "github", "jira")
    unsaid = await says(place, f"issue {number} It is broken")
    customer = (await place.asks(place.linh, f"issue {number}")).text
    said = await says(place, f"issue {number} jira It is broken")

    assert "one of github, jira" in unsaid
    assert "agents" in customer.lower()
    assert "SHOP-1" in said
    assert trackers.issues[0]["body"].startswith("It is broken")


async def test_a_desk_without_trackers_makes_none(place: Workspace) -> None:
    """It says so."""
    await place.start()
    await place.hears(place.linh, DELIVERY)
    (ticket,) = await place.tickets()

    assert "desk.toml names no [trackers]" in await says(place, f"issue {ticket.id}")


async def test_an_issue_that_is_gone_is_told_once(place: Workspace, trackers: Trackers) -> None:
    """And a tracker that does not answer tells nothing."""
    number = await asked(place, trackers, "github")
    await says(place, f"issue {number}")
    now: datetime = utc_now()
    trackers.statuses = [500]
    await place.strikes("issues", now + timedelta(minutes=5))
    for minutes in (10, 15):
        trackers.statuses = [404]
        await place.strikes("issues", now + timedelta(minutes=minutes))
    await place.settled()

    told = place.slack.transcript(place.agents)
    assert told.count("github 1 is not there any more") == 1
    assert "is open now" not in told


async def test_an_erased_ticket_s_issue_is_followed_no_more(
    place: Workspace, trackers: Trackers
) -> None:
    """Nothing of it stands anywhere, and nothing is said of it."""
    number = await asked(place, trackers, "github")
    await says(place, f"issue {number}")
    await place.running.store.write(erase_tickets, [number], BY_TIMER, utc_now())
    trackers.issues[0]["state"] = "closed"
    await place.strikes("issues", utc_now() + timedelta(minutes=5))
    await place.settled()

    assert "is closed now" not in place.slack.transcript(place.agents)


@pytest.mark.parametrize(
    "wrong",
    [
        'kind = "github"\nproject = "../acme/shop"\ntoken = "T_T"',
        'kind = "jira"\nproject = "SHOP"\ntoken = "T_T"',
        'kind = "jira"\nproject = "shop\\" OR 1=1"\nurl = "https://a.example"\ntoken = "T_T"',
        'kind = "github"\nproject = "a/b"\nurl = "http://a.example"\ntoken = "T_T"',
    ],
)
def test_what_is_no_tracker_is_wrong(place: Workspace, wrong: str) -> None:
    """By its key."""
    with pytest.raises(SettingsError, match=r"trackers\.x"):
        place.desk(f"[trackers.x]\n{wrong}\n")
