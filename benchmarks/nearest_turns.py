"""Two ways of doing something, measured in turn so that a busy machine slows both."""

from collections.abc import Callable
from statistics import median
from time import perf_counter


def in_turn(
    rounds: int, *variants: Callable[[], object], before: Callable[[], object] | None = None
) -> list[float]:
    """The median seconds of each variant over ``rounds`` rounds, after one round to warm up.

    ``before`` is called before each, outside the measured time.
    """
    seconds: list[list[float]] = [[] for _ in variants]
    for turn in range(rounds + 1):
        for variant, taken in zip(variants, seconds, strict=True):
            if before is not None:
                before()
            began = perf_counter()
            variant()
            if turn:
                taken.append(perf_counter() - began)
    return [median(taken) for taken in seconds]


def line(what: str, measured: float, at_most: float | None, note: str = "") -> None:
    """Print one figure of the table with its limit."""
    limit = "" if at_most is None else f"at most {at_most:g}"
    verdict = "" if at_most is None else ("holds" if measured <= at_most else "FALLS SHORT")
    print(f"{what:58} {measured:9.4f}  {limit:14} {verdict:12} {note}", flush=True)
