"""A day at the desk, scene by scene: who writes what where, and what happens meanwhile."""

from dataclasses import dataclass, field
from typing import Literal

from demo.papers import SCREENSHOT, contract
from emulator.slack.people import Attachment

Person = Literal["linh", "tom", "minh", "sara", "mai"]
Place = Literal["orders", "products", "lounge", "vip", "dm"]


@dataclass(frozen=True)
class Says:
    """A message. `reply_to` names an earlier scene; `twice` has Slack deliver it twice.

    `forwards` names an earlier scene that is forwarded with these words. `misquoted` has the
    stand-in get every figure of its answer wrong, as no model should.
    """

    name: str
    who: Person
    text: str
    where: Place = "orders"
    reply_to: str | None = None
    forwards: str | None = None
    files: tuple[Attachment, ...] = ()
    twice: bool = False
    misquoted: bool = False
    meanwhile: "tuple[Edits | Deletes | StepsIn | Adds, ...]" = field(default=())


@dataclass(frozen=True)
class Announces:
    """A message of another app's bot in #orders."""

    name: str
    text: str
    who: str = "deploybot"


@dataclass(frozen=True)
class Edits:
    """The author changes the message while the bot is still at work on it."""

    text: str


@dataclass(frozen=True)
class Deletes:
    """The author takes the message away while the bot is still at work on it."""


@dataclass(frozen=True)
class Adds:
    """The author writes another message while the bot is still at work on the first."""

    name: str
    text: str


@dataclass(frozen=True)
class StepsIn:
    """An agent answers in the thread while the bot is still at work on it."""

    who: Person
    text: str


DAY = (
    Says("hello", "linh", "Chào shop ạ!"),
    Says("track", "linh", "Đơn hàng DH-20311 giao trong bao lâu thì tới Đà Nẵng?"),
    Says("order", "linh", "Where is my order DH-20311?"),
    Says("order-foreign", "tom", "Where is order DH-20311?"),
    Says("track-plain", "minh", "don hang cua minh dat hom qua bao gio giao toi noi vay shop"),
    Says("delivery", "tom", "Hi, how long does delivery to Hanoi take, and what does it cost?"),
    Says(
        "chatty",
        "tom",
        "Hello dear team, I hope you all had a wonderful weekend! My sister visited us from Huế "
        "and we cooked together for two days, which was lovely. She keeps telling me how happy she "
        "is with your shop, so I thought I should finally write. One small thing that I could not "
        "find out by myself: how long is the warranty on a rice cooker? No hurry at all, and thank "
        "you so much for your patience. Warm regards from all of us, Tom",
    ),
    Says("delivery-more", "tom", "And what if I am not at home?", reply_to="delivery"),
    Says("cancel", "tom", "Please cancel order LB-10482, I ordered the wrong colour.", twice=True),
    Says("cancel-vi", "minh", "huy don giup minh voi, minh dat nham"),
    Says("refund", "sara", "How many days do I have to return a rice cooker for a full refund?"),
    Says("refund-vi", "linh", "Mình muốn trả hàng và hoàn tiền thì làm thế nào?"),
    Says("thanks", "sara", "Great, thank you!", reply_to="refund"),
    Says(
        "compare",
        "sara",
        "Compare the two rice cookers: which one suits a family of five, and what about warranty?",
        where="products",
    ),
    Says(
        "compare-vi",
        "linh",
        "So sánh hai nồi cơm điện giúp mình: nhà năm người nên mua nồi nào, bảo hành ra sao?",
        where="products",
    ),
    Says("warranty", "minh", "Nồi cơm điện bảo hành mấy năm?", where="products"),
    Says(
        "poem",
        "linh",
        "Could you write a short funny poem about the bamboo bottle for a gift card?",
        where="products",
    ),
    Says("vip", "tom", "Can I pay by bank transfer, and when is the order sent then?", where="vip"),
    Says("chatter", "sara", "Anyone up for coffee at three?", where="lounge"),
    Says(
        "complaint", "minh", "This is the third time my parcel came late. I am very disappointed!"
    ),
    Says("complaint-agent", "mai", "I'm so sorry, I am looking into it now.", reply_to="complaint"),
    Says("complaint-more", "minh", "Thank you, please hurry.", reply_to="complaint"),
    Says("human", "sara", "I'd rather talk to a real person about my invoice, please."),
    Says("unknown", "tom", "Do you sell gift wrapping for motorbikes in Antarctica?"),
    Says("vague", "minh", "How much is it?", where="products"),
    Says("vague-more", "minh", "The bamboo fan", where="products", reply_to="vague"),
    Says("homework", "sara", "Could you help my son with his maths homework?"),
    Says("wrong", "tom", "How much does the Sen 1.0 rice cooker cost?", misquoted=True),
    Says("screenshot", "linh", "", files=(SCREENSHOT,)),
    Says(
        "contract",
        "sara",
        "How long is the notice period in this contract?",
        files=(contract(),),
    ),
    Announces("deploy", "Deployed web 4.2.1"),
    Says("down", "tom", "The payment page is down with error 502, I cannot pay"),
    Says("down-sara", "sara", "Hello, the payment page is down: error 502, cannot pay!"),
    Says("down-minh", "minh", "payment page down, error 502, cannot pay"),
    Says(
        "edited",
        "tom",
        "How long is the waranty on a fan?",
        meanwhile=(Edits("How do I change my delivery address after ordering?"),),
    ),
    Says("deleted", "sara", "What is the password of the shop admin page?", meanwhile=(Deletes(),)),
    Says(
        "stepped-in",
        "minh",
        "Sản phẩm bị vỡ khi nhận hàng thì làm sao?",
        meanwhile=(StepsIn("mai", "Chào Minh, mình xử lý giúp bạn ngay nhé."),),
    ),
    # What people say to each other is left alone, until somebody calls the desk.
    Says("talk", "sara", "@tom are you coming to lunch at twelve?"),
    Says("talk-more", "tom", "Sure, see you downstairs", reply_to="talk"),
    Says("aside", "tom", "Has anybody seen my umbrella in the office kitchen?"),
    Says("late", "linh", "@minh ơi quạt bảo hành mấy năm vậy?"),
    Says("late-guess", "minh", "mình không rõ, để hỏi thử", reply_to="late"),
    Says("late-call", "minh", "@deskhand giúp với", reply_to="late"),
    # Two matters in a row are two tickets; a forwarded message is read like typed words.
    Says(
        "two-matters",
        "sara",
        "How long does delivery to Da Nang take?",
        meanwhile=(Adds("other-matter", "And another thing: how do I return a rice cooker?"),),
    ),
    Says("forwarded", "minh", "", where="products", forwards="compare"),
    Says("private", "linh", "I forgot my password, how do I log in again?", where="dm"),
    Says("ping", "tom", "<!channel> please answer me, I want my money back @everyone"),
)
