"""The digest's picture: its size, and that it can be read."""

import struct
from datetime import date, timedelta
from itertools import combinations

import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from bot.reports.digest import ChartData
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
    "no ticket": ChartData((date(2026, 11, 23),), {MODELS[0]: (5,)}, ()),
    "nothing spent": ChartData((date(2026, 11, 22), date(2026, 11, 23)), {}, INTENTS[:2]),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_no_label_overlaps_another_or_leaves_the_picture(picture: ChartData) -> None:
    """Every text that is drawn has its own place inside the frame."""
    figure = draw_chart(picture)
    figure.canvas.draw()
    boxes = [
        (text.get_text(), text.get_window_extent())
        for text in figure.findobj(lambda artist: isinstance(artist, Text))
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]

    assert boxes
    for words, box in boxes:
        assert figure.bbox.padded(1).containsx(box.x0), words
        assert figure.bbox.padded(1).containsx(box.x1), words
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not _overlap(first, second), f"{one!r} over {other!r}"


def _overlap(one: Bbox, other: Bbox) -> bool:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return bool(width > 1 and height > 1)


def test_the_file_is_a_png_of_slacks_width_twice_over() -> None:
    """1,280 by 640 pixels, and light enough for a phone."""
    content = chart_png(PICTURES["a month"])

    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == (1_280, 640)
    assert content.startswith(b"\x89PNG")
    assert len(content) < 150_000
