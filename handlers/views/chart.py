"""The digest's picture: spend by day stacked by model, and new tickets by intent."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import count

from bot.reports.digest import ChartData
from bot.reports.wording import short_model_name
from bot.text.money import NANO
from handlers.views.canvas import Canvas

# Slack shows about 500 pixels of it, so this leaves room for a sharp screen.
WIDTH, HEIGHT, SIZE = 1_280, 640, 27
FAMILIES = {"haiku": "#2a9d8f", "sonnet": "#4c6fbf", "opus": "#b5651d"}
OTHERS = ("#8d6cab", "#c0504d", "#7f7f7f")
INK, FAINT, TICKETS = "#333333", "#e3e3e3", "#8fb8b0"
DAY_LABELS, INTENTS, NAME, FEWEST, STEPS = 6, 8, 18, 5, 5
# Pixels: around the picture, between words and what they name, from one line to the next, from
# the top to what stands under a title, and the least of the ticket's bars.
EDGE, GAP, LINE, HEAD, LEAST = 8, 10, 40, 56, 260


def draw_chart(picture: ChartData) -> Canvas:
    """The picture, with where its words stand; `chart_png` makes a file of it."""
    canvas = Canvas(WIDTH, HEIGHT, SIZE)
    rows = _folded(picture.intents)
    names = max((canvas.length(name) for name, _ in rows), default=0)
    counts = max((canvas.length(f"{number:,}") for _, number in rows), default=0)
    # The tickets have two fifths of it, or what their words need.
    middle = WIDTH - max(WIDTH * 2 / 5, names + LEAST + counts + 2 * GAP)
    _draw_spend(canvas, picture, middle)
    _draw_tickets(canvas, rows, middle + names + GAP, WIDTH - EDGE - counts - GAP)
    return canvas


def chart_png(picture: ChartData) -> bytes:
    """The picture as a PNG file."""
    return draw_chart(picture).png()


def _draw_spend(canvas: Canvas, picture: ChartData, right: float) -> None:
    totals = [sum(parts) for parts in zip(*picture.models.values(), strict=True)]
    steps = _steps(max(totals, default=0))
    left = EDGE + max(canvas.length(_dollars(nano)) for nano in steps) + GAP
    right -= 3 * GAP
    canvas.label("Spend by day, dollars", (left, EDGE), "la", INK, weight=0.6)
    top = _draw_legend(canvas, picture.models, left, right)
    bottom = HEIGHT - LINE - GAP
    pixel = (bottom - top) / (steps[-1] or 1)
    for nano in steps:
        canvas.rule(left, right, bottom - nano * pixel, FAINT)
        canvas.label(_dollars(nano), (left - GAP, bottom - nano * pixel), "rm", INK)
    day = (right - left) / max(len(picture.days), FEWEST)
    heights = [float(bottom)] * len(picture.days)
    for number, (model, spent) in enumerate(picture.models.items()):
        for place, nano in enumerate(spent):
            begins, below = left + place * day, heights[place]
            heights[place] -= nano * pixel
            box = (begins + day / 10, heights[place], begins + day * 9 / 10, below)
            canvas.bar(box, _colour(model, number))
    _draw_days(canvas, picture.days, left, day)


def _draw_legend(canvas: Canvas, models: Iterable[str], left: float, right: float) -> float:
    """The models' colours, in as many lines as they need; where the bars may begin."""
    x, y = left, float(HEAD)
    for number, model in enumerate(models):
        name = short_model_name(model)
        length = 20 + GAP + canvas.length(name)
        if x > left and x + length > right:
            x, y = left, y + LINE
        canvas.bar((x, y, x + 20, y + 20), _colour(model, number))
        canvas.label(name, (x + 20 + GAP, y + 10), "lm", INK)
        x += length + 2 * GAP
    return y + LINE


def _draw_days(canvas: Canvas, days: Sequence[date], left: float, day: float) -> None:
    shown = _spread(len(days))
    for place, told in zip(shown, _dates([days[place] for place in shown]), strict=True):
        middle = left + (place + 0.5) * day
        # The first is moved in where it would leave the picture.
        middle = max(middle, EDGE + canvas.length(told) / 2)
        canvas.label(told, (middle, HEIGHT - LINE + GAP), "ma", INK)


def _draw_tickets(
    canvas: Canvas, rows: Sequence[tuple[str, int]], left: float, right: float
) -> None:
    canvas.label("New tickets", (left, EDGE), "la", INK, weight=0.6)
    most = max((number for _, number in rows), default=1) or 1
    height = (HEIGHT - GAP - HEAD) / max(len(rows), FEWEST)
    for place, (name, number) in enumerate(rows):
        top = HEAD + place * height
        middle, end = top + height * 0.4, left + (right - left) * number / most
        canvas.bar((left, top, max(end, left + 2), top + height * 0.8), TICKETS)
        canvas.label(name, (left - GAP, middle), "rm", INK)
        canvas.label(f"{number:,}", (end + GAP, middle), "lm", INK)


def _steps(most: int) -> Sequence[int]:
    """Round amounts from nothing up to the most, in nano-dollars, at even distances."""
    for power in count():
        for digit in (1, 2, 5):
            step = digit * 10**power
            if most <= step * STEPS:
                return range(0, step * -(-most // step) + 1, step)
    raise AssertionError


def _dollars(nano: int) -> str:
    return f"{(Decimal(nano) / NANO).normalize():,f}"


def _spread(days: int) -> list[int]:
    """Which days are labelled: every one of a few, else a few at even distances, the last too."""
    step = max(-(-days // DAY_LABELS), 1)
    return list(range(days - 1, -1, -step))[::-1]


def _dates(days: Sequence[date]) -> list[str]:
    """Days of the month, with the month's name where it is new."""
    months = [None, *(day.month for day in days)]
    return [
        f"{day.day} {day:%b}" if day.month != before else str(day.day)
        for before, day in zip(months, days, strict=False)
    ]


def _folded(intents: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The most frequent ones by their names; the rest as one."""
    kept, rest = intents, intents[:0]
    if len(intents) > INTENTS:
        kept, rest = intents[: INTENTS - 1], intents[INTENTS - 1 :]
    named = [(_name(name), number) for name, number in kept]
    return [*named, (f"{len(rest)} others", sum(number for _, number in rest))] if rest else named


def _name(intent: str) -> str:
    words = (intent or "not triaged").replace("_", " ")
    return words if len(words) <= NAME else f"{words[: NAME - 1]}…"


def _colour(model: str, number: int) -> str:
    family = next((colour for name, colour in FAMILIES.items() if name in model), None)
    return family or OTHERS[number % len(OTHERS)]
