"""What an article must not tell, as a table."""

import pytest

from bot.nightly.personal_data import TicketPerson, check_privacy

LINH = TicketPerson(
    names=("Linh Nguyễn", "linh"),
    wrote="Đơn hàng LB-10482 chưa tới. Email linh.n@example.com, điện thoại 0912 345 678. #99871",
    thread="Đơn hàng LB-10482 chưa tới. #99871 Your order 55210 is the other one. RC1800 is fine.",
    orders=("VN777123",),
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("As with LB-10482, wait a day.", "order number"),
        ("As with lb10482, wait a day.", "order number"),
        ("Order 10482 was late.", "order number"),
        ("See #99871.", "order number"),
        ("See 99871 for details.", "order number"),
        ("Order 55210, named by the agent, is one too.", "order number"),
        ("What triage found: VN777123.", "order number"),
        ("Write to Linh.N@example.com.", "e-mail address"),
        ("Call 0912345678.", "phone number"),
        ("Call +84 912 345 678.", "phone number"),
        ("Call (0912) 345-678.", "phone number"),
        ("Dear Linh Nguyễn, peel it off.", "name"),
        ("Chào chị linh nguyen, gỡ lớp phim ra.", "name"),
        ("Linh asked about it.", "name"),
    ],
)
def test_what_belongs_to_the_customer_is_certain(text: str, kind: str) -> None:
    """Whatever way it is written."""
    assert (kind, True) in [(each.kind, each.certain) for each in check_privacy(text, LINH)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to help@lotus.example.", "e-mail address"),
        ("Call the shop at 028 3822 1234.", "phone number"),
        ("Call 415-555-0123.", "phone number"),
        ("The RC1800 has it too.", "order number"),
        ("Ask for Nguyễn at the counter.", "name"),
    ],
)
def test_what_only_looks_like_it_is_left_to_a_person(text: str, kind: str) -> None:
    """It may be the desk's own, a model of a product, or a common word."""
    assert [(each.kind, each.certain) for each in check_privacy(text, LINH)] == [(kind, False)]


@pytest.mark.parametrize(
    "text",
    [
        "Delivery takes 1 to 2 working days and costs 20,000 VND, or 30.000đ in 2026.",
        "Within 30 days, from 2026-10-01 14:30 on, call 1900 1234.",
        "Peel the film off, boil water once, pour it away. 100 points are worth 20000 VND.",
        "Sản phẩm này linh hoạt và dễ dùng.",
        "",
    ],
)
def test_what_an_article_is_made_of_passes(text: str) -> None:
    """Prices, days, dates, short numbers, and words that only look like the name."""
    assert check_privacy(text, LINH) == ()


def test_without_names_and_numbers_nothing_is_certain() -> None:
    """A customer whom nobody knows has nothing to give away."""
    assert not any(
        each.certain for each in check_privacy("Linh, LB-10482, 0912345678", TicketPerson())
    )
