"""Amounts: a number, what it counts, and ranges of both."""

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from bot.text.facts.amounts import BETWEEN, CountedNumber, carried_on, measured_together
from bot.text.facts.counted import counts_a_noun, counts_something, moves
from bot.text.facts.dates import ORDINALS
from bot.text.facts.fact import FactKey, ScannedText
from bot.text.facts.numerals import FIGURES, figure_readings, in_roman, numbers_in_words
from bot.text.facts.units import DURATIONS, MONEY, Unit, money_before, scale_at, unit_at
from storage.text.folding import fold

# Money in Vietnam comes in thousands: «20d» is a count of days rather than of dong.
LEAST_DONG = 100
# Nobody spells out so large a number but for an amount.
MANY = 11
# More characters than this are no amount, and more than Python reads as a number.
LONGEST = 40
_NUMBERING = re.compile(
    r"^[ \t]*(?:[-*•][ \t]*)?\(?\d{1,2}[.)][ \t]+|\b(?:step|buoc|option|cach|part|phan)\s+\d{1,2}\b"
    r"|\(\d\)",
    re.MULTILINE,
)
# «First do this. 2. Then do that.», on one line.
_INLINE = re.compile(r"(?<=[.!?:…])\s+\(?\d{1,2}[.)](?=\s+[^\W\d_a-z])")
# «14 more months».
_MORE_OF = re.compile(r" (?:more|further|extra|additional|full|whole)(?= )")
_EITHER = re.compile(r"\s+(?:and|or|va|hoac)\s+")
_ARTICLE = re.compile(
    r"\b(?:(?:be|give|gives|need|within|in|for|after|takes?|lasts?|than|about|every|of|least|most|is|over|around"
    r"|nearly"
    r"|almost|just|whole|full|have|get) an?(?: (?:full|whole|entire))?|half an?"
    r"|until an?|before an?|(?=an? \w+ (?:before|after|later|earlier|ahead|prior|in advance)\b)an?"
    r"|(?=an? \w+ and a half\b)an?"
    r"|half(?=[ -]hours?\b)|first(?= hour\b)"
    r"|(?:three )?quarters? of an?) "
)
_ARTICLE_ITSELF = re.compile(r"(?:half |quarter of |three quarters of )?an?(?: \w+)? \Z")
# «A second one» is no time.
_NEXT = re.compile(r"(?<=second) (?!(?:before|after|later|or|and|ago|long)\b)[a-z]")
_PARTS = (("three quarters", Fraction(3, 4)), ("half", Fraction(1, 2)), ("quarter", Fraction(1, 4)))
_AND_A_HALF = re.compile(r" (?:and a half|ruoi)\b")
_AFTERNOON = re.compile(r"\b(?:chieu|toi|dem)\b[^.!?;\n]{0,30}\Z")
_OCLOCK = re.compile(r"(?:gio|h)(?: ruoi)?\Z")
_REST = re.compile(r"[ \u00a0](?=\d{1,3}[ \u00a0]?(?:k|nghin|ngan|tram|trieu|thousand)\b)(\d{1,3})")
_SPELLED = {
    "quy": {"quý"}, "li": {"li"}, "ly": {"ly"}, "nam": {"năm"}, "ta": {"tạ"}, "tan": {"tấn"},
    "yen": {"yến"}, "phan": {"phân"}, "ky": {"ký", "kí"}, "lang": {"lạng"},
}  # fmt: skip
# «The fourth floor», «a third attempt»; a first one is mostly a manner of speaking.
_NTH = re.compile(
    rf"\b({'|'.join(word for word in ORDINALS if word != 'first')})(?= (?:floor|time|order|lesson"
    r"|session|class|month|year|day|week|attempt|purchase|item|visit|warning|child|person|night"
    r"|instal?ment|payment|try|reminder|member|user|seat)\b)"
)
_WISH = re.compile(r"\b(?:chuc|wish(?:ing)?)(?: \w+){1,8} \Z")
# «200.000đ một người» says what a price is for.
_PRICED = re.compile(r"(?:\d ?(?:d|k|vnd|tr)|dong|vnd|nghin|ngan|trieu) \Z")
_ENDINGS = re.compile(r"(?:st|nd|rd|th|s|x)(?![a-z0-9])")
# «Pounds» are money unless something is weighed.
_POUND, _POUND_OF_WEIGHT = Unit("gbp"), Unit("gram", Fraction(56_699, 125))
_WEIGHED = re.compile(r"\b(?:weigh(?:s|t|ed|ing)?|heavy|kg|kilos?|grams?)\b")
# The last figures of «RC-2200-17» are part of its name.
_NAME = re.compile(r"(?<![0-9])[a-z_]+-?(?:\d+-)*\Z")
# «A 2x2 room», «the up-to-5 kg tariff», «over-65s» name amounts.
_BOUND_BEFORE = re.compile(r"\Ax\Z|\b(?:up-to|under|over)-\Z")
_JOINED = re.compile(r"[a-z0-9_-]*\Z")


def skip_numbering(page: ScannedText) -> None:
    """Let the numbers of list items and steps pass for what they are."""
    for match in _NUMBERING.finditer(page.folded):
        # «Cách 2» is a second way, «cách 2 km» a distance.
        if unit_at(page.folded, match.end()) is None:
            page.blank(*match.span())
    for match in _INLINE.finditer(page.text):
        page.blank(*match.span())


def find_numbers(page: ScannedText) -> None:
    """Take the amounts of a page."""
    folded, low = page.folded, None
    amounts = _apart([*_in_figures(page), *_in_words(page), *_articles(page)])
    amounts = carried_on(folded, measured_together(folded, amounts))
    for place, amount in enumerate(amounts):
        following = amounts[place + 1] if place + 1 < len(amounts) else None
        ranged = _ranged(folded, amount, following)
        _take(page, folded, ranged, low)
        begins = following is not None and _begins(folded, ranged, following)
        low = ranged if begins else None


def _begins(folded: str, amount: CountedNumber, following: CountedNumber) -> bool:
    """Whether a number begins a range that the next one ends: «2-3», «between 2 and 3»."""
    between = folded[amount.end : following.start]
    if BETWEEN.fullmatch(between):
        return True
    before = folded[max(0, amount.start - 12) : amount.start]
    return bool(re.fullmatch(r"\s+(?:and|va)\s+", between) and re.search(r"\bbetween \Z", before))


def _apart(amounts: Iterable[CountedNumber]) -> list[CountedNumber]:
    """The amounts in order; the «triệu» of «2 triệu» is no number of its own."""
    apart: list[CountedNumber] = []
    for amount in sorted(amounts, key=lambda one: one.start):
        if not apart or amount.start >= apart[-1].end:
            apart.append(amount)
    return apart


def _in_figures(page: ScannedText) -> list[CountedNumber]:
    found = []
    for match in FIGURES.finditer(page.folded):
        if len(match[0]) > LONGEST:
            continue
        start, end = match.span()
        money = money_before(page.folded, start)
        before = money[1] if money else start
        joined = _JOINED.search(page.folded[max(0, before - 40) : before])
        if joined and _NAME.search(joined[0]) and not _BOUND_BEFORE.search(joined[0]):
            continue
        amount = _counted(page, CountedNumber(start, end, frozenset(figure_readings(match[0]))))
        if money:
            amount = replace(amount, start=money[1], unit=money[0])
        if amount.end < len(page.folded) and page.folded[amount.end].isalnum():
            ending = _ENDINGS.match(page.folded, amount.end)
            if ending is None:
                continue
            amount = replace(amount, end=ending.end())
        found.append(amount)
    return found


def _in_words(page: ScannedText) -> list[CountedNumber]:
    return [
        _counted(page, CountedNumber(start, end, frozenset({value}), spelled_out=True))
        for start, end, value in numbers_in_words(page)
        if not _WISH.search(page.folded[max(0, start - 60) : start])
        and not (value == 1 and _PRICED.search(page.folded[max(0, start - 12) : start]))
    ] + [
        _counted(page, CountedNumber(start, end, frozenset({value})))
        for start, end, value in in_roman(page)
    ]


def _articles(page: ScannedText) -> list[CountedNumber]:
    """«Within a week» says one week, and «in half an hour» thirty minutes."""
    found = [
        CountedNumber(*match.span(), frozenset({Fraction(ORDINALS[match[1]])}))
        for match in _NTH.finditer(page.folded)
    ]
    for match in _ARTICLE.finditer(page.folded):
        unit = unit_at(page.folded, match.end() - 1)
        if unit is not None and unit[0].kind in DURATIONS and not _NEXT.match(page.folded, unit[1]):
            value = next((size for word, size in _PARTS if word in match[0]), Fraction(1))
            more = _AND_A_HALF.match(page.folded, unit[1])
            begins = _ARTICLE_ITSELF.search(match[0])
            found.append(
                CountedNumber(
                    match.start() + begins.start() if begins else match.end() - 2,
                    more.end() if more else unit[1],
                    frozenset({value + Fraction(1, 2) if more else value}),
                    unit[0],
                    spelled_out=True,
                )
            )
    return found


def _counted(page: ScannedText, amount: CountedNumber) -> CountedNumber:
    """The amount with its scale and unit, as far as they follow."""
    scaled = scale_at(page.folded, amount.end)
    while scaled is not None:
        size, more, end = scaled
        values = frozenset(value * size + more for value in amount.values)
        amount = replace(amount, values=values, scale=size, end=end)
        rest = _REST.match(page.folded, end)
        scaled = scale_at(page.folded, rest.end()) if rest else None
        if rest and scaled is not None and scaled[0] < size:
            # «1 triệu 490 nghìn» is one amount.
            smaller = int(rest[1]) * scaled[0] + scaled[1]
            values = frozenset(value + smaller for value in amount.values)
            amount = replace(amount, values=values, end=scaled[2])
        scaled = None
    dong = re.compile(r"[ \u00a0]?d(?![a-z0-9])").match(page.folded, amount.end)
    if dong is not None:
        money = max(amount.values) >= LEAST_DONG or amount.values == {0}
        kind = Unit("vnd") if money else Unit("minute", Fraction(1440))
        return replace(amount, unit=kind, end=dong.end())
    half = _AND_A_HALF.match(page.folded, amount.end)
    if half is not None:
        values = frozenset(value + _half_of(value) for value in amount.values)
        amount = replace(amount, values=values, end=half.end())
    behind = _MORE_OF.match(page.folded, amount.end) if max(amount.values) > 1 else None
    unit = unit_at(page.folded, behind.end() if behind else amount.end)
    if unit is None or not _unit_meant(page, amount.end, unit[1]):
        return amount
    weighed = unit[0] == _POUND and _WEIGHED.search(page.folded) is not None
    amount = replace(amount, unit=_POUND_OF_WEIGHT if weighed else unit[0], end=unit[1])
    half = _AND_A_HALF.match(page.folded, amount.end)
    if half is not None:
        values = frozenset(value + Fraction(1, 2) for value in amount.values)
        amount = replace(amount, values=values, end=half.end())
    return amount


def _half_of(value: Fraction) -> Fraction:
    """Half of what a number counts in: «một triệu rưỡi» is a million and half a million."""
    scale = next((size for size in (10**9, 10**6, 1_000, 100) if value and value % size == 0), 1)
    return Fraction(scale, 2)


def _unit_meant(page: ScannedText, start: int, end: int) -> bool:
    """Folded, «tạ» is «ta» and «tấn» is «tan»; accents say which is a unit."""
    written = page.text[start:end].strip().lower()
    return not page.accented or written in _SPELLED.get(fold(written), {written})


def _ranged(folded: str, amount: CountedNumber, following: CountedNumber | None) -> CountedNumber:
    """The first number of «2-3 days» counts days; that of «2 pots and 3 days» perhaps."""
    if following is None or amount.unit is not None:
        return amount
    between = folded[amount.end : following.start]
    if BETWEEN.fullmatch(between):
        scaled = frozenset(value * following.scale / amount.scale for value in amount.values)
        return replace(amount, unit=following.unit, values=amount.values | scaled)
    if following.unit is None:
        return amount
    if _EITHER.fullmatch(between):
        return replace(amount, unit=following.unit, loose=True)
    return amount


def _take(page: ScannedText, folded: str, amount: CountedNumber, low: CountedNumber | None) -> None:
    plain: set[FactKey] = {("any", value) for value in amount.values}
    if amount.unit is None:
        bare: set[FactKey] = {("bare", value) for value in amount.values}
        if counts_a_noun(folded, amount.end):
            bare |= {("counted", value) for value in amount.values}
        counts = not amount.spelled_out or (
            max(amount.values) >= MANY
            or (max(amount.values) > 1 and counts_something(folded, amount.start, amount.end))
        )
        page.take(
            "number",
            amount.start,
            amount.end,
            plain if counts else set(),
            plain | bare,
            _span("any", low, amount) if counts else None,
        )
        return
    measures: set[FactKey] = {
        ("amount", amount.unit.kind, value * amount.unit.factor) for value in amount.values
    }
    # «A week» is no more than a week: a «1» that stands anywhere is no ground for it.
    bare = {("bare", value) for value in amount.values if value > 1}
    if amount.unit.kind in MONEY and amount.values == {0}:
        measures.add(("near", "free"))
    needs = measures | bare | _clock(folded, amount)
    if amount.loose:
        needs |= plain
    page.take(
        "number",
        amount.start,
        amount.end,
        needs,
        measures
        | plain
        | _clock(folded, amount)
        | moves(folded, amount.start, amount.end, measures)
        | {("measured", value) for value in amount.values},
        _span(amount.unit.kind, low, amount),
    )


def _span(kind: str, low: CountedNumber | None, high: CountedNumber) -> FactKey | None:
    """The range that two amounts make, in the base of their unit."""
    if low is None or (low.unit or high.unit) != high.unit:
        return None
    factor, ends = (high.unit.factor if high.unit else Fraction(1)), min(high.values)
    # «10 to 300 million» begins at ten million, «500 to 2 million» does not at 500 million.
    begins = max((each for each in low.values if each < ends), default=min(low.values))
    return (kind, begins * factor, ends * factor)


def _clock(folded: str, amount: CountedNumber) -> set[FactKey]:
    """«8 giờ» is eight hours or eight o'clock; «8 tiếng» and «8 hours» are no time of day."""
    if amount.unit != Unit("minute", Fraction(60)) or not _OCLOCK.search(
        folded[amount.start : amount.end]
    ):
        return set()
    hours = {value for value in amount.values if value <= 24}
    if _AFTERNOON.search(folded, max(0, amount.start - 40), amount.start):
        # «Chiều từ 1 giờ rưỡi đến 5 giờ».
        hours |= {value + 12 for value in hours if value < 12}
    return {("time", int(value * 60)) for value in hours}
