"""The table of requests over the shop, as it is asked with a key."""

from collections import Counter

import pytest

from evals.order_requests import main, order_requests


def test_without_a_key_nothing_is_asked_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)

    assert main([]) == 0
    assert "Skipped" in capsys.readouterr().out


def test_half_of_the_requests_are_vietnamese() -> None:
    assert Counter(row["language"] for row in order_requests()) == {"en": 60, "vi": 60}
