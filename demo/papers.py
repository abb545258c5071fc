"""What the customers of the day attach: a screenshot and a long agreement."""

from emulator.drawing import screenshot

PAYMENT = "Thanh toán không thành công\nTôi có thể thanh toán bằng những cách nào?"
TERMS = """Supply agreement between Lotus & Bamboo and its business customers.

The notice period of this agreement is 45 days, in writing, to the end of a month.

Business customers receive an invoice for every delivery and pay it within 30 days.
"""
CLAUSE = (
    "Clause {number}. The goods of delivery {number} are counted on arrival, and what is missing "
    "is reported within {days} working days, with the number of the parcel and a photograph of it."
)


def payment_error() -> bytes:
    """A picture of a shop's page that says that a payment failed."""
    return screenshot(PAYMENT)


def agreement() -> bytes:
    """Some 25 pages of text, more than goes into one part."""
    clauses = (CLAUSE.format(number=number, days=2 + number % 9) for number in range(1, 261))
    return "\n\n".join([TERMS, *clauses]).encode()
