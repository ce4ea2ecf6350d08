"""Who may do what: one readable table. Every route names the right it needs.

Roles are those of domain section 6 that the foundation has. What a role may *see* of the tenant's
people is narrowed further by the lookups: a grid leader gets their own cells, a branch officer
their own branch.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l

ROLES = {
    "county_admin": {
        "see_map",
        "see_places",
        "see_tenants",
        "see_figures",
        "set_reported_figures",
        "plan_assignments",
        "see_jobs",
        "manage_tenants",
        "manage_people",
        "manage_tokens",
        "take_data_away",
        "see_audit",
        "see_doors",
        "open_doors",
        "end_doors",
        "see_redirects",
        "settle_redirects",
    },
    "upper_officer": {
        "see_map",
        "see_places",
        "see_tenants",
        "see_figures",
        "see_doors",
        "open_doors",
        "end_doors",
    },
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
        "edit_grid",
        "see_jobs",
        "reveal_fields",
        "keep_register",
        "keep_documents",
        "export_ledgers",
        "see_figures",
        "set_reported_figures",
        "settle_duplicates",
        "receive_reports",
        "see_certificates",
        "manage_certificates",
        "record_visits",
        "record_movements",
        "manage_devices",
        "manage_people",
        "manage_tokens",
        "take_data_away",
        "manage_buildings",
        "see_audit",
        "see_doors",
        "end_doors",
        "see_redirects",
        "redirect_arrivals",
        "manage_transfers",
        "manage_liaisons",
    },
    "branch_officer": {
        "see_map",
        "see_places",
        "see_members",
        "see_certificates",
        "manage_certificates",
        "record_visits",
        "record_movements",
        "manage_transfers",
        "manage_liaisons",
    },
    "grid_leader": {
        "see_map",
        "see_places",
        "see_members",
        "see_arrivals",
        "register_arrivals",
        "decide_arrivals",
        "see_jobs",
        "reveal_fields",
        "see_certificates",
        "record_visits",
        "record_movements",
        "manage_buildings",
    },
    "visitor_from_above": {
        "see_map",
        "see_places",
        "see_members",
        "see_arrivals",
        "reveal_fields",
        "end_doors",
    },
}

READS_ONLY = {"visitor_from_above"}
"""Roles that change nothing but by `REASONED`: to name a reason and read, or to leave."""
REASONED = {"reveal_fields", "end_doors"}

ROLE_TITLES = {
    "county_admin": _l("县级管理员"),
    "upper_officer": _l("乡镇(街道)干部"),
    "community_admin": _l("社区管理员"),
    "branch_officer": _l("支部委员"),
    "grid_leader": _l("网格长"),
    "visitor_from_above": _l("上级来访"),
}

WIDEST_FIRST = (
    "county_admin",
    "upper_officer",
    "community_admin",
    "grid_leader",
    "branch_officer",
    "visitor_from_above",
)

View = TypeVar("View", bound=Callable[..., Any])


def allows(role: str, right: str) -> bool:
    """Whether a role has a right."""
    return right in ROLES.get(role, set())


def only_looks(role: str, right: str, method: str) -> bool:
    """Whether a role that only reads asks for no more than that (domain STA-4)."""
    looks = method in ("GET", "HEAD", "OPTIONS")
    return role not in READS_ONLY or looks or right in REASONED


def needs(right: str) -> Callable[[View], View]:
    """Names the right a route needs; `front_door` asks for it before the view runs."""
    if not any(right in rights for rights in ROLES.values()):
        raise ValueError(f"no role has the right {right}")

    def name(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]
        return view

    return name


def also_formerly(view: View) -> View:
    """Also for whoever stood here within the last 90 days: what they did then may arrive late."""
    view.also_formerly = True  # type: ignore[attr-defined]
    return view


def works_when_paused(view: View) -> View:
    """A change that a paused tenant still allows, because it takes something away from somebody."""
    view.when_paused = True  # type: ignore[attr-defined]
    return view


def works_when_closed(view: View) -> View:
    """What a closed tenant's administrators still reach until its data is erased."""
    view.when_closed = view.when_paused = True  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """A route that anybody may call, signed in or not."""
    view.right = "open_to_all"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """A route for anybody who is signed in; it touches nothing but the person's own."""
    view.right = "signed_in"  # type: ignore[attr-defined]
    return view
