"""The digest's picture: its size, and that it can be read."""

import io
import struct
from datetime import date, timedelta
from itertools import combinations

import pytest
from PIL import Image

from bot.reports.digest import ChartData
from handlers.views.canvas import PixelBox
from handlers.views.chart import chart_png, draw_chart

MODELS = ("claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5")
INTENTS = (
    ("track_shipping", 412_000), ("refund_request", 20_330), ("product_inquiry", 1_800),
    ("cancel_order", 900), ("complaint", 411), ("other", 380),
    ("warranty_and_repairs_of_household_appliances", 120), ("", 9), ("thanks", 3),
)  # fmt: skip


def spent(days: int, scale: int, first: date = date(2026, 10, 18)) -> ChartData:
    return ChartData(
        tuple(first + timedelta(days=number) for number in range(days)),
        {
            model: tuple((day * 7_919 + place * 104_729) % scale for day in range(days))
            for place, model in enumerate(MODELS)
        },
        INTENTS,
    )


PICTURES = {
    "a month": spent(31, 400 * 10**9),
    "a costly month": spent(30, 90_000 * 10**9),
    "two weeks": spent(14, 10**7),
    "one day": spent(1, 10**7),
    "over new year": spent(31, 10**9, date(2026, 12, 14)),
    "one model, one intent": ChartData((date(2026, 11, 23),), {"gpt-4.1": (5,)}, (("other", 1),)),
    "many models": ChartData(
        (date(2026, 11, 23),),
        {f"gateway-model-{number}-with-a-long-name": (10**9,) for number in range(6)},
        INTENTS[:3],
    ),
    "no ticket": ChartData((date(2026, 11, 23),), {MODELS[0]: (5,)}, ()),
    "nothing spent": ChartData((date(2026, 11, 22), date(2026, 11, 23)), {}, INTENTS[:2]),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_no_label_overlaps_another_or_leaves_the_picture(picture: ChartData) -> None:
    """Every text that is drawn has its own place inside the frame."""
    canvas = draw_chart(picture)

    assert {"Spend by day, dollars", "New tickets", "0"} <= {each.words for each in canvas.labels}
    for words, (left, top, right, bottom) in canvas.labels:
        assert left >= 0 <= top, words
        assert right <= canvas.width, words
        assert bottom <= canvas.height, words
    for (one, first), (other, second) in combinations(canvas.labels, 2):
        assert not _overlap(first, second), f"{one!r} over {other!r}"


def _overlap(one: PixelBox, other: PixelBox) -> bool:
    return all(min(one[low + 2], other[low + 2]) - max(one[low], other[low]) > 1 for low in (0, 1))


def test_the_file_is_a_png_of_slacks_width_twice_over() -> None:
    """1,280 by 640 pixels, and light enough for a phone."""
    content = chart_png(PICTURES["a month"])

    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == (1_280, 640)
    assert content.startswith(b"\x89PNG")
    assert len(content) < 150_000


def test_bars_are_as_high_as_what_was_spent() -> None:
    """Pixels of a model's colour, in a picture where one day cost twice as much as the other."""
    first = date(2026, 11, 22)
    picture = ChartData(
        (first, first + timedelta(days=1)), {"claude-opus-5-5": (2 * 10**9, 4 * 10**9)}, ()
    )
    image = Image.open(io.BytesIO(chart_png(picture)))
    opus = [
        sum(image.getpixel((x, y)) == (181, 101, 29) for y in range(90, image.height))
        for x in range(image.width)
    ]
    heights = sorted({each for each in opus if each > 0})

    assert len(heights) == 2
    assert abs(heights[1] - 2 * heights[0]) <= 2
