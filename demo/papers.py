"""What customers attach during the day: a screenshot, and a contract too long to read at once."""

from emulator.drawing import screenshot

SCREENSHOT = (
    "loi-thanh-toan.png",
    screenshot("Thanh toán không thành công.\nMình có thể thanh toán bằng những cách nào?"),
)

_NOTICE = "Either side may end this contract with a notice period of 45 days, in writing."
_CLAUSES = 420


def contract() -> tuple[str, bytes]:
    """A contract of some forty pages; what is asked about stands in one clause in its middle."""
    clauses = [
        f"Clause {number} says how the sets of lot {number} are packed, counted and carried."
        for number in range(1, _CLAUSES + 1)
    ]
    clauses.insert(_CLAUSES // 2, _NOTICE)
    return "gift-sets-contract.txt", "\n\n".join(clauses).encode()
