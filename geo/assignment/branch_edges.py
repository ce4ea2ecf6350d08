"""The edges that leave one branch: for every other branch, its cheapest mover, cheapest edge first.

``extra`` of a mover is the centimetres it pays more at the other branch than here; prices are no
part of it, so it changes only when people come and go. The length of an edge is extra + price there
- price here, and prices only rise: so lengths once sorted stay lower bounds, lowered by what the own
price rose since. A search reads from the front and stops early; after enough reading the edges are
sorted anew.
"""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from typing import Final

SHIFT: Final = 32
LOW: Final = (1 << SHIFT) - 1
READ_BEFORE_SORTING: Final = 4

Row = tuple[list[int], list[int]]


class Edges:
    """Edges of branch ``here``. A key is ``number << SHIFT | index``, so that plain ints compare.

    ``heaps[k]``: keys (extra, member), the top always someone who sits here. ``order``: keys
    (length when sorted, k). ``fresh``: branches whose edge got shorter since.
    """

    __slots__ = ("fresh", "heaps", "here", "order", "read", "sorted_at")

    def __init__(self, here: int) -> None:
        self.here = here
        self.heaps: dict[int, list[int]] = {}
        self.order: list[int] = []
        self.fresh: list[int] = []
        self.sorted_at = 0
        self.read = 0

    def fill(self, people: Iterable[tuple[int, int, Row]]) -> None:
        """Edges of (member, own cost, list)."""
        heaps = self.heaps
        here = self.here
        for i, own, (branches, costs) in people:
            for k, cost in zip(branches, costs, strict=True):
                key = (cost - own) << SHIFT | i
                if k in heaps:
                    heaps[k].append(key)
                else:
                    heaps[k] = [key]
        heaps.pop(here, None)
        for heap in heaps.values():
            heapify(heap)

    def sort(self, price: list[int]) -> None:
        """Put the edges in order of their length at today's prices."""
        own = self.sorted_at = price[self.here]
        self.order = sorted(
            ((heap[0] >> SHIFT) + price[k] - own) << SHIFT | k for k, heap in self.heaps.items()
        )
        self.fresh.clear()
        self.read = 0

    def worn(self) -> bool:
        """Whether sorting again costs less than reading on."""
        return self.read > READ_BEFORE_SORTING * len(self.order)

    def add(self, i: int, own: int, row: Row, known: frozenset[int] | set[int]) -> None:
        """Member i sits here for ``own``; add its edges but those to ``known`` branches."""
        heaps, here = self.heaps, self.here
        for k, cost in zip(*row, strict=True):
            if k == here or k in known:
                continue
            key = (cost - own) << SHIFT | i
            heap = heaps.get(k)
            if heap is None:
                heaps[k] = [key]
                self.fresh.append(k)
            else:
                if key < heap[0]:
                    self.fresh.append(k)
                heappush(heap, key)

    def drop(self, i: int, row: Row, is_here: Callable[[int], bool]) -> None:
        """Member i has left (``is_here`` says so already); edges it led get their next mover."""
        heaps = self.heaps
        for k in row[0]:
            heap = heaps.get(k)
            if heap and heap[0] & LOW == i:
                while heap and not is_here(heap[0] & LOW):
                    heappop(heap)
                if not heap:
                    del heaps[k]
