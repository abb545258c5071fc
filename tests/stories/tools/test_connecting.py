"""Customers whom Slack says nothing about connect their account by a link that the shop signs."""

import hmac
import html
import re
import time
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.config.settings import SettingsError
from emulator.slack import Channel, Message, Person
from tests.support.shop import ShopDesk

SECRET = "shared-with-the-shop-0123456789abcdef"
CONNECT = """
[customers]
by = "table"
connect = "https://shop.example.com/connect?state={state}&user={user}"
secret = "CONNECT_SECRET"
"""
ASKED = "Where is my order DH-20311?"
# About an order, and nothing that an article says.
UNANSWERED = "Which engraving did I choose for the lamp in DH-20311?"
LINH = "linh@example.com"


@pytest.fixture
async def connecting(shop: ShopDesk, monkeypatch: pytest.MonkeyPatch) -> ShopDesk:
    """A desk that knows nobody, and lets people connect."""
    monkeypatch.setenv("CONNECT_SECRET", SECRET)
    await shop.start(also=CONNECT, api_port=0)
    return shop


def direct(shop: ShopDesk, person: Person) -> list[Message]:
    """What the desk has written to somebody alone."""
    slack = shop.desk.slack
    return [
        each
        for channel in slack.workspace.channels.values()
        if channel.id.startswith("D") and person.id in channel.members
        for each in slack.messages(channel)
        if each.user == slack.bot_user_id
    ]


def state_in(message: Message) -> str:
    """The state of the link that somebody was sent."""
    (address,) = re.findall(r"https://\S+", html.unescape(message.text))
    return str(parse_qs(urlsplit(address).query)["state"][0])


def signed(
    state: str, customer: str, *, within: float = 600, secret: str = SECRET
) -> dict[str, str]:
    """What the shop sends somebody back with."""
    expires = str(int(time.time() + within))
    words = f"{state}\n{customer}\n{expires}"
    signature = hmac.new(secret.encode(), words.encode(), "sha256").hexdigest()
    return {"state": state, "customer": customer, "expires": expires, "signature": signature}


async def page(
    shop: ShopDesk, method: str, sent: Mapping[str, str], language: str = ""
) -> tuple[int, str]:
    """What somebody's browser shows."""
    url = f"http://127.0.0.1:{shop.desk.running.api_port}/connect"
    more = {"params": sent} if method == "GET" else {"data": sent}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers={"Accept-Language": language}, **more) as response,  # type: ignore[arg-type]
    ):
        assert response.content_type == "text/html"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        return response.status, await response.text()


def code_in(told: str) -> str:
    """The number that a page shows."""
    (code,) = re.findall(r"[0-9]{3} [0-9]{3}", told)
    return str(code)


async def types(shop: ShopDesk, person: Person, text: str) -> str:
    """Somebody writes to the desk alone; what they are answered."""
    channel = direct_channel(shop, person)
    await person.post(channel, text)
    await shop.desk.settled()
    return direct(shop, person)[-1].text


def direct_channel(shop: ShopDesk, person: Person) -> Channel:
    return next(
        each
        for each in shop.desk.slack.workspace.channels.values()
        if each.id.startswith("D") and person.id in each.members
    )


async def connected(shop: ShopDesk, state: str, name: str = "linh") -> str:
    """Somebody presses the button and types what it shows; what they are answered."""
    _, told = await page(shop, "POST", signed(state, LINH))
    return await types(shop, shop.people[name], code_in(told))


async def invited(shop: ShopDesk, name: str = "linh") -> str:
    """Somebody asks, and is sent a link; its state."""
    await shop.desk.hears(shop.people[name], ASKED)
    return state_in(direct(shop, shop.people[name])[-1])


async def test_somebody_unknown_connects_and_is_answered(connecting: ShopDesk) -> None:
    """The link comes in a direct message, the thread says so; afterwards the order is found."""
    shop, linh = connecting, connecting.people["linh"]
    first = await shop.desk.hears(linh, UNANSWERED)
    (said,) = shop.desk.replies(first)
    state = state_in(direct(shop, linh)[-1])
    shown, asked = await page(shop, "GET", signed(state, LINH))
    done, told = await page(shop, "POST", signed(state, LINH))
    before = await shop.desk.hears(linh, ASKED)
    said_of_code = await types(shop, linh, code_in(told))
    second = await shop.desk.hears(linh, ASKED)

    assert "once your account is connected" in said
    assert state not in said
    assert (shown, done) == (200, 200)
    assert "Are you " in asked
    assert "Linh Nguyễn" in asked
    assert LINH in asked
    assert "Tell this number to nobody" in told
    assert "On its way" not in shop.desk.replies(before)[0]
    assert "Your account is connected" in said_of_code
    assert "On its way" in shop.desk.replies(second)[0]


async def test_what_an_article_answers_is_answered_and_one_link_is_enough(
    connecting: ShopDesk,
) -> None:
    """A general question gets none; two about an order get one."""
    shop, linh = connecting, connecting.people["linh"]
    await shop.desk.hears(linh, "How long does delivery take?")
    assert direct(shop, linh) == []
    for _ in range(2):
        asked = await shop.desk.hears(linh, ASKED)
        assert "articles" in shop.desk.replies(asked)[0]
    assert len(direct(shop, linh)) == 1


async def test_a_link_connects_once_and_nobody_by_being_opened(connecting: ShopDesk) -> None:
    """Programs open links too; a second press reads that it is over."""
    shop = connecting
    state = await invited(shop)
    for _ in range(3):
        assert (await page(shop, "GET", signed(state, LINH)))[0] == 200
    before = await shop.desk.hears(shop.people["linh"], ASKED)
    assert "On its way" not in shop.desk.replies(before)[0]
    assert "Your account is connected" in await connected(shop, state)
    for method in ("POST", "GET"):
        status, told = await page(shop, method, signed(state, "tom@example.com"))
        assert status == 400
        assert "used, or too old" in told


async def test_what_is_not_signed_connects_nobody(
    connecting: ShopDesk, subtests: pytest.Subtests
) -> None:
    """Nor what was changed since, is old, is good for too long, or is of no link of ours."""
    shop = connecting
    state = await invited(shop)
    good = signed(state, LINH)
    strange: dict[str, Mapping[str, str]] = {
        "another customer": {**good, "customer": "tom@example.com"},
        "another moment": {**good, "expires": str(int(good["expires"]) + 1)},
        "another secret": signed(state, LINH, secret="0" * 32),
        "no signature": {name: good[name] for name in ("state", "customer", "expires")},
        "nothing": {},
        "many fields": {str(number): "x" for number in range(40)},
        "over": signed(state, LINH, within=-1),
        "for ever": signed(state, LINH, within=86_400),
        "no link": signed("0" * 64, LINH),
        "no state": signed("", LINH),
        "two lines": signed(state, f"{LINH}\ntom@example.com"),
        "nobody": signed(state, ""),
        "long": signed(state, "a" * 201),
        "odd signature": {**good, "signature": "ü" * 64},
        "odd moment": {**good, "expires": "9" * 5_000},
    }
    for name, sent in strange.items():
        for method in ("GET", "POST"):
            with subtests.test(name=name, method=method):
                status, told = await page(shop, method, sent)
                assert status == 400
                assert "Ask again in Slack" in told
    _, words = await page(shop, "GET", {}, language="vi-VN,vi;q=0.9")
    assert "hỏi lại trong Slack" in words
    asked = await shop.desk.hears(shop.people["linh"], ASKED)
    assert "On its way" not in shop.desk.replies(asked)[0]


async def test_a_link_is_its_person_s_alone(connecting: ShopDesk) -> None:
    """Another's account stays unknown; words of a customer's name are shown as words."""
    shop = connecting
    state = await invited(shop)
    odd = '<script>alert("x")</script>'
    _, told = await page(shop, "GET", signed(state, odd))
    assert "<script>" not in told
    await connected(shop, state)
    foreign = await shop.desk.hears(shop.people["tom"], ASKED)

    assert "On its way" not in shop.desk.replies(foreign)[0]
    assert state_in(direct(shop, shop.people["tom"])[-1]) != state


async def test_who_is_talked_into_both_pages_is_connected_with_nobody(
    connecting: ShopDesk,
) -> None:
    """Tom sends his link to Linh, who logs in and presses: without the number he gets nothing."""
    shop, tom = connecting, connecting.people["tom"]
    state = await invited(shop, "tom")
    _, told = await page(shop, "POST", signed(state, LINH))
    right = code_in(told).replace(" ", "")
    guesses = [f"{(int(right) + each) % 10**6:06d}" for each in range(1, 6)]
    answers = [await types(shop, tom, guess) for guess in guesses]
    late = await types(shop, tom, right)
    asked = await shop.desk.hears(tom, ASKED)

    assert ["not the number" in each for each in answers] == [True] * 4 + [False]
    assert "used, or too old" in answers[-1]
    assert "Your account is connected" not in late
    assert "On its way" not in shop.desk.replies(asked)[0]


async def test_a_number_counts_for_the_account_that_the_page_showed(connecting: ShopDesk) -> None:
    """Not for another that was put in its place; nor from somebody else, nor in a channel."""
    shop, linh, tom = connecting, connecting.people["linh"], connecting.people["tom"]
    state = await invited(shop)
    await invited(shop, "tom")
    _, first = await page(shop, "POST", signed(state, LINH))
    _, second = await page(shop, "POST", signed(state, "tom@example.com"))
    assert code_in(first) != code_in(second)
    assert "not the number" in await types(shop, linh, code_in(first))
    await types(shop, tom, code_in(second))
    await shop.desk.hears(linh, code_in(second))
    asked = await shop.desk.hears(linh, ASKED)
    assert "On its way" not in shop.desk.replies(asked)[0]
    assert "Your account is connected" in await types(shop, linh, code_in(second))


async def test_a_number_without_a_page_is_a_message_like_any(connecting: ShopDesk) -> None:
    """It may be an order's."""
    shop = connecting
    await invited(shop)
    await types(shop, shop.people["linh"], "482 913")

    assert len(await shop.desk.tickets()) == 2


@pytest.mark.parametrize("form", ["*{}*", "`{}`", "{}.", " {}\u00a0", "{}!"])
async def test_a_number_is_taken_as_people_write_it(connecting: ShopDesk, form: str) -> None:
    """Bold, with a full stop, with the blanks and digits of their keyboard."""
    _, told = await page(connecting, "POST", signed(await invited(connecting), LINH))
    code = code_in(told)
    wide = code.translate({ord(each): chr(ord(each) + 0xFEE0) for each in "0123456789"})

    assert "not the number" in await types(connecting, connecting.people["linh"], "000 000")
    said = await types(connecting, connecting.people["linh"], form.format(wide))
    assert "Your account is connected" in said


async def test_an_order_s_number_in_a_ticket_s_thread_is_a_message(connecting: ShopDesk) -> None:
    """Somebody asked for it; that a page waits for another number swallows nothing."""
    shop, linh = connecting, connecting.people["linh"]
    await page(shop, "POST", signed(await invited(shop), LINH))
    root = await linh.dm("The parcel is broken, a person please")
    await shop.desk.settled()
    said = await linh.reply(root, "948928")
    await shop.desk.settled()

    assert await shop.desk.row(said) is not None


async def test_where_no_link_can_be_sent_a_person_comes(connecting: ShopDesk) -> None:
    """And nobody is told of a link that is not there."""
    shop = connecting
    shop.desk.slack.faults.add("conversations.open", "error", times=None)
    asked = await shop.desk.hears(shop.people["linh"], UNANSWERED)

    (said,) = shop.desk.replies(asked)
    assert "link" not in said
    assert "person" in said


async def test_somebody_known_is_sent_nothing(
    shop: ShopDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing was found under their name."""
    monkeypatch.setenv("CONNECT_SECRET", SECRET)
    await shop.start(also=CONNECT.replace('"table"', '"email"'), api_port=0)
    asked = await shop.desk.hears(shop.people["linh"], "Where is my order LB-10482?")

    assert "couldn't find" in shop.desk.replies(asked)[0]
    assert direct(shop, shop.people["linh"]) == []


@pytest.mark.parametrize(
    ("port", "secret", "named"), [(None, SECRET, "API_PORT"), (0, "short", "CONNECT_SECRET")]
)
async def test_what_is_missing_is_told_at_the_start(
    shop: ShopDesk, monkeypatch: pytest.MonkeyPatch, port: int | None, secret: str, named: str
) -> None:
    """By its name."""
    monkeypatch.setenv("CONNECT_SECRET", secret)

    with pytest.raises(SettingsError, match=named):
        await shop.start(also=CONNECT, api_port=port)
