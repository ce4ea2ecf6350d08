"""Can so many people be divided among hosts who take between a minimum and a maximum, or nobody?

Arithmetic only, no map: with 7 to 10 a household, 1 to 6 and 11 to 13 people cannot be divided and
every number from 14 can, given hosts enough. What stands in the way is said in Chinese, with the
smallest relaxation (domain ORG-13, ASG-4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

IMPOSSIBLE: Final = -1


@dataclass(frozen=True)
class Sizes:
    """What the bounds allow for ``people``.

    ``placeable``: how many of them at most can be divided. ``over``: how many more than the maxima
    some household would have to take for all to fit, ``under``: how many fewer than the minima
    (None: no choice of hosts fits that way).
    """

    people: int
    placeable: int
    over: int | None
    under: int | None


def divide(people: int, minimum: Sequence[int], maximum: Sequence[int]) -> Sizes:
    """Weigh every choice of hosts at once: the most it can take for each sum of minima."""
    most = _most_for_each_sum_of_minima(minimum, maximum)
    least = np.arange(len(most))
    possible = most >= 0
    fits = possible & (least <= people)
    placeable = int(np.minimum(most[fits], people).max())
    over = under = None
    if placeable < people:
        over = people - int(most[fits].max())
        more = possible & (least > people) & (most >= people)
        if more.any():
            under = int(least[more].min()) - people
        if not int(most[fits].max()):
            over = None
    return Sizes(people, placeable, over, under)


def _most_for_each_sum_of_minima(
    minimum: Sequence[int], maximum: Sequence[int]
) -> npt.NDArray[np.int64]:
    most = np.full(sum(minimum) + 1, IMPOSSIBLE, np.int64)
    most[0] = 0
    for low, high in zip(minimum, maximum, strict=True):
        taken = np.where(most >= 0, most + high, IMPOSSIBLE)
        if low:
            most[low:] = np.maximum(most[low:], taken[:-low])
        else:
            most = np.maximum(most, taken)
    return most


def explain(sizes: Sizes, minimum: Sequence[int], maximum: Sequence[int]) -> str | None:
    """Why not everybody fits and the least that would help, in one sentence; None when all fit."""
    people, left = sizes.people, sizes.people - sizes.placeable
    if not left:
        return None
    if not len(maximum) or not max(maximum):
        return f"没有可以接待的中心户：请先为这 {people} 人请一户，或由电话联系。"
    room = sum(maximum)
    by_phone = f"让 {left} 人改由电话联系" if sizes.placeable else f"这 {people} 人由电话联系"
    if people > room:
        return (
            f"{people} 人超过 {len(maximum)} 户最多可接待的 {room} 人："
            f"请再请中心户，或{_more(sizes, maximum)}{by_phone}。"
        )
    if people < min(minimum):
        return (
            f"{people} 人不足一户最少的 {min(minimum)} 人："
            f"请让一户只接待 {people} 人，或{by_phone}。"
        )
    bounds, relaxed = _bounds(minimum, maximum), _relaxed(sizes, minimum, maximum)
    return f"{people} 人无法分成{bounds}的组：请{relaxed}，或{by_phone}。"


def _bounds(minimum: Sequence[int], maximum: Sequence[int]) -> str:
    if len({*zip(minimum, maximum, strict=True)}) == 1:
        return f"每户 {minimum[0]} 至 {maximum[0]} 人"
    return "合乎各户人数范围"


def _more(sizes: Sizes, maximum: Sequence[int]) -> str:
    """Only a small excess can be asked of one household."""
    if sizes.over is None or sizes.over > 2:
        return ""
    return f"让一户接待 {max(maximum) + sizes.over} 人，或"


def _relaxed(sizes: Sizes, minimum: Sequence[int], maximum: Sequence[int]) -> str:
    """The smaller of the two ways; of two as small the one that touches the fewest households."""
    over = sizes.over if sizes.over is not None else sizes.people
    if sizes.under is not None and sizes.under < over:
        return f"让一户只接待 {max(min(minimum) - sizes.under, 1)} 人"
    return f"让一户接待 {max(maximum) + over} 人"
