"""When two questions are one, and what makes an approved answer stale."""

from dataclasses import replace

import pytest

from bot.answers.approved import evidence_of, fingerprint, passage_digest, unchanged_passages
from tests.rules.gate.gate_tables import PASSAGES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How long does delivery to Hanoi take?", "hi, how long does the delivery take to hanoi??"),
        ("How long does delivery to Hanoi take?", "To Hanoi: how long does delivery take, please"),
        ("Nồi cơm điện bảo hành mấy năm?", "shop ơi, noi com dien bao hanh may nam vay"),
        ("Is my order DH-20311 returnable?", "Please, is the order DH20311 returnable"),
        ("Is the fee 20,000 VND in Hanoi?", "Is the fee in Hanoi 20.000đ?"),
        ("How do I return an item?", "How do I return an item? :pray:\nSent from my iPhone"),
        (
            "Đổi nồi cơm thế nào?",
            "Đổi nồi cơm thế nào ạ :smile::+1::skin-tone-2:\nGửi từ iPhone của tôi",
        ),
        ("Can I pay by card?", "Ｃan I pay by ｃard？"),
        ("Is the Nep cheaper than the Sen?", "hi, is Nep cheaper than Sen please"),
    ],
)
def test_the_same_question_in_other_words_is_the_same(one: str, other: str) -> None:
    """Order, accents, plurals and courtesies make no other question."""
    assert fingerprint(one) is not None
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Is order DH-20311 returnable?", "Is order DH-20312 returnable?"),
        ("How long does delivery to Hanoi take?", "How long does delivery to Hue take?"),
        ("Can I return opened cosmetics?", "Can't I return opened cosmetics?"),
        ("When is the delivery to Hanoi?", "Where is the delivery to Hanoi?"),
        ("Is a return free within 7 days?", "Is a return free within 30 days?"),
        ("Is the fee 20,000 VND in Hanoi?", "Is the fee 30,000 VND in Hanoi?"),
        ("Are you open on Monday in Hanoi?", "Are you open on Sunday in Hanoi?"),
        ("Khi nào giao hàng tới Huế?", "Tại sao giao hàng tới Huế?"),
        ("Is the code WELCOME10 valid today?", "Is the code WELCOME20 valid today?"),
        ("Is the Nep cheaper than the Sen?", "Is the Sen cheaper than the Nep?"),
        ("Nồi Nep có đắt hơn nồi Sen không?", "Nồi Sen có đắt hơn nồi Nep không?"),
        ("Can I move from Basic to Family?", "Can I move from Family to Basic?"),
        ("Do I pay before delivery?", "Do I pay after delivery?"),
        ("Gửi hàng từ Huế đến Vinh mất phí không?", "Gửi hàng từ Vinh đến Huế mất phí không?"),
        ("Is a refund paid from you to me?", "Is a refund paid from me to you?"),
        ("Can I use a voucher instead of cash?", "Can I use cash instead of a voucher?"),
    ],
)
def test_another_number_place_or_not_is_another_question(one: str, other: str) -> None:
    """A wrong answer given for nothing is dearer than a right one."""
    assert fingerprint(one) != fingerprint(other)


def test_a_question_that_says_little_has_no_fingerprint() -> None:
    """«Help, please» is nothing to go by."""
    assert fingerprint("Help, please!") is None
    assert fingerprint("") is None


def test_an_answer_holds_while_all_its_passages_do() -> None:
    """Another figure, another reader or a missing article ends it."""
    now = list(PASSAGES.values())
    cited = [PASSAGES["delivery"], PASSAGES["returns"]]
    rests_on = evidence_of(cited)

    assert unchanged_passages(rests_on, now) == tuple(cited)
    assert (
        unchanged_passages(rests_on, [each for each in now if each.source != "returns.md"]) is None
    )
    for changed in (
        replace(cited[0], paragraphs=("Delivery takes a week.",)),
        replace(cited[0], audience="agents"),
        replace(cited[0], url="https://help.example.com/en/other"),
    ):
        assert passage_digest(changed) != passage_digest(cited[0])
        assert unchanged_passages(rests_on, [changed, cited[1]]) is None
    assert unchanged_passages((), now) is None
