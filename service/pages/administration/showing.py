"""One tenant below on its page, and a boundary with its faults painted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template
from flask_babel import gettext
from flask_babel import gettext as _
from shapely import MultiPolygon

from service.forms.administration import (
    BoundaryForm,
    InviteForm,
    LimitsForm,
    MoveForm,
    ReasonForm,
)
from service.page_frame import may
from service.rights import ROLE_TITLES
from service.sketches import Sketch, sketch
from service.words import SYSTEM_WORDS
from tenants.administration.lookups import administrators_below
from tenants.organisations.below import TenantCard, extent_below, ground_around, tenants_below
from tenants.organisations.boundaries import BoundaryFault
from tenants.organisations.limits import MEGABYTE, usage
from tenants.organisations.lookups import boundary_shape
from tenants.people.rules import may_give
from tenants.scope import Scope, acting_below


@dataclass(frozen=True, slots=True)
class GroundFault:
    """A boundary that was sent, and what is wrong with it."""

    shape: MultiPolygon | None = None
    faults: Sequence[BoundaryFault] = ()
    notices: Sequence[BoundaryFault] = ()
    level: str = "community"

    @classmethod
    def of(cls, form: BoundaryForm) -> "GroundFault":
        """Read from a form whose system was named; without one the form itself says so."""
        level = form.level.data if "level" in form else "community"
        judged = form.ground() if form.system.data in SYSTEM_WORDS else None
        if judged is None:
            return cls(level=level)
        return cls(judged.shape, judged.faults, judged.notices, level)

    def because(self, faults: Sequence[BoundaryFault]) -> "GroundFault":
        return replace(self, faults=faults)


@dataclass(frozen=True, slots=True)
class GroundPage:
    """What a template shows of a boundary: sentences and a drawing."""

    said: list[str]
    sketch: Sketch | None


def ground_page(scope: Scope, ground: GroundFault, *, but: int | None = None) -> GroundPage | None:
    """The faults in words and painted; None when there are none."""
    if not ground.faults:
        return None
    said = [fault_words(fault) for fault in ground.faults]
    middle = ground.shape or next((f.shape for f in ground.faults if f.shape), None)
    if middle is None:
        return GroundPage(said, None)
    middle = middle if middle.geom_type != "Point" else middle.buffer(0.005)
    around = ground_around(scope, ground.level, scope.area + 1, middle, but=but)
    shapes: list[tuple[str, Any]] = [
        ("around", each.shape) for each in around if each.relation == "beside"
    ]
    if ground.shape is not None:
        shapes.append(("ground", ground.shape))
    shapes += [("fault", fault.shape) for fault in ground.faults if fault.shape is not None]
    return GroundPage(said, sketch(shapes, middle))


def fault_words(fault: BoundaryFault) -> str:
    """A fault's sentence in the reader's language."""
    sentence = gettext(fault.sentence)
    return sentence % fault.values if fault.values else sentence


def card_page(
    scope: Scope,
    card: TenantCard,
    *,
    boundary: BoundaryForm | None = None,
    ground: GroundFault | None = None,
    invite: InviteForm | None = None,
    limits: LimitsForm | None = None,
) -> str:
    """One tenant below with everything that can be done to it."""
    below = card.scope(scope)
    townships = [
        (other.area, other.name)
        for other in tenants_below(scope)
        if other.level == "township" and other.state == "open"
    ]
    invite = invite or InviteForm()
    invite.offer([(role, ROLE_TITLES[role]) for role in may_give(scope.role, card.level)])
    move = MoveForm()
    move.offer([each for each in townships if each[0] != card.township_area])
    with acting_below(below):
        shape = boundary_shape(below)
    painted = None if ground is None else ground_page(scope, ground, but=card.id)
    return render_template(
        "administration/show.html",
        it=card,
        township=dict(townships).get(card.township_area, ""),
        people=administrators_below(below) if may("manage_tenants") else None,
        sketch=None if shape is None else sketch([("ground", shape)], shape),
        ground=painted,
        bounds=shape.bounds if shape is not None else extent_below(scope),
        boundary=boundary or BoundaryForm(),
        invite=invite,
        move=move,
        reason=ReasonForm(),
        limits=limits or LimitsForm(obj=card),
        usage=_usage(below) if may("manage_tenants") else (),
        titles=ROLE_TITLES,
    )


def _usage(below: Scope) -> list[tuple[str, str, str]]:
    with acting_below(below):
        found = usage(below)
    return [
        (_("名册里的人"), f"{found.members:,}", f"{found.most_members:,}"),
        (_("这一小时的导入"), f"{found.imports_this_hour}", f"{found.most_imports_an_hour}"),
        (_("保存的文件（MB）"), f"{found.kept_bytes / MEGABYTE:,.1f}", f"{found.most_megabytes:,}"),
    ]
