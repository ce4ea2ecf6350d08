"""What only a person can say of a roster before it is checked: its columns, its coordinates."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert

from geo.coordinates import SYSTEMS
from geo.projected import PROJECTED
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import InvalidInput
from tenants.members.imports import ask_for_check, locked_import
from tenants.members.records import RosterColumnChoice
from tenants.members.roster_columns import SheetColumns, check_choices, check_sheets
from tenants.members.roster_headers import LONGEST_KEY
from tenants.members.roster_matches import forget_matches
from tenants.scope import Scope

SYSTEM_REASONS: Final = ("source_said", "checked_on_map", "measured", "other")


def keep_question(
    scope: Scope,
    import_id: UUID,
    kind: str,
    fault: dict[str, Any],
    options: Sequence[Mapping[str, Any]],
) -> None:
    """A person must decide before it can be checked; `kind`: columns or system."""
    record = locked_import(scope, import_id, "checking")
    record.state, record.faults = "asking", [fault]
    record.question = {"kind": kind, "options": [dict(option) for option in options]}
    forget_matches(scope, import_id)


def choose_columns(
    scope: Scope,
    import_id: UUID,
    columns: Sequence[SheetColumns],
    chosen: Mapping[str, str],
    sheets: Sequence[str],
) -> None:
    """Keep what the office's headers mean, for this file and all later ones, and check again.

    `columns` are those of the file, `chosen` header key -> field or ''. Raises InvalidInput.
    """
    record = locked_import(scope, import_id, "asking", "checked")
    kept = check_sheets(columns, sheets)
    wanted = [sheet for sheet in columns if sheet.sheet in kept]
    remember_columns(scope, wanted, check_choices(wanted, chosen))
    record.decisions = record.decisions | {"sheets": kept}
    note(scope, "choose_columns", "roster_import", import_id, sheets=len(kept))
    ask_for_check(scope, record)


def remember_columns(
    scope: Scope, columns: Sequence[SheetColumns], chosen: Mapping[str, str]
) -> None:
    """Remember what differs from what we would take a header for; the rest needs no memory."""
    ours = {column.key: column.automatic for sheet in columns for column in sheet.columns}
    plain = [key for key, field in chosen.items() if ours.get(key) == field]
    db.session.execute(
        delete(RosterColumnChoice).where(
            RosterColumnChoice.tenant_id == scope.tenant_id, RosterColumnChoice.header.in_(plain)
        )
    )
    remember_headers(
        scope, {key: field for key, field in chosen.items() if key and ours.get(key) != field}
    )


def remember_headers(scope: Scope, meanings: Mapping[str, str]) -> None:
    """Remember what headers mean: key -> field, '' for one to pass over."""
    for key, field in meanings.items():
        said = {"field": field, "chosen_by": scope.person_id}
        db.session.execute(
            insert(RosterColumnChoice)
            .values(id=new_id(), header=key[:LONGEST_KEY], **said)
            .on_conflict_do_update(
                index_elements=["tenant_id", "header"], set_={**said, "chosen_at": func.now()}
            )
        )


def decide_system(
    scope: Scope, import_id: UUID, system: str, *, swapped: bool, reason: str
) -> None:
    """A person says how the coordinates are to be read, in spite of what the numbers show or after.

    The system as declared is confirmed; another one replaces it. The audit keeps which and why.
    """
    record = locked_import(scope, import_id, "asking")
    if system not in (*SYSTEMS, *PROJECTED):
        raise InvalidInput("请选择按哪一种坐标系来读。")
    if reason not in SYSTEM_REASONS:
        raise InvalidInput("请选择依据。")
    declared, record.system = record.system, system
    record.decisions = record.decisions | {"confirmed": True, "swapped": swapped}
    note(
        scope,
        "decide_system",
        "roster_import",
        import_id,
        declared=declared,
        system=system,
        swapped=swapped,
        reason=reason,
    )
    ask_for_check(scope, record)


def check_again(scope: Scope, import_id: UUID) -> None:
    """Ask once more for a check that failed, or that is no longer true.

    What it showed may be so since: a boundary was drawn, and accepting it was refused.
    """
    ask_for_check(scope, locked_import(scope, import_id, "stalled", "checked"))
