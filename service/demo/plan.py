"""From a county's plan to its tenants: ground first, then houses, then people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from shapely import Polygon

from service.demo.chart import Lot, joined, read_chart
from service.demo.dice import Dice
from service.demo.draft import Draft, Surroundings
from service.demo.ground import Block, Mesh, MeshPlan, Point, lay_mesh
from service.demo.housing import Housing, build, shared_out
from service.demo.ten_grids import NUMERALS
from service.demo.values import Building, Cell, DemoCounty, DemoTenant, Level


@dataclass(frozen=True, slots=True)
class TownshipPlan:
    """A township and its communities' letters on the chart."""

    slug: str
    name: str
    letters: str


@dataclass(frozen=True, slots=True)
class CommunityPlan:
    """A community, what fills it, and its households where the number is fixed."""

    slug: str
    name: str
    write: Callable[[Draft], None]
    households: int | None = None


@dataclass(frozen=True, slots=True)
class CountyPlan:
    """`households` is the least and most a building has where no total is fixed."""

    slug: str
    name: str
    number: int
    reach_metres: int
    mesh: MeshPlan
    chart: str
    sites: Callable[[Mesh, Block, Dice], list[Point]]
    compounds: Callable[[Dice], Iterator[str]]
    households: tuple[int, int]
    townships: tuple[TownshipPlan, ...]
    communities: dict[str, CommunityPlan]
    write_county: Callable[[Draft, tuple[DemoTenant, ...]], None]
    write_township: Callable[[Draft], None]


def drawn_up(plan: CountyPlan, today: date, telephones: Iterator[str]) -> DemoCounty:
    """The county as on that day. The same plan, day and numbers give the same county."""
    ground = _Ground(plan)
    everything = tuple(building for part in ground.buildings.values() for building in part)
    around = Surroundings(today, telephones, everything)
    townships, communities = [], []
    for number, township in enumerate(plan.townships, start=1):
        area = (plan.number, number, 0)
        lots = [ground.lots[letter] for letter in township.letters]
        draft = ground.draft(
            around, "township", township.slug, township.name, area, plan.slug,
            joined(ground.mesh, lots), township.letters[0],
        )  # fmt: skip
        plan.write_township(draft)
        townships.append(draft.finished())
        for place, letter in enumerate(township.letters, start=1):
            communities.append(ground.community(around, letter, township.slug, (*area[:2], place)))
    county = ground.draft(
        around, "county", plan.slug, plan.name, (plan.number, 0, 0), None,
        joined(ground.mesh, ground.lots.values()), plan.townships[0].letters[0],
    )  # fmt: skip
    plan.write_county(county, tuple(communities))
    return DemoCounty(plan.slug, plan.name, (county.finished(), *townships, *communities))


class _Ground:
    """A county's mesh, and each community's blocks and buildings by its letter."""

    def __init__(self, plan: CountyPlan) -> None:
        self.plan = plan
        self.mesh = lay_mesh(plan.mesh, Dice(f"{plan.slug} mesh"))
        self.lots = read_chart(plan.chart)
        dice = Dice(f"{plan.slug} buildings")
        names = plan.compounds(dice)
        self.buildings = {
            letter: self._built(letter, lot, names, dice) for letter, lot in self.lots.items()
        }

    def community(
        self, around: Surroundings, letter: str, parent: str, area: tuple[int, int, int]
    ) -> DemoTenant:
        """The community of that letter, filled by its plan."""
        plan = self.plan.communities[letter]
        boundary = joined(self.mesh, [self.lots[letter]])
        draft = self.draft(
            around, "community", plan.slug, plan.name, area, parent, boundary, letter
        )
        plan.write(draft)
        return draft.finished()

    def draft(
        self,
        around: Surroundings,
        level: Level,
        slug: str,
        name: str,
        area: tuple[int, int, int],
        parent: str | None,
        boundary: Polygon,
        letter: str,
    ) -> Draft:
        """An empty tenant with that ground; offices above a community are housed in `letter`."""
        own = level == "community"
        tenant = DemoTenant(
            slug=slug,
            name=name,
            level=level,
            area=area,
            parent=parent,
            boundary=boundary,
            reach_metres=self.plan.reach_metres,
            cells=self._cells(self.lots[letter]) if own else (),
            buildings=self.buildings[letter] if own else (),
        )
        return Draft(tenant, Housing(self.buildings[letter]), around, Dice(f"{slug} people"))

    def _cells(self, lot: Lot) -> tuple[Cell, ...]:
        return tuple(
            Cell(f"{number:02d}", f"第{NUMERALS[number - 1]}网格", self.mesh.outline(blocks))
            for number, blocks in enumerate(lot.values(), start=1)
        )

    def _built(
        self, letter: str, lot: Lot, names: Iterator[str], dice: Dice
    ) -> tuple[Building, ...]:
        blocks = [block for blocks in lot.values() for block in blocks]
        sites = {block: self.plan.sites(self.mesh, block, dice) for block in blocks}
        houses, total = sum(map(len, sites.values())), self.plan.communities[letter].households
        if total is not None:
            households = shared_out(total, houses, dice)
        else:
            households = [dice.whole(*self.plan.households) for _ in range(houses)]
        return build(lot, sites, names, households)
