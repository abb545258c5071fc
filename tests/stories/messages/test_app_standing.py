"""Slack refuses the app itself: nothing fails, all waits, the agents hear of it, and it goes on."""

import pytest

from emulator.slack import Message
from tests.stories.answers.test_streaming import FIRST, REST
from tests.support import blocks
from tests.support.questions import DELIVERY, PERSON, WARRANTY
from tests.support.workspace import Workspace


def notices(place: Workspace) -> list[str]:
    """What the agents were told of Slack."""
    return [each.text for each in place.slack.messages(place.agents) if "Slack" in each.text]


def shown_home(place: Workspace) -> str:
    """What Mai's Home shows of the desk's health."""
    view = place.slack.home(place.mai)
    told = blocks.shown(view.blocks) if view is not None else ""
    return told.partition("*Health*")[2]


async def refused(place: Workspace, method: str = "chat.postMessage") -> None:
    """Wait until a call of the bot was refused."""
    await place.until(
        lambda: any(call.method == method and call.error for call in place.slack.calls)
    )


async def answered_once(place: Workspace, asked: Message) -> None:
    """The message has its answer, and the books know of no failure."""
    await place.settled()
    (answer,) = place.replies(asked)
    assert "working days" in answer
    row = await place.row(asked)
    assert row is not None
    assert row.outcome == "answered"
    assert (await place.balance()).failed == 0


@pytest.mark.parametrize(
    "code", ["token_revoked", "ekm_access_denied", "two_factor_setup_required"]
)
async def test_what_meets_a_refusal_of_the_app_waits(place: Workspace, code: str) -> None:
    """However long it takes, far over our patience: then it is said, once."""
    await place.start(slack_probe=0.05, slack_patience=0.2)
    place.slack.refuse_app(code)
    asked = await place.linh.post(place.orders, DELIVERY)
    await refused(place)
    await place.until(lambda: sum(call.method == "auth.test" for call in place.slack.calls) > 4)
    assert place.replies(asked) == []
    place.slack.accept_app()

    await answered_once(place, asked)


async def test_the_agents_hear_of_it_once_when_it_began_and_once_when_it_is_over(
    place: Workspace,
) -> None:
    """There is no way to tell them before; the alarm is kept until there is."""
    await place.start(slack_probe=0.05)
    place.slack.refuse_app("token_revoked")
    first = await place.linh.post(place.orders, DELIVERY)
    second = await place.linh.post(place.orders, DELIVERY)
    await refused(place)
    place.slack.accept_app()
    await answered_once(place, first)
    await answered_once(place, second)
    await place.until(lambda: len(notices(place)) == 2)

    began, over = notices(place)
    assert "Slack refuses the app" in began
    assert "token_revoked" in began
    assert "It is over" in over


async def test_a_restart_while_the_app_is_refused_loses_nothing(place: Workspace) -> None:
    """What waits is written down, and said by the next process."""
    await place.start(slack_probe=0.05, stop_grace=0)
    place.slack.refuse_app("account_inactive")
    asked = await place.linh.post(place.orders, DELIVERY)
    await refused(place)
    await place.stop()
    place.slack.accept_app()
    await place.start()
    await place.resumed()

    await answered_once(place, asked)


async def test_a_file_that_the_token_does_not_open_any_more_is_read_later(
    place: Workspace,
) -> None:
    """A sign-in page in its place says nothing about the file, when the app is refused."""
    await place.start(slack_probe=0.05)
    fault = place.slack.faults.add("url_private", "delay", seconds=0.3)
    asked = await place.linh.post(
        place.orders, DELIVERY, files=[("order.txt", b"Order PARROT-4471")]
    )
    await place.until(lambda: not place.slack.faults.calls or fault.times == 0)
    place.slack.refuse_app("token_revoked")
    await refused(place, "auth.test")
    place.slack.accept_app()

    await answered_once(place, asked)
    assert "PARROT-4471" in str([call.body for call in place.claude.calls])


async def test_an_event_that_says_so_is_not_believed_but_looked_into(place: Workspace) -> None:
    """The app is removed: the alarm stands before anybody asks anything."""
    await place.start(slack_probe=0.05)
    await place.slack.uninstall_app()
    await refused(place, "auth.test")
    place.slack.accept_app()
    await place.until(lambda: len(notices(place)) == 2)

    assert "account_inactive" in notices(place)[0]


async def test_an_event_about_another_token_changes_nothing(place: Workspace) -> None:
    """Slack was asked, and takes the app."""
    await place.start()
    place.slack.send_event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    asked = await place.linh.post(place.orders, DELIVERY)

    await answered_once(place, asked)
    assert notices(place) == []


async def test_a_missing_scope_stops_the_calls_that_need_it_and_no_others(
    place: Workspace,
) -> None:
    """👀 cannot be set: the answer comes all the same, and the agents hear what is missing."""
    await place.start()
    place.slack.faults.add("reactions.add", "error", times=None, code="missing_scope")
    asked = await place.linh.post(place.orders, DELIVERY)

    await answered_once(place, asked)
    await place.until(lambda: notices(place))
    assert "reactions.add" in notices(place)[0]
    place.slack.faults.clear()
    await place.hears(place.linh, WARRANTY)
    await place.until(lambda: len(notices(place)) == 2)
    assert "It is over" in notices(place)[1]


async def test_a_post_that_lacks_its_scope_waits_for_it(place: Workspace) -> None:
    """Nothing is final about a permission that can be given."""
    await place.start(slack_patience=0.1)
    place.slack.faults.add("chat.postMessage", "error", times=2, code="missing_scope")
    asked = await place.linh.post(place.orders, DELIVERY)

    await answered_once(place, asked)


@pytest.mark.parametrize("code", ["ratelimited", "rate_limited"])
async def test_a_rate_limit_in_a_word_is_waited_for(place: Workspace, code: str) -> None:
    """Slack may say so with status 200."""
    await place.start()
    place.slack.faults.add("chat.postMessage", "error", times=2, code=code, retry_after=0.05)
    asked = await place.linh.post(place.orders, DELIVERY)

    await answered_once(place, asked)
    assert notices(place) == []


async def test_a_rate_limit_in_a_word_may_last_longer_than_our_patience(place: Workspace) -> None:
    """It is a state of the app: whatever meets it waits, and nothing counts as failed."""
    await place.start(slack_patience=0.2)
    place.slack.faults.add(
        "chat.postMessage", "error", times=1, code="ratelimited", retry_after=1.5
    )
    first = await place.linh.post(place.orders, DELIVERY)
    await refused(place)
    second = await place.linh.post(place.orders, DELIVERY)

    await answered_once(place, first)
    await answered_once(place, second)


@pytest.mark.parametrize("code", ["internal_error", "ratelimited", "team_access_not_granted"])
async def test_a_first_answer_that_is_for_now_only_is_asked_for_again(
    place: Workspace, code: str
) -> None:
    """The start waits, and what is asked then is answered."""
    place.slack.faults.add("auth.test", "error", times=1, code=code)
    await place.start()
    asked = await place.linh.post(place.orders, DELIVERY)

    await answered_once(place, asked)


async def test_what_a_person_said_waits_as_well(place: Workspace) -> None:
    """An agent's answer from under a card is said when Slack takes the app again."""
    await place.start(slack_probe=0.05)
    asked = await place.hears(place.linh, PERSON)
    (card,) = [each for each in place.cards() if "T-1001" in each.text]
    place.slack.refuse_app("token_revoked")
    await place.mai.reply(card, "> On its way.")
    await place.until(lambda: place.slack.delivered)
    place.slack.accept_app()
    await place.settled()

    assert place.replies(asked).count("*mai:* On its way.") == 1


async def test_the_sign_that_it_is_on_its_way_waits_too(place: Workspace) -> None:
    """It comes at the next look, also after a restart; a note gets none."""
    await place.start(slack_probe=0.05)
    await place.hears(place.linh, PERSON)
    (card,) = [each for each in place.cards() if "T-1001" in each.text]
    place.slack.refuse_app("token_revoked")
    said = await place.mai.reply(card, "> On its way.")
    note = await place.mai.reply(card, "It is on its way.")
    await refused(place, "reactions.add")
    place.slack.accept_app()
    await place.settled()
    assert said.reactions == {}
    await place.stop()
    await place.start()
    await place.until(lambda: said.reactions)

    assert list(said.reactions) == ["outbox_tray"]
    assert note.reactions == {}


async def test_the_home_says_how_the_app_stands(place: Workspace) -> None:
    """An admin reads which call Slack does not let the app make."""
    await place.start(f'admins = ["{place.mai.id}"]\n')
    place.slack.faults.add("reactions.add", "error", times=None, code="missing_scope")
    await place.hears(place.linh, DELIVERY)
    await place.mai.open_home()
    await place.until(lambda: place.slack.home(place.mai))
    front = place.slack.home(place.mai)
    assert front is not None
    await place.mai.click(front, "The desk")
    await place.until(lambda: "call reactions.add" in shown_home(place))

    assert "Something needs a look" in shown_home(place)


async def test_an_answer_that_is_being_written_is_finished_when_the_app_is_taken_again(
    place: Workspace,
) -> None:
    """The token goes in the middle of a stream; the message is completed, and there is one."""
    place.streams = ("track_shipping",)
    await place.start(slack_probe=0.05, slack_patience=0.3)
    held = place.claude.faults.add("stream_hold", text=FIRST + REST, cited=True, after=1)
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: place.replies(asked))
    await held.struck.wait()
    place.slack.refuse_app("token_revoked")
    held.released.set()
    await place.until(lambda: sum(call.method == "auth.test" for call in place.slack.calls) > 2)
    place.slack.accept_app()

    await answered_once(place, asked)
    assert REST in place.replies(asked)[0]
