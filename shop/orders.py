"""The shop's books in SQLite: customers, orders, shipments, refunds, invoices, what was done."""

import json
import sqlite3
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

JSON = dict[str, Any]

SAMPLE = Path(__file__).with_name("sample.toml")
STATUS: Mapping[str, Mapping[str, str]] = {
    "unpaid": {"en": "Waiting for payment", "vi": "Chờ thanh toán"},
    "packing": {"en": "Being packed", "vi": "Đang đóng gói"},
    "on_the_way": {"en": "On its way", "vi": "Đang vận chuyển"},
    "out_for_delivery": {"en": "Out for delivery", "vi": "Shipper đang giao"},
    "partly_delivered": {"en": "Partly delivered", "vi": "Đã giao một phần"},
    "delayed": {"en": "Delayed", "vi": "Giao trễ"},
    "delivered": {"en": "Delivered", "vi": "Đã giao"},
    "cancelled": {"en": "Cancelled", "vi": "Đã hủy"},
    "returned": {"en": "Return received", "vi": "Đã nhận hàng trả"},
    "under_way": {"en": "Refund under way", "vi": "Đang hoàn tiền"},
    "paid_out": {"en": "Refund paid out", "vi": "Đã hoàn tiền"},
}
OPEN = ("unpaid", "packing")

_TABLES = """
create table customers (email text primary key, name text, phone text, address text);
create table orders (number text primary key, customer text references customers, status text,
  placed text, until text, total integer, items text);
create table shipments (number text references orders, carrier text, tracking text,
  sent text, expected text, delivered text);
create table refunds (number text references orders, amount integer, status text, day text);
create table invoices (number text references orders, invoice text, total integer, day text);
create table effects (key text primary key, what text, number text, amount integer, half integer);
"""


class UnknownOrder(Exception):
    """No such order, or none of this customer's."""


class Refused(Exception):
    """The shop will not do it; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OrderBook:
    """The books, on the day given; `path` may be ":memory:". Made from `sample.toml` when new."""

    def __init__(self, path: Path | str = ":memory:", today: date | None = None) -> None:
        self.today = today or date.today()  # noqa: DTZ011 - a shop counts its own days
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        if not self._rows("select 1 from sqlite_master where name = 'orders'"):
            self._db.executescript(_TABLES)
            self._fill(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def order(self, number: str, customer: str | None = None, language: str = "en") -> JSON:
        """An order with its shipments and refunds; with a customer, one of theirs only.

        Raises:
            UnknownOrder: there is none.
        """
        row = self._row(number, customer)
        return {
            "number": row["number"],
            "customer": row["customer"],
            "status": row["status"],
            "status_text": _told(row["status"], language),
            "placed_on": row["placed"],
            "total": row["total"],
            "currency": "VND",
            "items": json.loads(row["items"]),
            "can_cancel": self._open(row),
            "can_refund": self._refundable(row),
            "cancel_until": row["until"] if self._open(row) else None,
            "shipments": [
                {
                    "carrier": each["carrier"],
                    "tracking": each["tracking"],
                    "sent_on": each["sent"],
                    "expected_on": None if each["delivered"] else each["expected"],
                    "delivered_on": each["delivered"],
                }
                for each in self._rows("select * from shipments where number = ?", row["number"])
            ],
            "refunds": [
                {
                    "amount": each["amount"],
                    "status_text": _told(each["status"], language),
                    "on": each["day"],
                }
                for each in self._rows("select * from refunds where number = ?", row["number"])
            ],
            "delivery": self._delivery(row["customer"]),
        }

    def orders_of(self, customer: str, language: str = "en") -> list[JSON]:
        """A customer's orders, the latest first, in short."""
        rows = self._rows(
            "select * from orders where customer = ? order by placed desc, number desc", customer
        )
        return [
            {
                "number": row["number"],
                "status_text": _told(row["status"], language),
                "placed_on": row["placed"],
                "total": row["total"],
            }
            for row in rows
        ]

    def invoice(self, number: str, customer: str | None = None) -> JSON:
        """The invoice of an order.

        Raises:
            UnknownOrder: there is no such order.
        """
        row = self._row(number, customer)
        found = self._rows("select * from invoices where number = ?", row["number"])[0]
        return {"invoice": found["invoice"], "total": found["total"], "on": found["day"]}

    def cancel(self, number: str, customer: str | None, key: str, *, half: bool = False) -> JSON:
        """Cancel an order, once for each key; `half` writes it down and leaves the order as it is.

        Raises:
            UnknownOrder: there is no such order.
            Refused: `too_late`, when it was sent or is over.
        """
        row = self._row(number, customer)
        if self._done(key):
            return self.order(number, customer)
        if not self._open(row):
            raise Refused("too_late")
        self._effect(key, "cancel", row["number"], row["total"], half=half)
        if not half:
            self._db.execute(
                "update orders set status = 'cancelled' where number = ?", (row["number"],)
            )
        return self.order(number, customer)

    def refund(self, number: str, customer: str | None, amount: int, key: str) -> JSON:
        """Refund a part of an order, once for each key; dong.

        Raises:
            UnknownOrder: there is no such order.
            Refused: `too_much`, when more was refunded than was paid.
        """
        row = self._row(number, customer)
        if not self._done(key):
            given = self._rows("select sum(amount) as sum from refunds where number = ?", number)
            if amount <= 0 or (given[0]["sum"] or 0) + amount > row["total"]:
                raise Refused("too_much")
            self._effect(key, "refund", row["number"], amount)
            self._db.execute(
                "insert into refunds values (?, ?, 'under_way', ?)",
                (row["number"], amount, self.today.isoformat()),
            )
        return self.order(number, customer)

    def move(self, number: str, customer: str | None, address: str, key: str) -> JSON:
        """Have an order sent elsewhere, once for each key.

        Raises:
            UnknownOrder: there is no such order.
            Refused: `too_late`, when it was sent.
        """
        row = self._row(number, customer)
        if not self._done(key):
            if not self._open(row):
                raise Refused("too_late")
            self._effect(key, "move", row["number"], 0)
            self._db.execute(
                "update customers set address = ? where email = ?", (address, row["customer"])
            )
        return self.order(number, customer)

    def place(self, number: str, customer: str, total: int) -> None:
        """Take in an order of today, which can be cancelled until tomorrow; dong."""
        placed, until = self._day(0), self._day(1)
        self._db.execute(
            "insert into orders values (?, ?, 'packing', ?, ?, ?, '[]')",
            (number, customer, placed, until, total),
        )

    def send(self, number: str) -> None:
        """Send an order off: from now on it cannot be cancelled."""
        self._db.execute("update orders set status = 'on_the_way' where number = ?", (number,))

    def effects(self) -> list[JSON]:
        """What was done so far, in its order."""
        return [dict(row) for row in self._rows("select * from effects order by rowid")]

    def _done(self, key: str) -> bool:
        return bool(self._rows("select 1 from effects where key = ?", key))

    def _effect(self, key: str, what: str, number: str, amount: int, *, half: bool = False) -> None:
        self._db.execute(
            "insert into effects values (?, ?, ?, ?, ?)", (key, what, number, amount, half)
        )

    def _open(self, row: sqlite3.Row) -> bool:
        return row["status"] in OPEN and (row["until"] or "") >= self.today.isoformat()

    def _refundable(self, row: sqlite3.Row) -> bool:
        """Whether it was paid, and not all of it was given back."""
        given = self._rows("select sum(amount) as sum from refunds where number = ?", row["number"])
        return bool(row["status"] != "unpaid" and (given[0]["sum"] or 0) < row["total"])

    def _row(self, number: str, customer: str | None) -> sqlite3.Row:
        found = self._rows("select * from orders where number = ?", number.upper())
        if not found or (customer is not None and found[0]["customer"] != customer.casefold()):
            raise UnknownOrder(number)
        return found[0]

    def _delivery(self, customer: str) -> JSON:
        row = self._rows("select * from customers where email = ?", customer)[0]
        return {"name": row["name"], "phone": row["phone"], "address": row["address"]}

    def _rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        return self._db.execute(query, values).fetchall()

    def _fill(self, sample: JSON) -> None:
        many = self._db.executemany
        many("insert into customers values (:email, :name, :phone, :address)", sample["customers"])
        for order in sample["orders"]:
            number, placed = order["number"], self._day(order["placed"])
            self._db.execute(
                "insert into orders values (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(number, order["customer"], order["status"], placed),
                    *(self._day(order.get("until")), order["total"], json.dumps(order["items"])),
                ),
            )
            self._db.execute(
                "insert into invoices values (?, ?, ?, ?)",
                (number, f"INV-{number[3:]}", order["total"], placed),
            )
            many(
                "insert into shipments values (?, ?, ?, ?, ?, ?)",
                [
                    (
                        *(number, each["carrier"], each["tracking"], self._day(each["sent"])),
                        *(self._day(each["expected"]), self._day(each.get("delivered"))),
                    )
                    for each in order.get("shipments", ())
                ],
            )
            many(
                "insert into refunds values (?, ?, ?, ?)",
                [
                    (number, each["amount"], each["status"], self._day(each["day"]))
                    for each in order.get("refunds", ())
                ],
            )

    def _day(self, away: int | None) -> str | None:
        return None if away is None else (self.today + timedelta(days=away)).isoformat()


def _told(status: str, language: str) -> str:
    words = STATUS[status]
    return words.get(language, words["en"])
