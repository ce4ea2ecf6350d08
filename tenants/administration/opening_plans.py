"""Which tenants a spreadsheet would open, and what is wrong with each row that it would not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from shapely import MultiPolygon, STRtree

from tenants.administration.opening_rows import LEVELS, OpeningRow
from tenants.errors import InvalidInput
from tenants.marking import N_
from tenants.organisations.boundaries import BoundaryFault, Neighbour, beside_others, read_boundary
from tenants.organisations.boundary_files import in_system
from tenants.organisations.rules import is_slug, next_area, proposed_slug
from tenants.people.invitations import normal_email

SENTENCES: Final[dict[str, str]] = {
    "level": N_("级别“%(value)s”认不出来。请写“乡镇”或“社区”。"),
    "name": N_("没有名称。"),
    "name_long": N_("名称太长，最多 80 个字。"),
    "name_twice": N_("%(value)s已经有了，同一个乡镇里不能有两个同名的单位。"),
    "slug": N_("短名“%(value)s”不能用：只能用小写字母、数字和中间的短横，最多 60 个。"),
    "slug_taken": N_("短名 %(value)s 已被使用，请换一个。"),
    "township": N_("没有叫“%(value)s”的乡镇（街道）。请写它的全名，或在表里加一行开通它。"),
    "township_empty": N_("社区要写明属于哪个乡镇（街道）。"),
    "full": N_("这里已经有 999 个下级单位，编号用完了。"),
    "email": N_("“%(value)s”不是一个电子邮箱地址。"),
    "admin_half": N_("管理员的姓名和邮箱要一起填。"),
}

Fault = dict[str, Any]
Said = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """One tenant that can be opened as it stands."""

    row: int
    level: str
    name: str
    slug: str
    area: int
    shape: MultiPolygon | None
    admin_name: str
    admin_email: str


@dataclass(frozen=True, slots=True)
class Known:
    """A tenant or a piece of ground that is there already."""

    area: int
    level: str
    name: str
    shape: shapely.Geometry | None = None


@dataclass(slots=True)
class County:
    """What is there before the first row, and grows with each row that can be opened."""

    slug: str
    area: int
    areas: set[int]
    slug_taken: Callable[[str], bool]
    townships: dict[str, int]
    names: set[tuple[int, str]]
    grounds: list[Known]
    slugs: set[str] = field(default_factory=set)


def plan(
    rows: Sequence[OpeningRow], county: County, system: str, said: Said
) -> tuple[list[Plan], list[Fault]]:
    """Plans for the rows without a fault, townships first; every fault of the others.

    A community may hang in a township of the same file, wherever that row stands.
    """
    plans: list[Plan] = []
    faults: list[Fault] = []
    ordered = sorted(rows, key=lambda row: LEVELS.get(row["level"].lower()) != "township")
    for done, row in enumerate(ordered):
        said(done, len(ordered))
        found = _judge(row, county, system)
        if isinstance(found, Plan):
            plans.append(found)
            _grow(county, found)
        else:
            faults += found
    crossing = _crossings(plans, county, said)
    faults += [fault for found in crossing.values() for fault in found]
    kept = _without(plans, set(crossing))
    faults += [
        _fault(each.row, "township", "township", value="")
        for each in plans
        if each not in kept and each.row not in crossing
    ]
    return kept, sorted(faults, key=lambda fault: (fault["row"], fault["column"]))


def _judge(row: OpeningRow, county: County, system: str) -> Plan | list[Fault]:
    faults: list[Fault] = []

    def wrong(column: str, code: str, **values: object) -> None:
        faults.append(_fault(row.number, column, code, **values))

    level = LEVELS.get(row["level"].lower())
    if level is None:
        wrong("level", "level", value=row["level"][:40])
    name = row["name"]
    if not name:
        wrong("name", "name")
    elif len(name) > 80:
        wrong("name", "name_long")
    above = county.area
    if level == "community":
        above = county.townships.get(row["township"], 0)
        if not above:
            wrong(
                "township",
                "township" if row["township"] else "township_empty",
                value=row["township"][:40],
            )
    if (above, name) in county.names:
        wrong("name", "name_twice", value=name[:40])
    slug = row["slug"].lower()
    if slug and not is_slug(slug):
        wrong("slug", "slug", value=row["slug"][:40])
    elif slug and (slug in county.slugs or county.slug_taken(slug)):
        wrong("slug", "slug_taken", value=slug)
    _judge_administrator(row, wrong)
    shape, ground = _ground(row, system)
    faults += ground
    area = next_area(level, above, county.areas) if level and above else None
    if level and above and area is None:
        wrong("township", "full")
    if faults or level is None or area is None:
        return faults
    slug = slug or proposed_slug(county.slug, area, name)
    return Plan(
        row.number, level, name, slug, area, shape, row["admin_name"], row["admin_email"].lower()
    )


def _judge_administrator(row: OpeningRow, wrong: Callable[..., None]) -> None:
    if bool(row["admin_name"]) != bool(row["admin_email"]) or len(row["admin_name"]) > 60:
        wrong("admin_name", "admin_half")
    elif row["admin_email"]:
        try:
            normal_email(row["admin_email"])
        except InvalidInput:
            wrong("admin_email", "email", value=row["admin_email"][:40])


def _ground(row: OpeningRow, system: str) -> tuple[MultiPolygon | None, list[Fault]]:
    written = row["boundary"]
    if not written:
        return None, []
    if not written.startswith("{"):
        try:
            written = shapely.to_geojson(shapely.from_wkt(written))
        except (shapely.errors.ShapelyError, ValueError, TypeError):
            written = "{"
    judged = in_system(read_boundary(written), system)
    return judged.shape, [_of_ground(row.number, fault) for fault in judged.faults]


def _grow(county: County, plan: Plan) -> None:
    above = county.area if plan.level == "township" else plan.area // 1_000 * 1_000
    county.areas.add(plan.area)
    county.names.add((above, plan.name))
    county.slugs.add(plan.slug)
    if plan.level == "township":
        county.townships.setdefault(plan.name, plan.area)


def _crossings(plans: Sequence[Plan], county: County, said: Said) -> dict[int, list[Fault]]:
    """Row -> faults of ground across somebody else's, there already or in the same file."""
    known = [each for each in county.grounds if each.shape is not None]
    known += [Known(each.area, each.level, each.name, each.shape) for each in plans if each.shape]
    if not known:
        return {}
    tree = STRtree([each.shape for each in known])
    found: dict[int, list[Fault]] = {}
    for done, each in enumerate(plans):
        said(done, len(plans))
        if each.shape is None:
            continue
        near = (known[at] for at in tree.query(each.shape.buffer(0.01)))
        faults = beside_others(each.shape, list(_relations(each, near, known)))
        if faults:
            found[each.row] = [_of_ground(each.row, fault) for fault in faults]
    return found


def _relations(each: Plan, near: Iterable[Known], known: Sequence[Known]) -> Iterable[Neighbour]:
    for other in near:
        if other.level == each.level and other.area != each.area and other.shape is not None:
            yield Neighbour(other.name, other.shape)
    for other in known:
        above = other.level == "county" or (
            other.level == "township" and each.area // 1_000 * 1_000 == other.area
        )
        if other.level != each.level and above and other.shape is not None:
            yield Neighbour(other.name, other.shape, "inside")


def _without(plans: Sequence[Plan], rows: set[int]) -> list[Plan]:
    """The plans but for those rows, and for communities of a township that is not opened."""
    lost = {each.area for each in plans if each.row in rows and each.level == "township"}
    return [
        each for each in plans if each.row not in rows and each.area // 1_000 * 1_000 not in lost
    ]


def _of_ground(row: int, fault: BoundaryFault) -> Fault:
    return {
        "row": row,
        "column": "boundary",
        "code": fault.code,
        "sentence": fault.sentence,
        "values": {key: str(value) for key, value in fault.values.items()},
    }


def _fault(row: int, column: str, code: str, **values: object) -> Fault:
    return {
        "row": row,
        "column": column,
        "code": code,
        "sentence": SENTENCES[code],
        "values": {key: str(value) for key, value in values.items()},
    }
