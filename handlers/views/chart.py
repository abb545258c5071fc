"""The digest's picture: spend by day stacked by model, and new tickets by intent."""

import io
import logging
from collections.abc import Sequence
from datetime import date

# Its font manager speaks at INFO about every font it finds.
logging.getLogger("matplotlib").setLevel(logging.WARNING)

from matplotlib.axes import Axes  # noqa: E402
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: E402

from bot.reports.digest import ChartData  # noqa: E402
from bot.reports.wording import short_model_name  # noqa: E402
from bot.text.money import NANO  # noqa: E402

# Slack shows about 500 pixels of it, so 160 dots an inch leave room for a sharp screen.
INCHES, DPI = (8.0, 4.0), 160
FAMILIES = {"haiku": "#2a9d8f", "sonnet": "#4c6fbf", "opus": "#b5651d"}
OTHERS = ("#8d6cab", "#c0504d", "#7f7f7f")
INK, FAINT = "#333333", "#e3e3e3"
DAY_LABELS, INTENTS, NAME, FEWEST = 6, 8, 18, 5
SIZE = 12


def draw_chart(picture: ChartData) -> Figure:
    """The figure; `chart_png` makes a file of it."""
    figure = Figure(figsize=INCHES, dpi=DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    spend, tickets = figure.subplots(1, 2, width_ratios=(3, 2))
    _spend(spend, picture)
    _tickets(tickets, picture.intents)
    return figure


def chart_png(picture: ChartData) -> bytes:
    """The picture as a PNG file. Takes some hundred milliseconds of a processor."""
    buffer = io.BytesIO()
    draw_chart(picture).savefig(buffer, format="png")
    return buffer.getvalue()


def _spend(axes: Axes, picture: ChartData) -> None:
    _plain(axes, "Spend by day, dollars")
    places = range(len(picture.days))
    below = [0.0] * len(picture.days)
    for number, (model, nano) in enumerate(picture.models.items()):
        heights = [each / NANO for each in nano]
        axes.bar(
            places,
            heights,
            bottom=below,
            color=_colour(model, number),
            label=short_model_name(model),
            width=0.8,
        )
        below = [low + high for low, high in zip(below, heights, strict=True)]
    axes.set_ylim(0, max(below, default=0) * 1.28 or 1)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    shown = _spread(len(picture.days))
    axes.set_xticks(shown, _dates([picture.days[place] for place in shown]))
    axes.tick_params(axis="x", pad=8)
    axes.set_xlim(-0.6, max(len(picture.days), FEWEST) - 0.4)
    if picture.models:
        axes.legend(
            ncols=3, fontsize=SIZE - 1, loc="upper left", handlelength=0.8, columnspacing=1.0,
            handletextpad=0.4, borderpad=0.1, framealpha=1, edgecolor="white", labelcolor=INK,
        )  # fmt: skip


def _tickets(axes: Axes, intents: Sequence[tuple[str, int]]) -> None:
    _plain(axes, "New tickets")
    rows = _folded(intents)[::-1]
    bars = axes.barh(
        [_name(name) for name, _ in rows], [count for _, count in rows], color="#8fb8b0"
    )
    axes.bar_label(bars, [f"{count:,}" for _, count in rows], padding=3, fontsize=SIZE, color=INK)
    axes.set_ylim(len(rows) - max(len(rows), FEWEST) - 0.5, len(rows) - 0.5)
    axes.set_xlim(0, max((count for _, count in rows), default=1) * 1.3)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _plain(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=SIZE + 1, color=INK, fontweight="bold")
    axes.tick_params(labelsize=SIZE, colors=INK, length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)


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
    """The most frequent ones; the rest as one."""
    if len(intents) <= INTENTS:
        return list(intents)
    kept, rest = intents[: INTENTS - 1], intents[INTENTS - 1 :]
    return [*kept, (f"{len(rest)} others", sum(count for _, count in rest))]


def _name(intent: str) -> str:
    words = (intent or "not triaged").replace("_", " ")
    return words if len(words) <= NAME else f"{words[: NAME - 1]}…"


def _colour(model: str, number: int) -> str:
    family = next((colour for name, colour in FAMILIES.items() if name in model), None)
    return family or OTHERS[number % len(OTHERS)]
