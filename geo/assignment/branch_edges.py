"""The edges that leave one branch: for every other branch, its cheapest mover, cheapest edge first.

``extra`` of a mover is the centimetres it pays more at the other branch than here; prices are no
part of it. The length of an edge is extra + price there - price here, and prices only rise: so
lengths once sorted stay lower bounds, lowered by what the own price rose since. A search reads from
the front and stops early; after much reading the edges are sorted anew.
"""

from bisect import insort
from heapq import heappop, heappush
from typing import Final

import numpy as np

from geo.assignment.problem import Whole

SHIFT: Final = 32
LOW: Final = (1 << SHIFT) - 1
READS_BEFORE_SORTING: Final = 2


class Edges:
    """Edges of branch ``here``. A key is ``number << SHIFT | index``, so that plain ints compare.

    ``heaps[k]``: keys (extra, member); a top that has left since is dropped when it is read.
    ``order``: keys (lower bound of the length when ``sorted_at`` was the own price, k); a branch may
    be in it twice. ``price`` is the graph's own list. Only movers who would go to k with the own
    price at ``ceiling`` are kept: a higher price needs new edges. After a rise of more than ``ahead``
    at once most of what was kept is of no use.
    """

    __slots__ = ("ahead", "ceiling", "heaps", "here", "order", "price", "read", "sorted_at")

    def __init__(self, here: int, ceiling: int, ahead: int, price: list[int]) -> None:
        self.here = here
        self.ceiling = ceiling
        self.ahead = ahead
        self.price = price
        self.heaps: dict[int, list[int]] = {}
        self.order: list[int] = []
        self.sorted_at = 0
        self.read = 0

    def fill(self, member: Whole, extra: Whole, branch: Whole) -> None:
        """Build the heaps from (member, extra, branch) and sort. A sorted list is a heap."""
        keys = extra << SHIFT | member
        order = np.lexsort((keys, branch))
        branch, keys = branch[order], keys[order]
        starts = np.flatnonzero(np.diff(branch, prepend=-1))
        ends = [*starts.tolist(), len(branch)][1:]
        values = keys.tolist()
        for k, start, end in zip(branch[starts].tolist(), starts.tolist(), ends, strict=True):
            self.heaps[k] = values[start:end]
        self.sort()

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

    def add(self, i: int, own: int, branches: list[int], costs: list[int]) -> None:
        """Member i sits here now, for ``own``, and could go to ``branches``."""
        heaps, here, price, order = self.heaps, self.here, self.price, self.order
        base = self.sorted_at + own
        for k, cost in zip(branches, costs, strict=True):
            if k == here:
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

    def drop_gone(self, k: int, people: set[int]) -> list[int] | None:
        """The heap to k with a top who still sits here; None when nobody is left."""
        heap = self.heaps[k]
        while heap and heap[0] & LOW not in people:
            heappop(heap)
        if heap:
            return heap
        del self.heaps[k]
        return None
