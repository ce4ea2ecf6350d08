"""Compounds, buildings and who might live where. Buildings hold households, never people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.demo.chart import Lot
from service.demo.dice import Dice
from service.demo.ground import Block, Mesh, Point, moved
from service.demo.values import Building, Place, Precision

_STEMS = (
    "清和 望津 云锦 听雨 松涛 兰亭 明湖 翠屏 长宁 安泰 锦绣 和顺 "
    "春晖 静园 栖凤 紫藤 梧桐 临溪 远香 朝晖 新禾 青石 百草 金穗 银杏 丁香 白鹭 芳草 竹溪 丰和"
)
_TOWN_ENDINGS = ("小区", "家园", "新村", "公寓", "大院", "苑")
_PASTURE_ENDINGS = ("定居点", "牧业组", "井", "渡")
_KEPT_OF_SITES = 0.85
_OWN_DOOR = 8  # households; a house with fewer has no flat numbers


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives: a point as exact as it is known, its cell, and the address in words."""

    place: Place | None
    cell: str | None
    address: str


def town_compounds(dice: Dice) -> Iterator[str]:
    """Names of urban compounds, each once."""
    return iter(dice.shuffled(_compounded(_TOWN_ENDINGS)))


def pasture_settlements(dice: Dice) -> Iterator[str]:
    """Names of settlements far apart, each once."""
    return iter(dice.shuffled(_compounded(_PASTURE_ENDINGS)))


def _compounded(endings: tuple[str, ...]) -> list[str]:
    return [stem + ending for ending in endings for stem in _STEMS.split()]


def town_sites(mesh: Mesh, block: Block, dice: Dice) -> list[Point]:
    """Up to nine building sites, about 50 m apart in a block of 200 x 250 m, off the streets."""
    sites = []
    for north in (0.8, 0.5, 0.2):
        for east in (0.2, 0.5, 0.8):
            site = mesh.inside(
                block, east + dice.between(-0.05, 0.05), north + dice.between(-0.05, 0.05)
            )
            if dice.chance(_KEPT_OF_SITES):
                sites.append(site)
    return sites or [mesh.inside(block, 0.5, 0.5)]


def pasture_sites(mesh: Mesh, block: Block, dice: Dice) -> list[Point]:
    """Four to eight houses within 400 m of a well, somewhere in the middle of the block."""
    well = mesh.inside(block, dice.between(0.35, 0.65), dice.between(0.35, 0.65))
    return [
        moved(well, dice.between(-280, 280), dice.between(-280, 280))
        for _ in range(dice.whole(4, 8))
    ]


def build(
    lot: Lot, sites: dict[Block, list[Point]], names: Iterator[str], households: list[int]
) -> tuple[Building, ...]:
    """One compound for each block; `households` is used up building by building."""
    buildings: list[Building] = []
    word = "号楼" if max(households) > _OWN_DOOR else "号"
    left = iter(households)
    for number, blocks in enumerate(lot.values(), start=1):
        for block in blocks:
            compound = next(names)
            for house, (lon, lat) in enumerate(sites[block], start=1):
                code, cell = f"{len(buildings) + 1:03d}", f"{number:02d}"
                name = f"{house}{word}"
                buildings.append(Building(code, compound, name, lon, lat, cell, next(left)))
    return tuple(buildings)


def shared_out(total: int, parts: int, dice: Dice) -> list[int]:
    """`parts` uneven positive numbers that add up to `total` exactly."""
    shares = [total // parts + (1 if part < total % parts else 0) for part in range(parts)]
    for _ in range(parts * 2):
        giver, taker = dice.whole(0, parts - 1), dice.whole(0, parts - 1)
        gift = dice.whole(0, shares[giver] // 4)
        shares[giver] -= gift
        shares[taker] += gift
    return shares


class Housing:
    """A community's buildings, to draw homes and workplaces from."""

    def __init__(self, buildings: tuple[Building, ...]) -> None:
        self.buildings = buildings

    def in_cell(self, cell: str) -> list[Building]:
        """The buildings of one cell, never empty for a cell of this community."""
        return [building for building in self.buildings if building.cell == cell]

    def home(self, cell: str, dice: Dice) -> Home:
        """A home in that cell, on a building point most of the time."""
        building = dice.pick(self.in_cell(cell))
        throw = dice.between(0, 1)
        precision: Precision = "building" if throw < 0.9 else "compound" if throw < 0.96 else "cell"
        return self.home_in(building, dice, precision)

    def home_in(self, building: Building, dice: Dice, precision: Precision = "building") -> Home:
        """A home in that building, its point as exact as `precision` says."""
        if precision == "building":
            door = f"{dice.whole(1, 3)}单元{dice.whole(1, 6)}0{dice.whole(1, 2)}室"
            address = building.address + (door if building.households > _OWN_DOOR else "")
            place = Place(building.lon, building.lat, precision)
        else:
            address = building.compound if precision == "compound" else ""
            place = Place(*self._centre(building, precision), precision)
        return Home(place, building.cell, address)

    def _centre(self, building: Building, precision: Precision) -> Point:
        """The middle of the compound, or of the first compound of the cell."""
        compound = (
            building.compound
            if precision == "compound"
            else self.in_cell(building.cell)[0].compound
        )
        return middle_of([other for other in self.buildings if other.compound == compound])


def middle_of(buildings: Sequence[Building]) -> Point:
    """The middle of some buildings: where a compound is put."""
    return (
        round(sum(each.lon for each in buildings) / len(buildings), 7),
        round(sum(each.lat for each in buildings) / len(buildings), 7),
    )
