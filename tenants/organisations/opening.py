"""Opening a township or a community, and giving it other ground."""

from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon
from sqlalchemy import select

from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotAllowed
from tenants.organisations.actions import draw_boundary, open_tenant
from tenants.organisations.below import TenantCard, ground_around, taken_areas, tenants_below
from tenants.organisations.boundaries import BoundaryFault, beside_others, other_system
from tenants.organisations.records import Tenant
from tenants.organisations.rules import is_slug, next_area, proposed_slug
from tenants.scope import Scope, acting_below

OPENS_TENANTS = ("county_admin", "operator")
LANGUAGES = ("zh_Hans", "zh_Hant", "en")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a person says about a new tenant. `township` is the area of the one it hangs in."""

    level: str
    name: str
    slug: str = ""
    township: int | None = None
    shape: MultiPolygon | None = None
    language: str = "zh_Hans"
    system: str = "wgs84"


class BadBoundary(InvalidInput):
    """A boundary that cannot be kept; `faults` can be painted."""

    code = "bad_boundary"

    def __init__(self, faults: tuple[BoundaryFault, ...]) -> None:
        super().__init__(faults[0].said, faults=[fault.feature() for fault in faults])
        self.found = faults


def open_below(scope: Scope, opening: Opening, day: date) -> Scope:
    """Open a tenant in the next free number; answers its scope. The caller commits.

    Raises InvalidInput, Conflict, BadBoundary, NotAllowed.
    """
    above = _above(scope, opening)
    area = next_area(opening.level, above, taken_areas(scope))
    if area is None:
        raise Conflict("这里已经有 999 个下级单位，编号用完了。")
    slug = opening.slug or proposed_slug(scope.slug, area, opening.name)
    if not is_slug(slug):
        raise InvalidInput("短名只能用小写字母、数字和中间的短横，最多 60 个。")
    if db.session.execute(select(Tenant.id).where(Tenant.slug == slug)).first():
        raise Conflict("名称 %(slug)s 已被使用,请换一个。", slug=slug)
    if opening.shape is not None:
        judge_ground(scope, opening.level, area, opening.shape, system=opening.system)
    opened = open_tenant(scope, opening.level, area, slug, opening.name)
    _speak(opened, opening.language)
    if opening.shape is not None:
        with acting_below(opened):
            draw_boundary(opened, opening.shape, day)
    return opened


def judge_ground(
    scope: Scope,
    level: str,
    area: int,
    shape: MultiPolygon,
    *,
    but: int | None = None,
    system: str = "wgs84",
) -> None:
    """Raises BadBoundary when a boundary does not fit beside those that are there.

    `system`: in which its numbers were said to be; another that would fit is named.
    """
    others = ground_around(scope, level, area, shape, but=but)
    faults = beside_others(shape, others)
    if faults:
        hint = other_system(shape, system, others)
        raise BadBoundary((*faults, hint) if hint else faults)


def redraw_boundary(
    scope: Scope, card: TenantCard, shape: MultiPolygon, day: date, system: str = "wgs84"
) -> None:
    """Other ground for a tenant from a day on; the boundary before it is kept with its days."""
    _may_open(scope)
    judge_ground(scope, card.level, card.area, shape, but=card.id, system=system)
    below = card.scope(scope)
    with acting_below(below):
        draw_boundary(below, shape, day)


def _above(scope: Scope, opening: Opening) -> int:
    _may_open(scope)
    if not opening.name.strip():
        raise InvalidInput("请填名称。")
    if opening.level == "township":
        return scope.area
    townships = {
        card.area
        for card in tenants_below(scope)
        if card.level == "township" and card.state == "open"
    }
    if opening.township not in townships:
        raise InvalidInput("请选择它属于哪个乡镇（街道）。")
    return opening.township


def _may_open(scope: Scope) -> None:
    if scope.level != "county" or scope.role not in OPENS_TENANTS:
        raise NotAllowed


def _speak(opened: Scope, language: str) -> None:
    if language not in LANGUAGES:
        raise InvalidInput("没有这种语言，请从列出的里面选。")
    tenant = db.session.get(Tenant, opened.tenant_id)
    if tenant is not None:
        tenant.language = language
