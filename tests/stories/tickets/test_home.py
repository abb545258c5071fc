"""The Home: what a customer, an agent and an admin find there, and what an outsider cannot do."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.slack import Person
from emulator.slack.blockkit import problems
from handlers.views import home
from handlers.views.home import MOST, ROWS, HomePlace, read_home_place
from storage.db.columns import utc_now
from storage.tickets.tables import Ticket
from tests.stories.tickets.conftest import COMPLAINT, POLICY, QUESTION, Agents
from tests.support import blocks
from tests.support.workspace import Workspace


class Homes:
    """Opening Homes and pressing in them."""

    def __init__(self, agents: Agents) -> None:
        self.agents = agents
        self.slack = agents.place.slack

    async def open(self, person: Person) -> str:
        """Look at one's Home."""
        before = self.slack.home(person)
        await person.open_home()
        return await self._drawn(person, before.hash if before else None)

    async def press(self, person: Person, element: str, **chosen: Any) -> str:
        """Press or choose something there; the Home afterwards."""
        view = self.slack.home(person)
        assert view is not None
        before = view.hash
        await person.click(view, element, **chosen)
        return await self._drawn(person, before)

    async def _drawn(self, person: Person, before: str | None) -> str:
        def changed() -> bool:
            view = self.slack.home(person)
            return view is not None and view.hash != before

        await self.slack.until(changed)
        view = self.slack.home(person)
        assert view is not None
        return self.slack.render(view)


@pytest.fixture
async def homes(place: Workspace) -> Homes:
    """The desk at work, with Mai as its admin."""
    agents = Agents(place)
    budget = "\n[[budgets]]\nmonth = 50\n"
    await place.start(f'admins = ["{place.mai.id}"]\n{POLICY}{budget}')
    return Homes(agents)


async def test_a_customer_finds_their_tickets_and_a_button_for_each_category(
    homes: Homes,
) -> None:
    """And nobody else's tickets."""
    await homes.agents.asks(QUESTION)
    stranger = homes.slack.add_user("eve")

    own = await homes.open(homes.agents.linh)
    assert "T-1001" in own
    assert "[Track shipping]" in own
    assert "Queue" not in own
    assert "T-1001" not in await homes.open(stranger)


async def test_a_category_button_opens_the_form_with_it(homes: Homes) -> None:
    """What was pressed is chosen already."""
    await homes.open(homes.agents.linh)
    view = homes.slack.home(homes.agents.linh)
    assert view is not None
    await homes.agents.linh.click(view, "Complaint")
    await homes.slack.until(lambda: homes.slack.views(homes.agents.linh))

    (form,) = homes.slack.views(homes.agents.linh)
    menus = blocks.elements(form.blocks, "static_select")
    assert "complaint" in [blocks.chosen(each) for each in menus]


async def test_an_agent_goes_through_the_tabs(homes: Homes) -> None:
    """Queue, what is theirs, what is due soon, the figures; not the admin's."""
    await homes.agents.asks(QUESTION)
    complaint = await homes.agents.asks(COMPLAINT)
    duc = homes.agents.duc
    queue = await homes.open(duc)
    due = await homes.press(duc, "Due soon")
    await homes.agents.place.at(utc_now() + timedelta(minutes=2))
    due_later = await homes.press(duc, "Due soon")
    await homes.agents.press(duc, complaint, "Take")
    mine = await homes.press(duc, "Mine")
    stats = await homes.press(duc, "Stats")

    assert "T-1002" in queue
    assert "T-1001" not in queue
    assert "The desk" not in queue
    assert "Nothing is due" in due
    assert "T-1002" in due_later
    assert "T-1002" in mine
    assert "2 opened" in stats


async def test_filters_narrow_the_queue_down(homes: Homes) -> None:
    """By priority, by category, and what nobody has taken."""
    mai = homes.agents.mai
    complaint = await homes.agents.asks(COMPLAINT)
    await homes.open(mai)

    assert "T-1001" in await homes.press(mai, "home_intent", selected="complaint")
    assert "The queue is empty" in await homes.press(mai, "home_intent", selected="other")
    await homes.press(mai, "home_intent", selected="all")
    assert "The queue is empty" in await homes.press(mai, "home_priority", selected="low")
    await homes.press(mai, "home_priority", selected="all")
    await homes.agents.press(homes.agents.duc, complaint, "Take")
    assert "The queue is empty" in await homes.press(mai, "Without owner")
    assert "T-1001" in await homes.press(mai, "Everybody's")


async def test_pages_go_on_and_back(homes: Homes) -> None:
    """More than fits on one page."""
    for number in range(ROWS + 1):
        await homes.agents.asks(f"Where is my order {number}?")
    first = await homes.open(homes.agents.linh)
    second = await homes.press(homes.agents.linh, "home_next")

    assert "T-1001*" not in first
    assert "T-1001*" in second
    assert await homes.press(homes.agents.linh, "home_back") == first


async def test_an_admin_sees_the_desk_and_changes_how_far_the_bot_goes(homes: Homes) -> None:
    """From the next message on, and after a restart as well."""
    place = homes.agents.place
    await homes.open(homes.agents.mai)
    desk = await homes.press(homes.agents.mai, "The desk")
    changed = await homes.press(homes.agents.mai, "home_mode", selected="shadow")
    silent = await homes.agents.asks(QUESTION)

    assert "24 articles" in desk
    assert "$50.00 a month" in desk
    assert "All is well" in desk
    assert "set here" in changed
    assert place.replies(silent) == []


@pytest.mark.parametrize("who", ["linh", "duc"])
async def test_only_admins_change_a_channel(homes: Homes, who: str) -> None:
    """A menu that was forged into somebody's Home changes nothing and says why."""
    place = homes.agents.place
    person: Person = getattr(homes.agents, who)
    await homes.open(person)
    view = homes.slack.home(person)
    assert view is not None
    view.blocks.append(
        {
            "type": "section",
            "block_id": f"mode:{place.orders.id}",
            "text": {"type": "mrkdwn", "text": "forged"},
            "accessory": home.channel_menus(
                [home.ChannelSetting(place.orders.id, "auto", changed=False)]
            )[0]["accessory"],
        }
    )
    shown = await homes.press(person, "home_mode", selected="off")
    answered = await homes.agents.asks(QUESTION)

    assert "Only the desk's admins" in shown
    assert place.replies(answered)


async def test_a_ticket_is_shown_to_those_who_may_see_it(homes: Homes) -> None:
    """Show opens it; a forged number opens nothing and says why."""
    await homes.slack.add_user("eve").dm("My card number is 4711, I want a refund")
    await homes.agents.place.settled()
    await homes.agents.asks(QUESTION)
    await homes.open(homes.agents.linh)
    view = homes.slack.home(homes.agents.linh)
    assert view is not None
    forged = await homes.press(homes.agents.linh, "home_show", value="1001")
    await homes.open(homes.agents.linh)
    view = homes.slack.home(homes.agents.linh)
    assert view is not None
    await homes.agents.linh.click(view, "home_show")
    await homes.slack.until(lambda: homes.slack.views(homes.agents.linh))

    assert "no such ticket" in forged
    assert "T-1002" in homes.slack.render(homes.slack.views(homes.agents.linh)[0])


texts = st.text(max_size=4_000)


@settings(max_examples=40, deadline=None)
@given(title=texts, intent=texts, name=texts, notice=st.text(max_size=3_000))
def test_the_longest_texts_fit_into_slacks_limits(
    title: str, intent: str, name: str, notice: str
) -> None:
    """A full page with a full set of categories is a view that Slack takes."""
    now = utc_now()
    ticket = Ticket(
        id=10**9,
        team_id="T" * 20,
        channel_id="C" * 20,
        thread_ts="1",
        requester_id="U" * 20,
        assignee_id="U" * 20,
        title=title,
        intent=intent,
        due_at=now,
    )
    place = HomePlace("queue", starts=tuple(range(21)))
    intents = [f"i{number}" + "x" * 38 for number in range(60)]
    blocks = [
        *home.home_tabs(place, admin=True),
        *home.home_filters(place, intents),
        *home.category_buttons(name or "x", intents),
        *home.home_tickets([ticket] * ROWS, now, "nothing"),
        *home.page_buttons(place, 10**9),
    ]
    view = home.home_view(place, blocks, notice)

    assert problems(view["blocks"], MOST) == []


@given(st.text(max_size=200))
def test_a_place_that_was_forged_is_no_place(stored: str) -> None:
    """Whatever a Home carries, it is read or left aside."""
    place = read_home_place(stored)

    assert place is None or read_home_place(place.dump()) == place
