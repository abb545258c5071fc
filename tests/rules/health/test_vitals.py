"""Which parts of the desk are ill: looked at together, told once."""

import asyncio
from collections.abc import Sequence

from bot.health.vitals import Ailment, Vitals


class Part:
    """A part that is as ill as a test wants it."""

    def __init__(self) -> None:
        self.sentence: str | None = None

    async def sign(self) -> str | None:
        return self.sentence


async def broken() -> str | None:
    raise RuntimeError("password=secret")


async def silent() -> str | None:
    await asyncio.sleep(60)
    return None


async def test_it_is_told_when_a_part_falls_ill_and_when_it_is_well_again() -> None:
    """And whenever it is ill in another way, but not at a look that finds the same."""
    vitals, part, told = Vitals(), Part(), list[list[str]]()

    async def tell(ailments: Sequence[Ailment]) -> None:
        told.append([each.sentence for each in ailments])

    vitals.watch("database", part.sign, vital=True)
    vitals.follow(tell)
    await vitals.look()
    assert vitals.serving
    for part.sentence in ("locked for 10 s", "locked for 20 s", "locked for 20 s"):
        await vitals.look()
    (ill,) = vitals.ailments
    assert (ill.sentence, vitals.serving) == ("locked for 20 s", False)
    part.sentence = None
    await vitals.look()

    assert told == [["locked for 10 s"], ["locked for 20 s"], []]
    assert vitals.serving


async def test_what_cannot_be_looked_at_is_ill_and_holds_up_no_other() -> None:
    """One that breaks and one that says nothing; neither says more of itself than its kind."""
    vitals, well = Vitals(within=0.01), Part()
    vitals.watch("engine", broken)
    vitals.watch("slack", silent, vital=True)
    vitals.watch("model", well.sign)

    ill = {each.part: each.sentence for each in await vitals.look()}

    assert ill == {
        "engine": "cannot be looked at (RuntimeError)",
        "slack": "gave no answer within 0.01 seconds",
    }
    assert not vitals.serving


async def test_a_follower_that_fails_keeps_nothing_from_the_others() -> None:
    """Slack may be the part that is ill."""
    vitals, part, told = Vitals(), Part(), []

    async def fails(_ailments: Sequence[Ailment]) -> None:
        raise RuntimeError

    async def tell(ailments: Sequence[Ailment]) -> None:
        told.append(len(ailments))

    vitals.watch("slack", part.sign)
    vitals.follow(fails)
    vitals.follow(tell)
    part.sentence = "away"
    await vitals.look()

    assert told == [1]


async def test_it_looks_by_itself() -> None:
    """Until it is stopped."""
    looked = asyncio.Event()

    async def sign() -> str | None:
        looked.set()
        return None

    vitals = Vitals(every=0.001)
    vitals.watch("engine", sign)
    async with vitals:
        await asyncio.wait_for(looked.wait(), 5)
