"""Who may do what: one readable table. Every route names the right it needs.

Roles are those of domain section 6 that the foundation has. What a role may *see* of the tenant's
people is narrowed further by the lookups: a grid leader gets their own cells, a branch officer
their own branch.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l

ROLES = {
    "county_admin": {"see_map", "see_places", "see_tenants", "plan_assignments", "see_jobs"},
    "upper_officer": {"see_map", "see_places", "see_tenants"},
    "community_admin": {
        "see_map",
        "see_places",
        "see_members",
        "see_arrivals",
        "register_arrivals",
        "decide_arrivals",
        "import_rosters",
        "plan_assignments",
        "plan_households",
        "see_jobs",
        "reveal_fields",
        "export_ledgers",
    },
    "branch_officer": {"see_map", "see_places", "see_members"},
    "grid_leader": {
        "see_map",
        "see_places",
        "see_members",
        "see_arrivals",
        "register_arrivals",
        "decide_arrivals",
        "see_jobs",
        "reveal_fields",
    },
}

ROLE_TITLES = {
    "county_admin": _l("县级管理员"),
    "upper_officer": _l("乡镇(街道)干部"),
    "community_admin": _l("社区管理员"),
    "branch_officer": _l("支部委员"),
    "grid_leader": _l("网格长"),
}

WIDEST_FIRST = ("county_admin", "upper_officer", "community_admin", "grid_leader", "branch_officer")

View = TypeVar("View", bound=Callable[..., Any])


def allows(role: str, right: str) -> bool:
    """Whether a role has a right."""
    return right in ROLES.get(role, set())


def needs(right: str) -> Callable[[View], View]:
    """Names the right a route needs; `front_door` asks for it before the view runs."""
    if not any(right in rights for rights in ROLES.values()):
        raise ValueError(f"no role has the right {right}")

    def name(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]
        return view

    return name


def open_to_all(view: View) -> View:
    """A route that anybody may call, signed in or not."""
    view.right = "open_to_all"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """A route for anybody who is signed in; it touches nothing but the person's own."""
    view.right = "signed_in"  # type: ignore[attr-defined]
    return view
