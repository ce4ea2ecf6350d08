"""Taking an accepted roster back: whoever it brought goes, whomever it changed is as before.

Only as far as nobody has gone on from it. Whether somebody has is asked of every table that refers
to a member, whichever capability keeps it and whenever that came: a visit, a talk, a placing by a
person's hand. What the import itself led to (its episode, its case, a proposal nobody answered)
does not count and goes along.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, text

from tenants.audit.actions import note, note_people
from tenants.database import db
from tenants.members.roster_matches import ways_back
from tenants.members.roster_updates import change_members
from tenants.scope import Scope

_BROUGHT: Final = """
    CREATE TEMPORARY TABLE brought ON COMMIT DROP AS
    SELECT id, version FROM member WHERE tenant_id = app_tenant() AND import_id = :import
"""
_UNANSWERED: Final = "('signalled', 'proposed', 'unserved')"
# Rows that come from the import itself; where and with what they are still untouched.
_OF_THE_IMPORT: Final = {
    "episode": "true",
    "arrival": f"state IN {_UNANSWERED}",
    "proposal": "decision = 'open'",
    "redirect_suggestion": "decision IN ('open', 'withdrawn')",
    "roster_match": "import_id IN (SELECT id FROM roster_import WHERE tenant_id = app_tenant()"
    " AND state NOT IN ('accepted', 'undoing'))",
}
_GO: Final = (
    "DELETE FROM proposal WHERE tenant_id = app_tenant() AND arrival_id IN"
    " (SELECT id FROM arrival WHERE tenant_id = app_tenant() AND member_id IN (SELECT id FROM gone))",
    "DELETE FROM redirect_suggestion WHERE tenant_id = app_tenant() AND arrival_id IN"
    " (SELECT id FROM arrival WHERE tenant_id = app_tenant() AND member_id IN (SELECT id FROM gone))",
    "DELETE FROM arrival WHERE tenant_id = app_tenant() AND member_id IN (SELECT id FROM gone)",
    "DELETE FROM episode WHERE tenant_id = app_tenant() AND member_id IN (SELECT id FROM gone)",
    "DELETE FROM roster_match WHERE tenant_id = app_tenant() AND member_id IN (SELECT id FROM gone)",
    "DELETE FROM member WHERE tenant_id = app_tenant() AND id IN (SELECT id FROM gone)",
)
_TOLD_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Survey:
    """What taking an import back comes to: people who go, who are put back, who stay and why.

    `kept`: what was done since -> people of whom it was done; one person counts once for each.
    """

    goes: int
    stays: int
    put_back: int
    left_changed: int
    kept: dict[str, int]

    def line(self) -> dict[str, Any]:
        """As it is kept with the import."""
        return {
            "goes": self.goes,
            "stays": self.stays,
            "put_back": self.put_back,
            "left_changed": self.left_changed,
            "kept": self.kept,
        }


def survey(scope: Scope, import_id: UUID) -> Survey:
    """What taking it back would come to now; the caller ends the transaction."""
    kept = _touched(import_id)
    changes, _episodes = ways_back(scope, import_id)
    versions = {change.member_id: change.version for change in changes}
    rows = db.session.execute(
        text(
            "SELECT id, version FROM member WHERE tenant_id = app_tenant() AND id = ANY(:ids)"
            " AND left_on IS NULL"
        ),
        {"ids": list(versions)},
    )
    put_back = sum(versions[id_] == version for id_, version in rows)
    goes, stays = _counts()
    return Survey(goes, stays, put_back, len(changes) - put_back, kept)


def take_back(scope: Scope, import_id: UUID) -> Survey:
    """Do it, in the transaction of the caller; answers what it came to."""
    kept = _touched(import_id)
    goes, stays = _counts()
    connection = db.session.connection()
    for words in _GO:
        connection.exec_driver_sql(words)
    changes, episodes = ways_back(scope, import_id)
    put_back = change_members(scope, changes)
    _close_untouched([episodes[id_] for id_ in put_back if id_ in episodes])
    people = sorted(put_back)
    for start in range(0, len(people), _TOLD_AT_ONCE):
        note_people(scope, "restore_by_undo", people[start : start + _TOLD_AT_ONCE])
    found = Survey(goes, stays, len(put_back), len(changes) - len(put_back), kept)
    note(
        scope,
        "import_undone",
        "roster_import",
        import_id,
        goes=goes,
        stays=stays,
        put_back=found.put_back,
        left_changed=found.left_changed,
    )
    return found


def _touched(import_id: UUID) -> dict[str, int]:
    """Fills `brought` and `gone` (nobody went on from them); answers what was done to how many."""
    db.session.execute(text(_BROUGHT), {"import": import_id})
    connection = db.session.connection()
    connection.exec_driver_sql("CREATE TEMPORARY TABLE touched (id uuid, why text) ON COMMIT DROP")
    connection.exec_driver_sql("ANALYZE brought")
    for words in _questions():
        connection.exec_driver_sql(f"INSERT INTO touched {words}")
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE gone ON COMMIT DROP AS"
        " SELECT id FROM brought EXCEPT SELECT id FROM touched"
    )
    connection.exec_driver_sql("ANALYZE gone")
    rows = connection.exec_driver_sql("SELECT DISTINCT id, why FROM touched")
    return dict(Counter(why for _id, why in rows))


def _questions() -> Iterator[str]:
    """SELECTs of (member, what was done) over `brought`."""
    yield "SELECT id, 'edited' FROM brought WHERE version > 1"
    yield (
        "SELECT e.member_id, 'episode' FROM episode e JOIN brought b ON b.id = e.member_id"
        " WHERE e.tenant_id = app_tenant() GROUP BY 1 HAVING count(*) > 1"
    )
    yield (
        "SELECT e.member_id, 'episode' FROM episode e JOIN brought b ON b.id = e.member_id"
        " JOIN audit_entry a ON a.tenant_id = e.tenant_id AND a.subject_kind = 'episode'"
        " AND a.subject_id = e.id WHERE e.tenant_id = app_tenant()"
    )
    yield from _referring("member", "SELECT id, id FROM brought")
    for own in ("episode", "arrival"):
        yield from _referring(
            own,
            f"SELECT id, member_id FROM {own} WHERE tenant_id = app_tenant()"
            " AND member_id IN (SELECT id FROM brought)",
        )


def _referring(to: str, whose: str) -> Iterator[str]:
    """What refers to rows of a table; `whose`: SELECT of (row's id, member's id)."""
    for table, column in _keys_to(to):
        untouched = _OF_THE_IMPORT.get(table.name)
        unless = f" AND NOT ({untouched})" if untouched else ""
        yield (
            f"SELECT w.member, '{table.name}' FROM \"{table.name}\" r"
            f' JOIN ({whose}) AS w (id, member) ON w.id = r."{column}"'
            f" WHERE r.tenant_id = app_tenant(){unless}"
        )


def _keys_to(name: str) -> Iterator[tuple[Table, str]]:
    for table in db.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.referred_table.name == name and table.name != name:
                for element in key.elements:
                    if element.column.name == "id":
                        yield table, element.parent.name


def _counts() -> tuple[int, int]:
    """(people who go, people who stay) of those the import brought."""
    goes, all_ = db.session.execute(
        text("SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM brought)")
    ).one()
    return goes, all_ - goes


def _close_untouched(episode_ids: Iterable[UUID]) -> None:
    """Take back absences the import opened, unless somebody said something of them since."""
    ids = list(episode_ids)
    if not ids:
        return
    spoken_of = " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table.name}" r WHERE r.tenant_id = e.tenant_id'
        f' AND r."{column}" = e.id)'
        for table, column in _keys_to("episode")
    )
    db.session.execute(
        text(
            "DELETE FROM episode e WHERE e.tenant_id = app_tenant() AND e.id = ANY(:ids)"
            " AND NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.tenant_id = e.tenant_id"
            " AND a.subject_kind = 'episode' AND a.subject_id = e.id)"
            + (f" AND NOT ({spoken_of})" if spoken_of else "")
        ),
        {"ids": ids},
    )
