"""The same question in other words, and other questions in the same words."""

import pytest

from bot.tickets.incident_links import has_grown
from bot.tickets.incidents import SAME, find_incident, similarity
from storage.tickets.incidents import LinkedTickets
from storage.tickets.values import Incident, IncidentQuestion

DOWN = "The payment page is down"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DOWN, "payment page down"),
        (DOWN, "Hi team, the payment page is down again, please help!"),
        (DOWN, "PAYMENT PAGE IS DOWN!!!"),
        ("I can't log in to my account", "cannot log in to account"),
        ("How do I reset my password?", "how can I reset my password please"),
        ("Payments fail with error 502", "payment fails with error 502"),
        ("Không đăng nhập được ứng dụng", "khong dang nhap duoc ung dung"),
        ("Shop ơi, ứng dụng không đăng nhập được ạ", "Ứng dụng không đăng nhập được"),
        ("Parcel DH10234 was not delivered", "parcel #98771 wasn't delivered"),
        ("Trang thanh toán bị lỗi", "trang thanh toan loi roi shop oi"),
        ("The app does not open", "App doesn't open"),
        ("Payment fails with my card", "payment failed with my card :sob:"),
        ("The payment page keeps crashing", "payment page crashes\nSent from my iPhone"),
    ],
)
def test_near_duplicates(one: str, other: str) -> None:
    """Courtesies, marks, endings, spelling of «not» and order numbers make no difference."""
    assert similarity(one, other) >= SAME
    assert similarity(other, one) == similarity(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I cannot log in", "I cannot log out"),
        ("Please track my order", "Please cancel my order"),
        ("How long is the warranty on a fan?", "How long is the warranty on a rice cooker?"),
        ("Do you deliver to Hanoi?", "Do you deliver to Da Nang?"),
        ("Are you open on Saturday?", "Are you open on Sunday?"),
        ("The app works", "The app does not work"),
        ("Payments fail with error 502", "Payments fail with error 404"),
        ("I want a refund", "I want an invoice"),
        ("Phí giao hàng là bao nhiêu?", "Phí bảo hành là bao nhiêu?"),
        ("Đơn hàng đã giao chưa", "Đơn hàng hủy chưa"),
        ("Where is my order DH10234?", "where is my order #98771"),
        ("help", "help"),
        ("hi there", "hi there"),
        ("", ""),
        ("DH10234", "DH10234"),
    ],
)
def test_false_friends(one: str, other: str) -> None:
    """One telling word makes another question; without telling words there is none."""
    assert similarity(one, other) < SAME


def asked(number: int, who: str, text: str = DOWN, incident: int | None = None) -> IncidentQuestion:
    return IncidentQuestion(number, who, text, incident)


@pytest.mark.parametrize(
    ("now", "earlier", "found"),
    [
        (asked(3, "C"), [asked(1, "A"), asked(2, "B")], Incident(1, (2, 3), begins=True)),
        (asked(2, "B"), [asked(1, "A")], None),
        (asked(3, "A"), [asked(1, "A"), asked(2, "A")], None),
        (asked(3, "B"), [asked(1, "A"), asked(2, "A")], None),
        (asked(4, "C"), [asked(1, "A"), asked(2, "A"), asked(3, "B")],
         Incident(1, (2, 3, 4), begins=True)),
        (asked(4, "D"), [asked(1, "A", incident=1), asked(2, "B", incident=1)], Incident(1, (4,))),
        (asked(4, "A"), [asked(1, "A", incident=1), asked(2, "B", incident=1)], Incident(1, (4,))),
        (asked(1, "A"), [asked(1, "A", incident=1), asked(2, "B", incident=1)], None),
        (asked(3, "C"), [asked(1, "A"), asked(2, "B", "Where is my order?")], None),
        (asked(3, "C"), [], None),
        (asked(1, "C"), [asked(2, "A"), asked(3, "B")], Incident(1, (2, 3), begins=True)),
    ],
)  # fmt: skip
def test_when_it_is_an_incident(
    now: IncidentQuestion, earlier: list[IncidentQuestion], found: Incident | None
) -> None:
    """Three people make one; the oldest ticket stands for all, and more are linked to it."""
    assert find_incident(now, earlier, 3) == found


def test_how_many_people_it_takes_is_the_desks_choice() -> None:
    """And 0 is never."""
    pair = asked(2, "B"), [asked(1, "A")]
    assert find_incident(*pair, 2) == Incident(1, (2,), begins=True)
    assert find_incident(*pair, 0) is None
    assert find_incident(asked(9, "Z"), [asked(n, f"U{n}") for n in range(1, 9)], 0) is None


def test_the_card_of_an_incident_is_drawn_at_3_10_30_100_and_so_on() -> None:
    """However many more come one by one in between."""
    grown = [size for size in range(2, 2_000) if has_grown(LinkedTickets((7,), 1, size))]
    assert grown == [3, 10, 30, 100, 300, 1_000]


@pytest.mark.parametrize(
    ("parts", "members", "begins", "grown"),
    [(4, 5, True, True), (4, 12, False, True), (2, 12, False, False), (0, 12, False, False)],
)
def test_several_that_are_linked_at_once_are_looked_at_together(
    parts: int, members: int, begins: bool, grown: bool
) -> None:
    """What matters is whether one of those counts was reached on the way."""
    linked = LinkedTickets(tuple(range(parts)), 1, members, "note" if begins else None)
    assert has_grown(linked) is grown
