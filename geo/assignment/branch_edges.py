"""The edges that leave one branch: for every other branch, its cheapest mover, cheapest edge first.

``extra`` of a mover is the centimetres it pays more at the other branch than here; prices are no
part of it, so it changes only when people come and go. The length of an edge is extra + price there
- price here, and prices only rise: so lengths once sorted stay lower bounds, lowered by what the own
price rose since. A search reads from the front and stops early; after much reading the edges are
sorted anew.
"""

from bisect import insort
from collections.abc import Callable, Container, Iterable
from heapq import heapify, heappop, heappush
from typing import Final

SHIFT: Final = 32
LOW: Final = (1 << SHIFT) - 1
READS_BEFORE_SORTING: Final = 2

Row = tuple[list[int], list[int]]


class Edges:
    """Edges of branch ``here``. A key is ``number << SHIFT | index``, so that plain ints compare.

    ``heaps[k]``: keys (extra, member), the top always someone who sits here. ``order``: keys
    (lower bound of the length when ``sorted_at`` was the own price, k); a branch may be in it twice.
    ``price`` is the graph's own list.
    """

    __slots__ = ("heaps", "here", "order", "price", "read", "sorted_at")

    def __init__(self, here: int, price: list[int], people: Iterable[tuple[int, int, Row]]) -> None:
        """Edges of ``people``: (member, own cost, list)."""
        self.here = here
        self.price = price
        self.heaps: dict[int, list[int]] = {}
        self._fill(people)
        self.sort()

    def _fill(self, people: Iterable[tuple[int, int, Row]]) -> None:
        heaps = self.heaps
        for i, own, (branches, costs) in people:
            for k, cost in zip(branches, costs, strict=True):
                key = (cost - own) << SHIFT | i
                if k in heaps:
                    heaps[k].append(key)
                else:
                    heaps[k] = [key]
        heaps.pop(self.here, None)
        for heap in heaps.values():
            heapify(heap)

    def sort(self) -> None:
        """Put the edges in order of their length at today's prices."""
        price = self.price
        own = self.sorted_at = price[self.here]
        self.order = [
            ((heap[0] >> SHIFT) + price[k] - own) << SHIFT | k for k, heap in self.heaps.items()
        ]
        self.order.sort()
        self.read = 0

    def worn(self) -> bool:
        """Whether sorting again costs less than reading on."""
        return self.read > READS_BEFORE_SORTING * len(self.heaps)

    def add(self, i: int, own: int, row: Row, known: Container[int] = ()) -> None:
        """Member i sits here for ``own``; add its edges but those to ``known`` branches."""
        heaps, here, price, order = self.heaps, self.here, self.price, self.order
        base = self.sorted_at + own
        for k, cost in zip(*row, strict=True):
            if k == here or k in known:
                continue
            key = (cost - own) << SHIFT | i
            heap = heaps.get(k)
            if heap is None:
                heaps[k] = [key]
            else:
                shorter = key < heap[0]
                heappush(heap, key)
                if not shorter:
                    continue
            insort(order, (cost - base + price[k]) << SHIFT | k)

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
