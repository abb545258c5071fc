"""Slack's rate limits in force: nothing is sent that would be refused, and nothing is lost."""

import time

from emulator.slack.rates import Rates
from tests.support.questions import PERSON
from tests.support.workspace import Workspace

# A minute of Slack's passes in two seconds, for the workspace and for the bot.
FASTER = 30
CROWD = 30


async def test_a_crowd_that_asks_for_people_is_told_within_slacks_limits(place: Workspace) -> None:
    """Thirty at once: each is told once and has a card, and no call was refused."""
    place.slack.web.rates = Rates(lambda: time.monotonic() * FASTER)
    place.slack.rate_limits = True
    await place.start(slack_pace=FASTER)
    asked = [await place.linh.post(place.orders, f"{PERSON} ({number})") for number in range(CROWD)]
    await place.settled()
    await place.running.cards.wait_idle()

    assert [len(place.replies(each)) for each in asked] == [1] * CROWD
    assert len(place.cards()) == CROWD
    assert not [call for call in place.slack.calls if call.error == "ratelimited"]
