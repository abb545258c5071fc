"""What a reply proposes, read tolerantly."""

import pytest

from bot.gate.reply_kind import begun_proposal, read_proposal


@pytest.mark.parametrize(
    ("reply", "kind", "text"),
    [
        ("Delivery takes 2 days.", "answer", "Delivery takes 2 days."),
        ("[ask]\nWhich one?", "ask", "Which one?"),
        ("[ASK] Which one?", "ask", "Which one?"),
        ("\n**[ask]**\n\nWhich one?", "ask", "Which one?"),
        ("<out of scope>\nSorry.", "decline", "Sorry."),
        ("[out_of_scope]\nSorry.", "decline", "Sorry."),
        ("[Out-of-scope]: Sorry.", "decline", "Sorry."),
        ("[unknown]\nThe colour.", "unknown", "The colour."),
        ("[unknown]", "unknown", ""),
        ("unknown:\nThe colour.", "unknown", "The colour."),
        ("Ask\nWhich one?", "ask", "Which one?"),
        ("[answer]\nTwo days.", "answer", "Two days."),
        ("Ask our team in the app.", "answer", "Ask our team in the app."),
        ("Unknown parcels go back.", "answer", "Unknown parcels go back."),
        ("Ask", "answer", "Ask"),
        ("[note]\nTwo days.", "answer", "[note]\nTwo days."),
        ("", "answer", ""),
    ],
)
def test_the_first_line_says_what_is_proposed(reply: str, kind: str, text: str) -> None:
    """In brackets, bold, with a colon, or bare on a line of its own; anything else is an answer."""
    proposal = read_proposal(reply)

    assert (proposal.kind, proposal.text) == (kind, text)


@pytest.mark.parametrize(
    ("so_far", "kind"),
    [
        ("", None),
        ("[a", None),
        ("[out of sc", None),
        ("Delivery takes", None),
        ("Delivery takes 2 to 3 days", "answer"),
        ("Yes.\nDelivery", "answer"),
        ("[ask]\n", "ask"),
    ],
)
def test_a_beginning_is_not_shown_before_it_is_known_what_it_is(
    so_far: str, kind: str | None
) -> None:
    """A question must not stream as if it were an answer."""
    proposal = begun_proposal(so_far)

    assert (proposal.kind if proposal else None) == kind
