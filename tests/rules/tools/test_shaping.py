"""What is kept of a system's answer."""

from typing import Any

import pytest

from bot.config.tools import ToolConfig
from bot.tools.shaping import Unfit, kept_parts, owner_of

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
    assert owner_of({"by": {"email": "an@example.com"}}, "by.email") == "an@example.com"
    assert owner_of({"by": ["an@example.com"]}, "by.email") is None
    assert owner_of("an@example.com", "by") is None


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
