"""Passages found by their words, ordered by meaning too. The model here knows letters only."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path
from zlib import crc32

import pytest

from bot.checks.articles import check_articles
from bot.cli import main
from bot.config.desk_file import load_desk
from bot.knowledge.embeddings import E5, MISSING, embedder_installed
from bot.knowledge.rerank import LONGEST, Reranker, combine_scores
from bot.knowledge.search import FOUND, KnowledgeSearch
from bot.knowledge.sources import Folder
from bot.runtime.logs import configure_logs
from storage.db.database import Store
from storage.knowledge import articles, inventory, vectors
from storage.knowledge.values import Hit, Passage
from tests.support.article_stores import SAMPLE

QUESTION = "How long does delivery take?"
SIZE = 64


class Letters:
    """Texts are near each other as far as they have the same three letters in a row."""

    name = "letters"

    alone = 0.9

    def __init__(self) -> None:
        self.passages: list[str] = []
        self.questions: list[str] = []

    def question(self, text: str) -> Sequence[float]:
        self.questions.append(text)
        return self._meant(text)

    def _meant(self, text: str) -> Sequence[float]:
        counts = [0.0] * SIZE
        for start in range(len(text) - 2):
            counts[crc32(text[start : start + 3].lower().encode()) % SIZE] += 1
        length = sqrt(sum(count * count for count in counts)) or 1.0
        return [count / length for count in counts]

    def passage(self, text: str) -> Sequence[float]:
        self.passages.append(text)
        return self._meant(text)


class Lost(Letters):
    """A model that has gone when it is asked."""

    def question(self, text: str) -> Sequence[float]:  # noqa: ARG002 - whatever it is
        raise RuntimeError("the model is gone")

    def passage(self, text: str) -> Sequence[float]:
        return self._meant(text)


@pytest.fixture
async def shop(database: Store) -> Store:
    """A store of one's own with the sample articles in it, to be read for their meaning."""
    await database.write(articles.sync_articles, Folder(SAMPLE).read().articles)
    return database


@pytest.fixture
def logs() -> Iterator[None]:
    """Warnings are written."""
    configure_logs("WARNING", "json")
    yield
    configure_logs("ERROR", "text")


def hit(number: int, score: float) -> Hit:
    """A passage found, known by its number."""
    passage = Passage(f"{number}.md", "", "", "public", "en", (), ("words",))
    return Hit(passage, number, score, 1.0)


@pytest.mark.parametrize(
    ("words", "near", "order"),
    [
        ([1, 2], [1, 2], [1, 2]),
        ([1, 2], [2, 1], [2, 1]),
        ([1, 2, 3], [3, 2, 1], [3, 1, 2]),
        ([1, 2, 3], [3, 4, 2], [3, 2, 4, 1]),
        ([1], [9, 1], [1]),
        ([], [4], [4]),
    ],
)
def test_places_by_words_and_by_meaning_are_added_up(
    words: list[int], near: list[int], order: list[int]
) -> None:
    """Meaning counts more; what it alone finds joins in, what may not be shown does not."""
    hits = [hit(number, 10.0 - place) for place, number in enumerate(words)]
    more = {4: hit(4, 0.0).passage}

    assert [each.passage_id for each in combine_scores(hits, near, more)] == order


async def test_a_passage_is_read_once_and_again_when_its_article_changes(database: Store) -> None:
    """What is not changed keeps its vector; what is removed loses it."""
    stored = Folder(SAMPLE).read().articles
    model = Letters()
    reranker = Reranker(database, model)
    await database.write(articles.sync_articles, stored)

    await reranker.read_passages()
    shelf = await database.read(inventory.knowledge_size)
    assert len(model.passages) == shelf.passages

    await reranker.read_passages()
    assert len(model.passages) == shelf.passages

    changed = replace(stored[0], content_hash="another")
    await database.write(articles.sync_articles, [changed, *stored[1:]])
    await reranker.read_passages()
    assert len(model.passages) == shelf.passages + len(changed.passages)


async def test_what_is_near_joins_what_has_the_words(shop: Store) -> None:
    """Passages without any of the words join in; articles for agents stay hidden."""
    reranker = Reranker(shop, Letters())
    by_words = await KnowledgeSearch(shop).search_articles(QUESTION, "", "en")
    await reranker.read_passages()

    by_both = await KnowledgeSearch(shop, reranker).search_articles(QUESTION, "", "en")

    ids = [each.passage_id for each in by_both]
    assert len(ids) == len(set(ids)) <= FOUND
    assert set(ids) - {each.passage_id for each in by_words}
    assert by_both[0].passage.source == "delivery-en.md"
    assert {each.passage.audience for each in by_both} == {"public"}


async def test_of_a_long_message_its_question_is_read(shop: Store) -> None:
    """All of it would take longer than a customer should wait; without a question nothing is."""
    model = Letters()
    reranker = Reranker(shop, model)
    await reranker.read_passages()
    story = "We came back from the sea with the children and the dog. " * 5
    library = KnowledgeSearch(shop, reranker)
    seen = len(model.questions)

    told = await library.search_articles(f"The parcel is late. {story}", "")
    assert len(model.questions) == seen
    assert told == await KnowledgeSearch(shop).search_articles(f"The parcel is late. {story}", "")

    await library.search_articles(f"{story}{QUESTION} {story}", "")
    assert model.questions[-1].endswith(QUESTION)
    assert len(model.questions[-1].split()) <= LONGEST


async def test_meaning_alone_finds_only_what_is_very_near(shop: Store) -> None:
    """Something is always nearest, also to what no article is about."""
    reranker = Reranker(shop, Letters())
    await reranker.read_passages()
    library = KnowledgeSearch(shop, reranker)

    assert await library.search_articles("what's the capital of France", "") == ()

    near = Letters()
    near.alone = 0.1
    found = await KnowledgeSearch(shop, Reranker(shop, near)).search_articles(
        "what's the capital of France", ""
    )
    assert found
    assert {each.coverage for each in found} == {0.0}


async def test_vietnamese_without_diacritics_keeps_the_order_of_its_words(shop: Store) -> None:
    """The same question with them is ordered anew; each finds what it found."""
    reranker = Reranker(shop, Letters())
    await reranker.read_passages()

    async def ids(question: str, *library: Reranker) -> list[int]:
        found = await KnowledgeSearch(shop, *library).search_articles(question, "", "vi")
        return [each.passage_id for each in found]

    assert await ids("bao lau thi giao hang", reranker) == await ids("bao lau thi giao hang")
    assert await ids("Bao lâu thì giao hàng?", reranker) != await ids("Bao lâu thì giao hàng?")


@pytest.mark.usefixtures("logs")
async def test_a_model_that_fails_leaves_the_order_of_the_words(
    shop: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is logged, and the customer gets an answer."""
    reranker = Reranker(shop, Lost())
    await reranker.read_passages()
    by_words = await KnowledgeSearch(shop).search_articles(QUESTION, "")

    assert await KnowledgeSearch(shop, reranker).search_articles(QUESTION, "") == by_words
    assert "passages stay in the order of their words" in capsys.readouterr().err


async def test_unread_passages_leave_the_order_of_the_words(shop: Store) -> None:
    """Until all that was found is read, and after another model took the place of the first."""
    by_words = await KnowledgeSearch(shop).search_articles(QUESTION, "")
    reranker = Reranker(shop, Letters())

    assert await KnowledgeSearch(shop, reranker).search_articles(QUESTION, "") == by_words


async def test_a_vector_is_not_kept_for_a_text_that_has_changed(shop: Store) -> None:
    """An article may change while its old text is being read."""
    texts = await shop.read(vectors.missing_vectors, "letters", 2)
    first, second = texts
    meant = [[1.0], [1.0]]

    await shop.write(
        vectors.keep_vectors, "letters", {first: texts[first], second: "as it was before"}, meant
    )

    assert set(await shop.read(vectors.vectors_of, "letters", texts)) == {first}


def rerank_desk(folder: Path) -> Path:
    """The environment of a desk that wants its passages ordered by meaning."""
    desk = folder / "desk.toml"
    desk.write_text('[desk]\nagents_channel = "C0000000001"\n[knowledge]\nrerank = true\n')
    environment = folder / "env"
    environment.write_text(f"DATABASE_URL=sqlite:///{folder}/desk.db\nDESK_CONFIG={desk}\n")
    return environment


@pytest.mark.skipif(embedder_installed(), reason="the extra is installed")
async def test_a_missing_extra_is_told_by_check(tmp_path: Path) -> None:
    """As something wrong, with the key and what to do."""
    rerank_desk(tmp_path)

    findings = await check_articles(load_desk(tmp_path / "desk.toml"))

    assert MISSING in [each.sentence for each in findings if each.grade == "wrong"]


@pytest.mark.skipif(embedder_installed(), reason="the extra is installed")
def test_a_command_that_needs_the_extra_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the same sentence."""
    environment = rerank_desk(tmp_path)

    code = main(["kb", "search", "delivery", "--env", str(environment)])

    assert code == 2
    assert capsys.readouterr().err.strip() == MISSING


@pytest.mark.skipif(not embedder_installed(), reason="deskhand[rerank] is not installed")
async def test_the_model_of_the_extra_knows_what_is_meant(shop: Store) -> None:
    """A question is nearer to what answers it, also in another language and without its words."""
    model = E5()
    question = model.question("How do I get my money back?")
    answers = model.passage("Tiền được hoàn vào thẻ của bạn trong 5 ngày.")
    other = model.passage("Giao hàng ra đảo mất 4 ngày.")

    def near(passage: Sequence[float]) -> float:
        return sum(a * b for a, b in zip(question, passage, strict=True))

    assert near(answers) > near(other)

    reranker = Reranker(shop, model)
    await reranker.read_passages()
    found = await KnowledgeSearch(shop, reranker).search_articles(
        "khi nào được hoàn tiền", "", "vi"
    )
    assert found[0].passage.source == "returns-vi.md"
