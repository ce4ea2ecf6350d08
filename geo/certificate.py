"""Checks that an assignment is the best there is, without trusting whoever found it.

A :class:`Certificate` holds the question (places, seats, rules), the answer (a branch for each
member) and prices. Prices prove by weak duality: whatever they are, every assignment costs at least

    sum over members of min(penalty, cheapest allowed cost + price)
    - sum over branches of price x (free seats if price > 0, wanted minimum if price < 0),

so when the answer costs just that, none is better. The cost of leaving a person without a seat is
the penalty, which is more than any chain of moves can cost: first as many people as possible, then
the fewest centimetres. A run that was interrupted has a gap between answer and bound, and says so.

Costs are geodesics in whole centimetres, recomputed here from the places. Nothing of the solvers is
used, only distances. :mod:`geo.certificate_file` reads and writes the JSON.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geo.ellipsoid import arc, chord, to_xyz
from geo.penalty import FARTHEST, least_penalty

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LARGEST: Final = 1 << 60
BUCKETS: Final = 8
ROWS_AT_ONCE: Final = 20_000


class Refused(ValueError):
    """The certificate does not prove what it claims; ``str()`` is one Chinese sentence."""


@dataclass(frozen=True)
class Certificate:
    """``home``, ``work`` (n, 2) and ``lonlat`` (m, 2) in WGS-84 degrees, NaN = no place.

    ``frozen`` (n,): the branch a member was told before, -1 = none. ``forbidden`` (f, 2): member,
    branch. ``labels`` (n): a member's class, "" = none; ``classes`` (m): who may come, empty =
    anyone. ``branch_of`` (n,): the answer, -1 = none. ``reach``, ``total``, ``lower_bound`` and
    ``penalty`` are centimetres. ``placed``, ``total``, ``lower_bound``, ``more_seats`` are claims.
    """

    home: Floats
    work: Floats | None
    labels: Sequence[str] | None
    frozen: Whole
    forbidden: Whole
    lonlat: Floats
    capacity: Whole
    minimum: Whole
    classes: Sequence[frozenset[str]] | None
    reach: int | None
    penalty: int
    branch_of: Whole
    price: Whole
    placed: int
    total: int
    lower_bound: int
    more_seats: int
    member_ids: Sequence[str] | None = None
    branch_ids: Sequence[str] | None = None


@dataclass(frozen=True)
class Verdict:
    """What was recomputed: people ``placed``, ``total`` centimetres, the ``lower_bound`` of any
    assignment of as many, and how many ``more_seats`` a better one might find."""

    placed: int
    total: int
    lower_bound: int
    more_seats: int

    @property
    def proven(self) -> bool:
        """Nothing better exists."""
        return self.total == self.lower_bound and self.more_seats == 0

    @property
    def gap(self) -> float:
        """The share of the total that is not proven to be needed."""
        return 0.0 if self.proven else (self.total - self.lower_bound) / max(self.total, 1)


def check(certificate: Certificate) -> Verdict:
    """Recompute everything; raises :class:`Refused` when a rule is broken or a claim is untrue."""
    _check_shapes(certificate)
    _check_rules(certificate)
    verdict = weigh(certificate)
    claims = (certificate.placed, certificate.total)
    if claims != (verdict.placed, verdict.total):
        raise Refused(
            f"所称安排 {certificate.placed} 人、共 {certificate.total / 100:.2f} 米，"
            f"实算为 {verdict.placed} 人、{verdict.total / 100:.2f} 米：证书不符，请重新计算。"
        )
    if (certificate.lower_bound, certificate.more_seats) != (
        verdict.lower_bound,
        verdict.more_seats,
    ):
        raise Refused(
            f"所称下限 {certificate.lower_bound / 100:.2f} 米未得到证明，"
            f"按证书的价格只能证明 {verdict.lower_bound / 100:.2f} 米"
            + (f"，且可能还能多安排 {verdict.more_seats} 人" if verdict.more_seats else "")
            + "：证书不符，请重新计算。"
        )
    return verdict


def weigh(certificate: Certificate) -> Verdict:
    """Cost of the answer and the bound its prices prove, for an answer that keeps the rules."""
    free = _free(certificate)
    rows = np.flatnonzero(free)
    cost = cost_of(certificate, rows, certificate.branch_of[rows])
    told = np.flatnonzero((certificate.frozen >= 0) & _located(certificate))
    kept = int(cost_of(certificate, told, certificate.frozen[told]).sum())
    seated = certificate.branch_of[rows] >= 0
    spent = int(cost[seated].sum())
    unplaced = int((~seated).sum())

    limit = np.full(len(rows), certificate.penalty, np.int64)
    limit[seated] = np.minimum(
        limit[seated], cost[seated] + certificate.price[certificate.branch_of[rows[seated]]]
    )
    least = _sum(_cheapest(certificate, rows, limit)) - _rent(certificate)
    slack = certificate.penalty * unplaced + spent - least
    more = min(slack // certificate.penalty, unplaced)
    bound = max(least - certificate.penalty * unplaced, 0)
    placed = int((certificate.branch_of >= 0).sum())
    return Verdict(placed, kept + spent, kept + bound, int(more))


def cost_of(certificate: Certificate, rows: Whole, branch: Whole) -> Whole:
    """Centimetres from each member in ``rows`` to ``branch``, from the better place; -1 = none."""
    best = np.full(len(rows), FARTHEST, np.int64)
    goal = certificate.lonlat[branch]
    for place in _places(certificate):
        start = place[rows]
        metres = arc(start, goal, chord(to_xyz(start), to_xyz(goal)))
        known = ~np.isnan(metres)
        best[known] = np.minimum(best[known], np.rint(metres[known] * 100).astype(np.int64))
    best[branch < 0] = -1
    return best


def _places(certificate: Certificate) -> list[Floats]:
    return [certificate.home] + ([] if certificate.work is None else [certificate.work])


def _located(certificate: Certificate) -> Flags:
    located = ~np.isnan(certificate.home[:, 0])
    if certificate.work is not None:
        located |= ~np.isnan(certificate.work[:, 0])
    return np.asarray(located)


def _free(certificate: Certificate) -> Flags:
    return np.asarray(_located(certificate) & (certificate.frozen < 0))


def _sum(numbers: Whole) -> int:
    """An exact sum: a million penalties do not fit into 64 bits."""
    return (int((numbers >> 32).sum()) << 32) + int((numbers & 0xFFFFFFFF).sum())


def _rent(certificate: Certificate) -> int:
    """What the prices collect at most: from every free seat, and back for every wanted one."""
    frozen = certificate.frozen[certificate.frozen >= 0]
    told = np.bincount(frozen, minlength=len(certificate.price))
    seats = certificate.capacity - told
    wanted = np.maximum(certificate.minimum - told, 0)
    units = np.where(certificate.price > 0, seats, wanted)
    return sum(p * u for p, u in zip(certificate.price.tolist(), units.tolist(), strict=True))


def _cheapest(certificate: Certificate, rows: Whole, limit: Whole) -> Whole:
    """min(limit, cheapest allowed cost + price) of each row, over every branch there is.

    Branches of like price share a tree. The nearest few are asked, then twice as many, until the
    farthest seen is too far to matter: a chord is never longer than its geodesic.
    """
    best = limit.copy()
    price = certificate.price
    xyz = to_xyz(certificate.lonlat)
    may = _Rules(certificate)
    for ids in np.array_split(np.argsort(price, kind="stable"), min(BUCKETS, len(price))):
        tree, lowest = KDTree(xyz[ids]), int(price[ids[0]])
        for place in _places(certificate):
            for at in range(0, len(rows), ROWS_AT_ONCE):
                part = np.arange(at, min(at + ROWS_AT_ONCE, len(rows)))
                _ask(certificate, may, tree, ids, lowest, place, rows, part, best)
    return best


def _ask(
    certificate: Certificate,
    may: "_Rules",
    tree: KDTree,
    ids: Whole,
    lowest: int,
    place: Floats,
    rows: Whole,
    part: Whole,
    best: Whole,
) -> None:
    """Lower ``best`` of the rows at ``part`` by one bucket of branches, seen from one place."""
    reach = FARTHEST if certificate.reach is None else certificate.reach
    part = part[~np.isnan(place[rows[part], 0])]
    seen = 2
    while part.size:
        here = place[rows[part]]
        found = tree.query(to_xyz(here), k=np.arange(1, min(seen, tree.n) + 1))
        chords, near = np.asarray(found[0]), np.asarray(found[1])
        asked = np.repeat(part, near.shape[1])
        start, branch = np.repeat(here, near.shape[1], axis=0), ids[near.ravel()]
        goal = certificate.lonlat[branch]
        metres = arc(start, goal, chord(to_xyz(start), to_xyz(goal)))
        cost = np.rint(metres * 100).astype(np.int64)
        allowed = (cost <= reach) & may.go(rows[asked], branch)
        np.minimum.at(best, asked[allowed], (cost + certificate.price[branch])[allowed])
        farthest = np.floor(chords[:, -1] * 100).astype(np.int64) - 1
        part = part[(farthest + lowest < best[part]) & (farthest <= reach)]
        if seen >= tree.n:
            return
        seen *= 2


class _Rules:
    """Who may go where: classes and pairs that were excluded."""

    def __init__(self, certificate: Certificate) -> None:
        self._m = len(certificate.price)
        pairs = certificate.forbidden
        self._forbidden = np.unique(pairs[:, 0] * self._m + pairs[:, 1])
        self._table: Flags | None = None
        if certificate.classes is not None:
            labels = certificate.labels
            names = [""] * len(certificate.home) if labels is None else list(labels)
            known = {name: at for at, name in enumerate(sorted(set(names)))}
            self._label = np.array([known[name] for name in names], np.int64)
            self._table = np.array(
                [[not who or name in who for who in certificate.classes] for name in known], bool
            ).reshape(len(known), self._m)

    def go(self, members: Whole, branch: Whole) -> Flags:
        """Whether each member may go to ``branch``, reach aside."""
        allowed = np.isin(members * self._m + branch, self._forbidden, invert=True)
        if self._table is not None:
            allowed &= self._table[self._label[members], branch]
        return allowed


def _check_shapes(certificate: Certificate) -> None:
    """Numbers that no later arithmetic may stumble over."""
    m = len(certificate.price)
    for answer in (certificate.branch_of, certificate.frozen):
        if ((answer < -1) | (answer >= m)).any():
            raise Refused("证书中有不存在的支部：请重新计算。")
    if (np.abs(certificate.price) > LARGEST).any() or not 0 < certificate.penalty <= LARGEST:
        raise Refused("证书中的价格超出可核对的范围：请重新计算。")
    needed = least_penalty(
        [*_places(certificate), certificate.lonlat], len(certificate.home), m, certificate.reach
    )
    if certificate.penalty < needed:
        raise Refused("证书对“无处安排”计得太轻，不能证明安排的人数最多：请重新计算。")


def _check_rules(certificate: Certificate) -> None:
    """Every rule of the question, each broken one in its own words."""
    branch_of, frozen = certificate.branch_of, certificate.frozen
    load = np.bincount(branch_of[branch_of >= 0], minlength=len(certificate.price))
    moved = (frozen >= 0) & (branch_of != frozen)
    seated = (branch_of >= 0) & (frozen < 0)
    rows = np.flatnonzero(seated)
    allowed = np.ones(len(branch_of), bool)
    allowed[rows] = _Rules(certificate).go(rows, branch_of[rows])
    far = np.zeros(len(branch_of), bool)
    if certificate.reach is not None:
        far[rows] = cost_of(certificate, rows, branch_of[rows]) > certificate.reach
    member, branch = "第 {} 名党员", "第 {} 个支部"
    for broken, sentence in (
        (moved, member + "没有留在已定的支部"),
        (seated & ~_located(certificate), member + "没有坐标却被安排了支部"),
        (~allowed, member + "被安排到不接收他或已被排除的支部"),
        (far, member + "被安排到可达范围之外"),
        (load > certificate.capacity, branch + "的人数超过容量"),
        (load < certificate.minimum, branch + "的人数低于最少人数"),
    ):
        for row in np.flatnonzero(broken):
            raise Refused(sentence.format(row + 1) + "：证书不成立，请重新计算。")
