"""What of a message is looked for, and how several rankings become one."""

import json

import pytest

from bot.knowledge import terms
from bot.knowledge.queries import Found, merge_rankings
from bot.text import message_parts
from bot.tickets.incidents import find_incident, similarity
from bot.triage.classifier import read_triage
from storage.knowledge import fusion
from storage.knowledge.ranking import PassageScore
from storage.knowledge.values import Hit, Passage
from storage.tickets.values import IncidentQuestion
from tests.rules.triage.test_classifier import GOOD


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("How long does delivery take?", ["How long does delivery take?"]),
        (
            "Hi Anna, how long does delivery take? Kind regards, Tom Reed",
            ["how long does delivery take?"],
        ),
        ("Dear Ms Hill,\nit is broken.\nBest\nTom", ["it is broken."]),
        ("Chào bạn, phí giao hàng bao nhiêu?\nTrân trọng,\nHà", ["phí giao hàng bao nhiêu?"]),
        ("One. Two! Three…\nFour", ["One.", "Two!", "Three…", "Four"]),
        ("See www.example.com/a.b for 1.5 kg", ["See www.example.com/a.b for 1.5 kg"]),
        ("best", ["best"]),
        ("It broke! :cry:\n:+1::skin-tone-2: It hums!:sob:", ["It broke!", "It hums!"]),
        ("Is it open at 10:30:15?", ["Is it open at 10:30:15?"]),
        ("What is std::map::size?", ["What is std::map::size?"]),
        ("How do I return it?\nSent from my iPhone", ["How do I return it?"]),
        ("Trả hàng thế nào?\n\nGửi từ iPhone của tôi", ["Trả hàng thế nào?"]),
        ("Can it be sent from my home?", ["Can it be sent from my home?"]),
        ("Sent from my iPhone", ["Sent from my iPhone"]),
        ("Thanks, how do I return it?", ["Thanks, how do I return it?"]),
        ("", []),
    ],
)
def test_parts_are_sentences_without_salutation_and_signature(text: str, parts: list[str]) -> None:
    """A line that asks something is no signature."""
    assert message_parts.parts(text) == parts


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("It blinks red. Why?", ["It blinks red. Why?"]),
        ("One. Two. Three. Why? And how?", ["Two. Three. Why?"]),
        ("Máy kêu to. Sửa ở đâu?", ["Máy kêu to. Sửa ở đâu?"]),
        ("It blinks.\n\nWhy?", []),
        ("Why? It blinks.", []),
        ("It blinks. It hums.", []),
    ],
)
def test_a_question_is_a_part_with_what_is_told_before_it(text: str, together: list[str]) -> None:
    """In the same paragraph, two sentences at most, and not with another question."""
    assert message_parts.parts(text)[len(message_parts.sentences(text)) :] == together


def test_what_is_read_with_a_question_is_bounded() -> None:
    """However long the sentences before it are."""
    told = " ".join(f"word{number}" for number in range(200))

    assert len(message_parts.parts(f"{told}. Why?")[-1].split()) == message_parts.WITH_TOLD


def test_a_long_sentence_is_read_through_a_window() -> None:
    """Every word is in a window, and none is long."""
    text = " ".join(f"word{number}" for number in range(95))

    seen = message_parts.parts(text)

    assert {word for part in seen for word in part.split()} == set(text.split())
    assert max(len(part.split()) for part in seen) <= message_parts.LONGEST


def test_of_a_very_long_message_the_beginning_and_the_end_are_read() -> None:
    """So that it costs no more than a long one."""
    seen = " ".join(message_parts.parts("First word. " + "Nothing here. " * 5_000 + "Last word."))

    assert "First word." in seen
    assert "Last word." in seen
    assert len(seen) <= message_parts.MOST_TEXT + 200


def test_passages_are_read_in_turns_each_once() -> None:
    """Of a list that asks more at a time, until every list is at its end."""
    assert list(fusion.in_turns([[1, 2, 3, 4], [9, 2, 8]], [2, 1])) == [1, 2, 9, 3, 4, 8]
    assert list(fusion.in_turns([[], [7]], [3, 1])) == [7]


def test_courtesies_ask_nothing_beside_a_question() -> None:
    """Where nothing else is said they are all there is."""
    said = ["I hope you are all well.", "Where is my parcel?", "Have a great week!"]

    assert [part.telling[-1].word for part in terms.asking(said)] == ["parcel"]
    assert len(terms.asking(said[::2])) == 2
    assert terms.asking(["hello there!"]) == []


@pytest.mark.parametrize(
    ("part", "asks"),
    [
        ("how do I get it back", True),
        ("it is broken", False),
        ("phí ship bao nhiêu vậy", True),
        ("phi ship bao nhieu vay", True),
        ("my sister told me what to do", False),
        ("đổi được không ạ", True),
        ("hàng bị bể", False),
    ],
)
def test_a_question_is_told_without_its_mark(part: str, *, asks: bool) -> None:
    """People leave it out."""
    assert message_parts.asks(part) is asks


def test_parts_compete_by_evidence_and_none_is_drowned() -> None:
    """What a part's best passage barely covers is about something else."""
    right, noise = {1: PassageScore(10, 0.9), 2: PassageScore(8, 0.6)}, {3: PassageScore(12, 0.2)}
    other = {4: PassageScore(7, 0.9)}

    found = fusion.fused([right, noise, other])

    assert sorted(found, key=lambda key: -found[key].score)[0] == 1
    assert set(found) == {1, 2, 4}
    assert fusion.fused([noise]) == {}


def test_few_words_that_stand_close_together_are_a_subject() -> None:
    """In a long question much is told in other words; scattered words are no subject."""
    together, scattered = PassageScore(12, 0.2, close=3.0), PassageScore(12, 0.2, close=1.0)

    assert set(fusion.fused([{1: together, 2: scattered}])) == {1, 2}
    assert fusion.fused([{2: scattered}]) == {}


def test_further_passages_of_an_article_are_held_back() -> None:
    """So that another article comes to be seen."""
    found = {1: PassageScore(10, 1), 2: PassageScore(9.9, 1), 3: PassageScore(9, 1)}

    spread = fusion.spread(found, {1: "a.md", 2: "a.md", 3: "b.md"})

    assert sorted(spread, key=lambda key: -spread[key].score) == [1, 3, 2]


def hit(number: int, score: float) -> Hit:
    passage = Passage(f"{number}.md", "", "", "public", "en", (), ("words",))
    return Hit(passage, number, score, 1.0)


def test_several_queries_make_one_ranking() -> None:
    """Each matter's best come first, whatever their scores; what both find gains."""
    first = Found([hit(1, 90), hit(2, 80), hit(3, 70)], 1.0, 0.85)
    second = Found([hit(4, 9), hit(5, 8)], 1.0, 0.85)
    message = Found([hit(6, 50), hit(1, 40)], 0.5)

    ranked = [each.passage_id for each in merge_rankings([message, first, second])]

    assert ranked[:2] == [1, 4]
    assert ranked[-1] in (3, 6)
    assert sorted(ranked) == [1, 2, 3, 4, 5, 6]
    assert merge_rankings([]) == ()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["a?", " b? "], ("a?", "b?")),
        ("only one?", ("only one?",)),
        (None, ()),
        ([1, "", "  ", {"q": 1}, "a?"], ("a?",)),
        (["q?"] * 40, ("q?",) * 6),
        (["x" * 5_000], ("x" * 300,)),
    ],
)
def test_questions_of_a_verdict_are_read_within_bounds(
    given: object, read: tuple[str, ...]
) -> None:
    """What is none is left out; an older verdict has none."""
    verdict = read_triage(json.dumps({**GOOD, "questions": given}))
    assert verdict is not None
    assert verdict.questions == read


def test_a_verdict_without_questions_is_one() -> None:
    """Verdicts written down by an earlier version have none."""
    older = {name: value for name, value in GOOD.items() if name != "questions"}
    verdict = read_triage(json.dumps(older))
    assert verdict is not None
    assert verdict.questions == ()


def test_a_fault_is_compared_without_the_story_around_it() -> None:
    """Only what does not work makes an incident."""
    chatty = "Hi team, hope you are well! I sat down with a tea. The payment page is down. Bye, Tom"
    assert similarity(chatty, "payment page is down") == 1.0


@pytest.mark.parametrize(
    ("texts", "acts", "incident"),
    [
        (("cancel order DH10234", "cancel order DH10235", "cancel order DH10236"), True, False),
        (("where is DH10234", "where is order DH10235", "where is order 998877"), False, False),
        (("change my address please",) * 3, True, False),
        (("I cannot cancel order DH10234 in the app", "cannot cancel order DH10235 in the app",
          "can't cancel order DH10236 in the app"), True, True),
        (("payment of DH10234 fails: error 502", "payment of DH10235 fails, error 502",
          "payment of 998877 fails error 502"), True, True),
        (("is the shop in Hue open today",) * 3, False, True),
    ],
)  # fmt: skip
def test_an_incident_is_everybodys_matter(
    texts: tuple[str, ...], *, acts: bool, incident: bool
) -> None:
    """Orders of their own make none, unless they share a fault."""
    first, second, third = (
        IncidentQuestion(number, f"U{number}", text, acts=acts)
        for number, text in enumerate(texts, start=1)
    )

    assert (find_incident(third, [first, second], 3) is not None) is incident
