"""What is kept of a system's answer."""

from typing import Any

import pytest

from bot.config.tools import ToolConfig
from bot.tools.denials import knows_nothing
from bot.tools.shaping import Unfit, failure_in, kept_parts, owners_of

TOOL: dict[str, Any] = {
    "about": "Looks up an order.",
    "title": "order system",
    "intents": ["other"],
    "get": "https://shop.example.com/orders/{number}",
    "subject": "customer",
    "input": {"number": {"type": "string"}},
    "keep": ["number", "paid", "total", "link", "to.city", "parcels.carrier", "parcels.on"],
    "units": {"total": "VND"},
    "links": ["track.example.com"],
    "labels": {"vi": {"number": "đơn hàng"}},
}


def tool(**changed: Any) -> ToolConfig:
    return ToolConfig.model_validate({**TOOL, **changed})


def test_named_fields_become_lines_and_lists_texts_of_their_own() -> None:
    """Everything else is seen by nobody."""
    answer = {
        "number": "A-1",
        "paid": True,
        "total": 1490000,
        "phone": "0901234567",
        "to": {"city": "Huế", "street": "3 Lê Lợi"},
        "parcels": [{"carrier": "GHN", "on": None}, {"carrier": "GHTK", "on": "2026-11-29"}],
    }

    assert kept_parts(answer, tool(), "en") == (
        "number: A-1\npaid: yes\ntotal: 1,490,000 VND\ncity: Huế",
        "carrier: GHN",
        "carrier: GHTK\non: 2026-11-29",
    )
    assert kept_parts(answer, tool(), "vi-VN")[0].startswith("đơn hàng: A-1\npaid: có")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (["A-1"], "no object"),
        ("A-1", "no object"),
        ({"parcels": [{"carrier": "GHN"}, "see the portal"]}, "«parcels» is no list"),
        ({"order": "A-1"}, "none of the fields"),
        ({"number": {"id": 1}}, "«number» is no plain value"),
        ({"number": "A-1", "parcels": "see the portal"}, "«parcels» is no list"),
        ({"number": "x" * 121}, "longer than 120"),
        ({"number": [{"id": 1}]}, "no plain value"),
    ],
)
def test_what_is_not_as_expected_is_refused(answer: Any, problem: str) -> None:
    with pytest.raises(Unfit, match=problem):
        kept_parts(answer, tool(), "en")


FIGURES = (
    (1490000, "1,490,000 VND"),
    (1490000.0, "1,490,000 VND"),
    ("1490000.00", "1,490,000 VND"),
    (" 1490000 ", "1,490,000 VND"),
    ("49.90", "49.90 VND"),
    (49.9, "49.9 VND"),
    (0.1 + 0.2, "0.3 VND"),
    (1e16, "10,000,000,000,000,000 VND"),
    (-5, "-5 VND"),
    (-0.5, "-0.5 VND"),
    ("1.490.000 ₫", "1.490.000 ₫"),
    ("12e3", "12e3"),
)


@pytest.mark.parametrize(("total", "told"), FIGURES)
def test_money_reads_alike_however_a_system_writes_it(total: Any, told: str) -> None:
    """As a whole number, as one with decimals, or as text; what is no figure stays as it is."""
    assert kept_parts({"total": total}, tool(), "en") == (f"total: {told}",)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("<p>On its <b>way</b></p>", "On its way"),
        ("Nguy&#7877;n &amp; sons", "Nguyễn & sons"),
        ("a < b > c", "a < b > c"),
        ("&#8238;gnp", "gnp"),
        ("&lt;!channel&gt;", "<!channel>"),
    ],
)
def test_a_text_for_a_page_is_told_as_people_read_it(written: str, told: str) -> None:
    """Without its marks, and without what hides behind them."""
    assert kept_parts({"number": written}, tool(), "en") == (f"number: {told}",)


def test_a_figure_without_a_unit_is_a_number_as_it_stands() -> None:
    """It may be an order's; and nobody reads powers of ten."""
    assert kept_parts({"number": 20311}, tool(), "en") == ("number: 20311",)
    assert kept_parts({"number": 1.5e-05}, tool(), "en") == ("number: 0.000015",)


def test_entries_are_found_in_whatever_a_system_wraps_them() -> None:
    """In an envelope, in a list, in lists of lists; entries that are null are none."""
    parcels = [{"carrier": "GHN", "on": "1"}, None, {"carrier": "GHTK"}]
    bare = {"number": "A-1", "parcels": parcels}
    wrapped = tool(keep=["data.order.number", "data.order.parcels.carrier"])
    nested = tool(keep=["number", "orders.number", "orders.parcels.carrier", "orders.tags"])
    orders = [{"number": "A-1", "parcels": parcels, "tags": ["a", None, 1.5]}, {"number": "A-2"}]

    assert kept_parts({"data": {"order": bare}}, wrapped, "en") == (
        "number: A-1",
        "carrier: GHN",
        "carrier: GHTK",
    )
    assert kept_parts([bare, {"number": "A-2", "parcels": []}], tool(), "en")[:2] == (
        "number: A-1",
        "number: A-2",
    )
    assert kept_parts({"orders": orders, "number": "x"}, nested, "en") == (
        "number: x",
        "number: A-1\ntags: a, 1.5",
        "number: A-2",
        "carrier: GHN",
        "carrier: GHTK",
    )
    assert kept_parts({"data": {"order": None}}, wrapped, "en") == ()


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ({"error": "Order not found"}, True),
        ({"errors": [{"code": 7}]}, True),
        ({"success": False, "message": "Không tìm thấy đơn hàng"}, True),
        ({"error": None, "number": "A-1"}, False),
        ({"error": "", "state": 7}, False),
        ({"number": "A-1", "errors": ["late"]}, False),
        ([], False),
    ],
)
def test_a_failure_is_one_whatever_its_status(answer: Any, *, failed: bool) -> None:
    assert (failure_in(answer, tool()) is not None) == failed


@pytest.mark.parametrize(
    "said",
    [
        "Order not found",
        "ORDER_NOT_FOUND",
        "No such order",
        "This order doesn't belong to you",
        "Access denied",
        "You are not allowed to see this order",
        "Order of another customer",
        "Không tìm thấy đơn hàng",
        "Bạn không có quyền xem đơn này",
        "Đơn hàng không tồn tại",
    ],
)
def test_what_is_not_theirs_and_what_is_not_there_is_said_alike(said: str) -> None:
    assert knows_nothing(said)


@pytest.mark.parametrize("said", ["Internal error", "Too many requests", "Lỗi hệ thống", ""])
def test_a_system_that_failed_has_not_said_that_there_is_nothing(said: str) -> None:
    assert not knows_nothing(said)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://track.example.com/1", True),
        ("https://de.track.example.com/1", True),
        ("https://evil.example/track.example.com", False),
        ("https://track.example.com.evil.example/", False),
        ("write to help@evil.example", False),
    ],
)
def test_links_lead_only_where_the_desk_allows(link: str, *, kept: bool) -> None:
    """And addresses are kept by nobody."""
    found = kept_parts({"number": "A-1", "link": link}, tool(), "en")

    assert (link in found[0]) == kept


def test_nothing_that_is_there_says_nothing() -> None:
    """Fields that are empty are no change of the schema."""
    assert kept_parts({"number": None, "parcels": []}, tool(), "en") == ()


def test_an_owner_is_a_name_or_nobody() -> None:
    """An answer that names nobody belongs to nobody."""
    an = "an@example.com"
    assert owners_of({"by": {"email": an}}, "by.email") == {an}
    assert owners_of({"by": 1234}, "by") == {"1234"}
    assert owners_of({"by": [an]}, "by.email") == frozenset()
    assert owners_of(an, "by") == frozenset()
    assert owners_of({"orders": []}, "orders.by") == frozenset()
    assert owners_of([{"by": an}, {"by": None}, {}], "by") == {an, ""}
    assert owners_of({"orders": [{"by": an}, {"by": "binh@example.com"}]}, "orders.by") == {
        an,
        "binh@example.com",
    }
    assert owners_of({"by": True}, "by") == {""}


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"get": "", "post": ""}, "give one of get, post and mcp"),
        ({"get": "ftp://shop"}, "starts with https"),
        ({"subject": ""}, "whose data it tells"),
        ({"get": "https://shop/{order}"}, "is no argument"),
        ({"subject": "number"}, "code does"),
        ({"input": {"number": {"type": "object"}}}, "type has to be one of"),
        ({"output": {"type": "nonsense"}}, "not a JSON schema"),
        ({"keep": []}, "keep: name the fields"),
        ({"allowed": "can"}, "allowed: only for kind"),
        ({"kind": "write", "keep": []}, "a tool that writes needs it"),
        (
            {"kind": "write", "check": "a", "allowed": "b", "done": {"en": "Done."}},
            "a tool that writes is a post",
        ),
    ],
)
def test_a_tool_that_says_too_little_is_wrong(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        tool(**changed)
