"""Figures of the customer's beside the desk's: what is true by reckoning may be said."""

import pytest

from bot.gate.gate import find_faults
from tests.rules.gate.gate_tables import grounding


@pytest.mark.parametrize(
    ("cites", "message", "true", "false"),
    [
        (
            "returns",
            "Can I return it, I have had it for 3 weeks?",
            "Yes, three weeks is still within the 30 days.",
            "I'm sorry, three weeks is more than the 30 days.",
        ),
        (
            "warranty",
            "my fan is 14 months old",
            "The warranty of a fan is one year, so after 14 months it has run out.",
            "Your fan of 14 months is still within its warranty of one year.",
        ),
        (
            "delivery",
            "what do I pay for an order of 480k",
            "480,000 VND is still below the 500,000 VND for free delivery.",
            "480,000 VND is above the 500,000 VND for free delivery.",
        ),
        (
            "delivery",
            "3 things at 200k each, free?",
            "Three items at 200,000 VND make 600,000 VND, which is above 500,000 VND.",
            "Three items at 200,000 VND make 550,000 VND, which is above 500,000 VND.",
        ),
        (
            "returns-vi",
            "mua 40 ngày rồi trả được không",
            "Dạ 40 ngày đã quá hạn 30 ngày rồi ạ.",
            "Dạ 40 ngày vẫn trong 30 ngày ạ.",
        ),
        (
            "offers",
            "what does a fan of 1,200,000 VND cost",
            "With 15% off, 1,200,000 VND become 1,020,000 VND.",
            "With 15% off, 1,200,000 VND become 1,000,000 VND.",
        ),
        (
            "payment-vi",
            "đơn 4tr5 trả góp 12 tháng",
            "Mỗi tháng mình trả 375.000đ trong 12 tháng ạ.",
            "Mỗi tháng mình trả 350.000đ trong 12 tháng ạ.",
        ),
        (
            "warranty",
            "cooker bought 10/2025",
            "Rice cookers have 24 months, so yours is covered until October 2027.",
            "Rice cookers have 24 months, so yours is covered until October 2028.",
        ),
        (
            "returns",
            "delivered on 25 October",
            "It was delivered on 25 October, so you can return it until 24 November.",
            "It was delivered on 25 October, so you can return it until 24 December.",
        ),
        (
            "contact",
            "I wrote on Friday",
            "Within one working day, so by Monday.",
            "Within one working day, so by Sunday.",
        ),
        (
            "offers",
            "are you open on Sunday at 6pm?",
            "On Sundays we close at 17:00, so 6 pm is an hour too late.",
            "On Sundays we close at 17:00, so 6 pm is two hours too late.",
        ),
        (
            "offers",
            "how long is the sale",
            "The sale lasts fifteen days, until 15 October 2026.",
            "The sale lasts twenty days, until 15 October 2026.",
        ),
        (
            "delivery-vi",
            "giỏ em đang 420k, thêm bao nhiêu thì free ship",
            "Mình mua thêm trên 80k nữa là được miễn phí giao hàng ạ.",
            "Mình mua thêm trên 90k nữa là được miễn phí giao hàng ạ.",
        ),
        (
            "warranty",
            "fan or cooker, which lasts",
            "Rice cookers are covered twice as long as fans.",
            "Rice cookers are covered three times as long as fans.",
        ),
    ],
)
def test_a_comparison_is_held_to_the_reckoning(
    cites: str, message: str, true: str, false: str
) -> None:
    """The same sentence passes where it is right, and is held back where it is not."""
    known = grounding(message, cites)
    assert find_faults(true, known) == ()
    assert find_faults(false, known)


@pytest.mark.parametrize(
    "answer",
    [
        "You have 60 days to return it.",
        "Yes, 60 days.",
        "Within 60 days of delivery you can return it.",
    ],
)
def test_the_customers_figure_becomes_no_rule_of_the_desks(answer: str) -> None:
    """What they believe is not made true by writing it."""
    assert find_faults(answer, grounding("I have 60 days, right?", "returns"))


def test_twice_the_price_is_measured_by_prices_alone() -> None:
    """Twenty minutes and forty make no price of thousands double."""
    known = grounding("express?", "delivery")
    assert find_faults("Express is twice the price of standard delivery.", known)
    assert find_faults("Express is three times the price of standard delivery.", known) == ()


def test_a_share_of_nothing_stops_no_judgement() -> None:
    """«0%» is a measure that nothing is divided by."""
    known = grounding("đơn 4kg trả góp thêm 2.000.000đ", "payment-vi", "cooker")
    assert find_faults("Trả góp 0% lãi suất, nồi 1.2 kg và 4kg là 2.000.000đ + 100.000đ.", known)


def test_orders_over_the_limit_say_nothing_of_an_order_below_it() -> None:
    """A word between two figures is no comparison of them unless the sentence makes one."""
    known = grounding("and for 450k?", "delivery")
    said = "An order of 450,000 VND is charged, since only orders over 500,000 VND are free."
    assert not [each for each in find_faults(said, known) if "wrongly" in each.told]
