"""The same question from many people: one ticket stands for all, and the agents hear of it once."""

from datetime import timedelta

from emulator.slack import Message
from handlers.views.ids import FieldId
from tests.support import blocks
from tests.support.workspace import Workspace

DOWN = "The payment page is down with error 502"
AGAIN = ("payment page is down, error 502!", "Hello team, the payment page is down: error 502")
OTHER = "How long is the warranty on a rice cooker?"


async def asked_by_many(desk: Workspace, *texts: str) -> list[Message]:
    """Each text by a person of its own, one after the other."""
    messages = []
    for number, text in enumerate(texts):
        person = desk.slack.add_user(f"customer{number}")
        await person.join(desk.orders)
        messages.append(await desk.hears(person, text))
    return messages


def notes(desk: Workspace, word: str) -> list[Message]:
    return [
        each
        for card in desk.cards()
        for each in desk.slack.thread(card)
        if each.thread_ts and word in each.text
    ]


def standing(desk: Workspace, note: Message) -> Message:
    """The card that a note stands under, as it is now."""
    return next(each for each in desk.cards() if each.ts == note.thread_ts)


async def test_three_people_with_one_question_are_an_incident(desk: Workspace) -> None:
    """Linked to the first one's ticket; the agents are told once, whoever comes later."""
    first, *others = await asked_by_many(desk, DOWN, *AGAIN)
    assert len(notes(desk, "looks like an incident")) == 1
    fourth = (await asked_by_many(desk, DOWN.lower()))[0]
    stranger = (await asked_by_many(desk, OTHER))[0]

    parent = await desk.ticket(first)
    assert parent is not None
    linked = [await desk.ticket(each) for each in (*others, fourth)]
    assert [each and each.incident_id for each in linked] == [parent.id] * 3
    alone = await desk.ticket(stranger)
    assert alone is not None
    assert alone.incident_id is None
    (note,) = notes(desk, "looks like an incident")
    assert note.broadcast
    card = next(each for each in desk.cards() if each.ts == note.thread_ts)
    # It is drawn anew at ten; the command counts at once.
    assert "incident: 2 more tickets" in blocks.shown(card.blocks)
    shown = await desk.asks(desk.mai, str(parent.id))
    assert all(each and each.number in blocks.shown(shown.blocks) for each in linked)


async def test_one_person_who_asks_again_and_again_is_none(desk: Workspace) -> None:
    """It takes different people."""
    for text in (DOWN, *AGAIN):
        await desk.hears(desk.linh, text)

    assert notes(desk, "incident") == []
    assert {each.incident_id for each in await desk.tickets()} == {None}


async def test_all_of_them_are_told_at_once(desk: Workspace) -> None:
    """When the ticket that stands for all is solved it is offered; each customer hears it once."""
    messages = await asked_by_many(desk, DOWN, *AGAIN)
    (note,) = notes(desk, "looks like an incident")
    card = next(each for each in desk.cards() if each.ts == note.thread_ts)
    await desk.mai.click(card, "Solve")
    await desk.settled()
    assert len(notes(desk, "2 more people asked the same")) == 1
    await desk.mai.reply(card, "?tellall The payment page works again.")
    await desk.settled()

    told = [[said for said in desk.replies(each) if "works again" in said] for each in messages]
    assert [len(each) for each in told] == [1, 1, 1]
    assert len(desk.keys()) == len(set(desk.keys()))


async def test_a_command_tells_all_as_well(desk: Workspace) -> None:
    """`/ticket tellall` with a number of the incident's is the thread command; agents only."""
    messages = await asked_by_many(desk, DOWN, *AGAIN)
    number = max(each.incident_id or 0 for each in await desk.tickets())
    refused = await desk.asks(desk.linh, f"tellall {number} Nonsense.")
    done = await desk.asks(desk.mai, f"tellall {number} The payment page works again.")
    await desk.settled()

    assert refused.text.startswith("Only the desk's agents")
    assert done.text == "On its way to the customers of 3 tickets."
    told = [[said for said in desk.replies(each) if "works again" in said] for each in messages]
    assert [len(each) for each in told] == [1, 1, 1]


async def test_the_card_of_an_incident_tells_all_as_well(desk: Workspace) -> None:
    """Its button opens a form; an empty one is refused beside its field, a filled one goes out."""
    messages = await asked_by_many(desk, DOWN, *AGAIN)
    (note,) = notes(desk, "looks like an incident")
    others = [each for each in desk.cards() if each.ts != note.thread_ts]
    await desk.mai.click(standing(desk, note), "Solve")
    await desk.settled()
    await desk.mai.click(standing(desk, note), "Tell all 3…")
    await desk.settled()
    form = desk.slack.views(desk.mai)[-1]
    empty = await desk.mai.submit(form, {FieldId.TEXT: " "})
    await desk.mai.submit(form, {FieldId.TEXT: "The payment page works again."})
    await desk.settled()

    assert FieldId.TEXT in empty.errors
    told = [[said for said in desk.replies(each) if "works again" in said] for each in messages]
    assert [len(each) for each in told] == [1, 1, 1]
    assert not any("Tell all" in label for each in others for label in blocks.buttons(each.blocks))


async def test_there_is_nobody_to_tell_without_an_incident(desk: Workspace) -> None:
    """The agent is told so, and nothing goes out."""
    asked = await desk.hears(desk.linh, DOWN)
    (card,) = desk.cards()
    await desk.mai.reply(card, "?tellall It works again.")
    await desk.settled()

    assert "works again" not in "".join(desk.replies(asked))
    assert "nothing is linked to it" in desk.slack.ephemerals[-1].text


async def test_switched_off_or_far_apart_nothing_is_linked(place: Workspace) -> None:
    """`people = 0`; and what was asked longer ago than `minutes` counts for nothing."""
    await place.start("[incidents]\npeople = 0\n")
    await asked_by_many(place, DOWN, *AGAIN)
    assert {each.incident_id for each in await place.tickets()} == {None}
    assert timedelta(minutes=place.running.desk.incidents.minutes) == timedelta(hours=1)
