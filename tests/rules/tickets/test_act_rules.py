"""The rules of acts, each as a table: what a ticket becomes, or the sentence that refuses it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.tickets import act_rules as rules
from bot.tickets.act_rules import LONGEST_ANSWER, MOST_TAGS, Actor
from bot.tickets.refusals import ActionRefused, refusal_text
from storage.actions.acts import Act, SeenTicket
from storage.tickets.changes import Conflict, NoTicket
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.tables import Ticket

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAI = Actor("UMAI", "card", "k1")
Rule = Callable[[SeenTicket], Act]


def ticket(number: int = 1001, **given: Any) -> Ticket:
    """A ticket of Linh's that is open and nobody's."""
    values = {"status": "open", "language": "en", "tags": [], "requester_id": "ULINH", **given}
    return Ticket(id=number, channel_id="C1", thread_ts="1.0", **values)


def seen(linked: tuple[Ticket, ...] = (), **given: Any) -> SeenTicket:
    return SeenTicket(ticket(**given), linked)


def draft(fate: str = "waiting", ticket_id: int = 1001) -> DraftRow:
    return DraftRow(message_key="T:C1:1.0", ticket_id=ticket_id, text=" Seven days. ", fate=fate)


def drafted(row: DraftRow | None, by: str | None = None) -> SeenTicket:
    """The ticket with a draft, and with what an agent sent of it, or the desk where it is empty."""
    sent = None if by is None else OutboxRow(key="d", ticket_id=1001, agent_id=by or None, text="S")
    return SeenTicket(ticket(), draft=row, sent=sent)


def always(_channel: str) -> bool:
    return True


def never(_channel: str) -> bool:
    return False


take = partial(rules.take_rule, actor=MAI)
resume = partial(rules.resume_rule, actor=MAI, speaks=always)
reopen = partial(rules.reopen_rule, actor=MAI)
dismiss = partial(rules.dismiss_rule, reason="spam", comment="")
file_as = partial(rules.recategorise_rule, category="refund_request", known={"refund_request"})
tell_all = partial(rules.tell_all_rule, actor=MAI, text="It works again.")
send = partial(rules.send_draft_rule, actor=MAI, text=None)
rate = partial(rules.rate_rule, rating="good", comment="")
ENDED = ("solved", "closed")
FULL = [f"t{number}" for number in range(MOST_TAGS)]


@pytest.mark.parametrize(
    ("rule", "found", "told"),
    [
        *((rule, seen(status=end), "re-open it first") for rule in (take, resume) for end in ENDED),
        *((dismiss, seen(status=end), "re-open it first") for end in ENDED),
        (take, seen(assignee_id="UMAI", human_since=NOON), "T-1001 is yours already"),
        (resume, seen(), "The bot is at work on T-1001 already"),
        (rules.solve_rule, seen(status="solved"), "T-1001 is solved already"),
        (reopen, seen(), "T-1001 is open already"),
        (reopen, seen(status="on_hold"), "T-1001 is open already"),
        (file_as, seen(intent="refund_request"), "T-1001 is refund_request already"),
        (partial(file_as, category="love"), seen(), "love is no category of this desk"),
        (tell_all, seen(), "T-1001 is no incident"),
        (send, drafted(None), "T-1001 has no such draft"),
        (send, drafted(draft(ticket_id=1002)), "T-1001 has no such draft"),
        (send, drafted(draft("sent"), by="UDUC"), "<@UDUC> has sent this draft already"),
        (send, drafted(draft("sent"), by=""), "Somebody has sent this draft already"),
        (send, drafted(draft("replaced")), "There is a newer draft on the card"),
        (send, drafted(draft("ignored")), "Somebody has answered without this draft"),
        (partial(send, text="x" * (LONGEST_ANSWER + 1)), drafted(draft()), "please send two"),
        (partial(rules.tag_rule, words=["#Billing,"]), seen(tags=["billing"]), "no new tag"),
        (partial(rules.tag_rule, words=["#", ","]), seen(), "no new tag"),
        (partial(rules.tag_rule, words=["more"]), seen(tags=FULL), f"room for {MOST_TAGS} tags"),
        (partial(rate, actor=MAI), seen(), "Only the person who asked"),
    ],
)
def test_what_is_not_possible_is_refused_with_its_reason(
    rule: Rule, found: SeenTicket, told: str
) -> None:
    """Nothing is answered, so nothing is written."""
    with pytest.raises(ActionRefused, match=told):
        rule(found)


@pytest.mark.parametrize(
    ("rule", "found", "to"),
    [
        (resume, seen(human_since=NOON), {"human_since": None, "assignee_id": None}),
        (rules.solve_rule, seen(), {"status": "solved"}),
        (rules.solve_rule, seen(status="closed"), {"status": "solved"}),
        (
            reopen,
            seen(status="closed", tags=["billing", "not_a_request"]),
            {"status": "open", "tags": ["billing"]},
        ),
        (file_as, seen(intent="complaint"), {"intent": "refund_request"}),
        (dismiss, seen(tags=["x"]), {"status": "closed", "tags": ["x", "not_a_request"]}),
        (
            partial(rules.tag_rule, words=["#VIP,", "vip", "Late"]),
            seen(tags=["x"]),
            {"tags": ["x", "vip", "late"]},
        ),
        (partial(rate, actor=Actor("ULINH", "thread", "k")), seen(), {}),
    ],
)
def test_what_is_possible_says_what_the_ticket_becomes(
    rule: Rule, found: SeenTicket, to: dict[str, Any]
) -> None:
    """The columns and their values; the store writes them with their audit."""
    assert dict(rule(found).to) == to


def test_whoever_takes_a_ticket_expects_it_to_be_nobodys() -> None:
    """So the second of two finds out; one's own is taken again without that."""
    free, own = take(seen()), take(seen(assignee_id="UMAI"))

    assert (free.to["assignee_id"], free.expecting) == ("UMAI", {"assignee_id": None})
    assert own.expecting == {"assignee_id": "UMAI"}
    assert own.to["human_since"] is not None


@pytest.mark.parametrize(
    ("before", "after"), [("open", "pending"), ("on_hold", "on_hold"), ("solved", "pending")]
)
def test_after_a_reply_it_is_the_customers_turn(before: str, after: str) -> None:
    """Except where the ticket rests: then it rests on."""
    act = rules.reply_rule(seen(status=before, assignee_id="UDUC"), MAI, " On its way. ")

    assert (act.to["status"], act.to["assignee_id"]) == (after, "UDUC")
    assert act.says is not None
    assert (act.says.key, act.says.text, act.says.agent_id) == ("k1", "On its way.", "UMAI")
    assert act.ignores
    assert act.instead == " On its way. "


@pytest.mark.parametrize(("text", "said"), [(None, "Seven days."), (" Eight. ", "Eight.")])
def test_a_draft_is_sent_as_it_is_or_as_it_was_edited(text: str | None, said: str) -> None:
    """Under a key of its own, so that it goes out once."""
    act = send(drafted(draft()), text=text)

    assert act.sends == said
    assert act.says is not None
    assert (act.says.key, act.says.text) == ("draft:T:C1:1.0", said)


def test_a_ticket_that_gets_an_owner_is_in_a_persons_hands() -> None:
    """Unless it was already, or nobody gets it."""
    given = rules.edit_rule(seen(), {"assignee_id": None}, {"assignee_id": "UDUC"})
    held = rules.edit_rule(seen(human_since=NOON), {}, {"assignee_id": "UDUC"})
    freed = rules.edit_rule(seen(), {}, {"assignee_id": None})

    assert given.to["human_since"] is not None
    assert given.expecting == {"assignee_id": None}
    assert "human_since" not in held.to
    assert "human_since" not in freed.to


def test_all_of_an_incident_are_told_whichever_of_them_was_asked() -> None:
    """The one that stands for all, and each that is linked to it, under a key each."""
    parts = (ticket(1002, incident_id=1001), ticket(1003, incident_id=1001))
    by_parent, by_part = tell_all(seen(parts)), tell_all(seen(parts, number=1002, incident_id=1001))

    assert [row.ticket_id for row in by_parent.tells] == [1001, 1002, 1003]
    assert [row.key for row in by_part.tells] == [row.key for row in by_parent.tells]


@pytest.mark.parametrize(("speaks", "lines"), [(always, 1), (never, 0)])
def test_the_desk_says_nothing_of_its_own_where_it_may_not_speak(
    speaks: Callable[[str], bool], lines: int
) -> None:
    """The ticket changes all the same."""
    resumed = rules.resume_rule(seen(human_since=NOON), MAI, speaks)
    merged = rules.merge_rule(SeenTicket(ticket(), target=ticket(1002)), MAI, speaks)

    assert (len(resumed.tells), len(merged.tells)) == (lines, lines)
    assert merged.merges
    assert all("T-1002" in row.text for row in merged.tells)


def test_a_later_rating_counts_in_place_of_an_earlier_one() -> None:
    """One key a ticket."""
    linh = Actor("ULINH", "thread", "k")
    [first] = rate(seen(), actor=linh).judgements
    [second] = rules.rate_rule(seen(), linh, "bad", "too late").judgements

    assert first.key == second.key == "rating:1001"
    assert (second.after, second.comment) == ("bad", "too late")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ActionRefused("No."), "No."),
        (NoTicket("There is no ticket T-7."), "There is no ticket T-7."),
        (
            Conflict("owner", "UDUC", "UDUC", NOON),
            "<@UDUC> was faster: the owner is UDUC now. Nothing was changed.",
        ),
        (
            Conflict("link", None, None, None),
            "It has changed in the meantime: the link is empty now. Nothing was changed.",
        ),
    ],
)
def test_a_refusal_is_a_sentence_with_the_one_who_was_faster(error: Exception, told: str) -> None:
    """Whatever an act raises for people to read."""
    assert refusal_text(error) == told
