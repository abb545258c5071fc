"""Links to messages, as Slack's clients copy them."""

import pytest

from bot.messages.inbound import MessageLink
from handlers.events.links import links_in

TS, ROOT = "1700000000.000100", "1699999999.000200"
ONE = MessageLink(channel="C0123456789", ts=TS)
IN_THREAD = MessageLink(channel="C0123456789", ts=TS, thread_ts=ROOT)
PLACE = "archives/C0123456789/p1700000000000100"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"<https://acme.slack.com/{PLACE}>", ONE),
        (f"see <https://acme.slack.com/{PLACE}|this one> please", ONE),
        (f"https://acme.enterprise.slack.com/{PLACE}", ONE),
        (f"https://acme.slack-gov.com/{PLACE}", ONE),
        (f"https://acme.enterprise.slack-gov.com/{PLACE}", ONE),
        (f"https://app.slack.com/{PLACE}", ONE),
        ("https://app.slack.com/client/T01234567/C0123456789/p1700000000000100", ONE),
        (f"https://app.slack.com/client/T01234567/C0123456789/thread/C0123456789-{TS}", ONE),
        (f"https://app.slack.com/client/E01234567/C0123456789/{TS}", ONE),
        (f"slack://channel?team=T01234567&amp;id=C0123456789&amp;message={TS}", ONE),
        (f"https://acme.slack.com/{PLACE}?thread_ts={ROOT}&amp;cid=C0123456789", IN_THREAD),
        (f"https://acme.slack.com/{PLACE}?cid=C0123456789&amp;thread_ts={ROOT}", IN_THREAD),
        (f"<https://acme.slack.com/{PLACE}?cid=C0123456789&thread_ts={ROOT}|that>", IN_THREAD),
    ],
)
def test_every_form_of_a_link_names_its_message(text: str, link: MessageLink) -> None:
    """The place, the moment, and the thread where it is told."""
    assert links_in(text) == (link,)


@pytest.mark.parametrize(
    "text",
    [
        f"https://acme.slack.com.evil.example/{PLACE}",
        f"https://evil.example/slack.com/{PLACE}",
        f"https://notslack.com/{PLACE}",
        f"http://acme.slack.com/{PLACE}",
        f"https://user@acme.slack.com:99/{PLACE}",
        "https://acme.slack.com/archives/C0123456789",
        "https://acme.slack.com/archives/C0123456789/pnothing",
        "https://app.slack.com/client/T01234567/C0123456789",
        "https://acme.slack.com/files/U1/F1/a.png",
        "https://[",
    ],
)
def test_other_addresses_name_none(text: str) -> None:
    """Neither elsewhere, nor anything but a message."""
    assert links_in(text) == ()


def test_the_first_few_count_each_once() -> None:
    """Whoever pastes a list of links is not read for ever."""
    many = [f"https://acme.slack.com/archives/C0123456789/p170000000{n}000100" for n in range(9)]
    assert [each.ts[-8] for each in links_in(" ".join([many[0], *many]))] == ["0", "1", "2"]
