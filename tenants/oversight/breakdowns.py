"""The affiliated members of one tenant by age, sex and residence, each with those nobody knows.

Source: domain STA-3, Q1: parts always come with "unknown", so that they add up to the whole. The
age bands are those of 004_2db8 一(三).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text

from tenants.database import db
from tenants.grid.lookups import groups_today
from tenants.scope import Scope

KINDS: Final = {
    "age": ("under_50", "50_to_59", "60_and_over", "unknown"),
    "sex": ("f", "m", "unknown"),
    "residence": ("inside", "outside", "unknown"),
}

_QUESTION = text("""
    SELECT CASE WHEN born_on IS NULL OR born_precision = 'unknown' THEN 'unknown'
                WHEN born_on > :day - interval '50 years' THEN 'under_50'
                WHEN born_on > :day - interval '60 years' THEN '50_to_59'
                ELSE '60_and_over' END AS age,
           CASE sex WHEN '女' THEN 'f' WHEN '男' THEN 'm' ELSE 'unknown' END AS sex,
           residence, count(*) AS people
    FROM member
    WHERE tenant_id = :tenant AND affiliation = 'affiliated'
      AND (left_on IS NULL OR left_on > :day)
    GROUP BY 1, 2, 3
""")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Parts in the order of KINDS and their sum, which is the number of affiliated members."""

    kind: str
    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(people for _, people in self.parts)


def breakdowns(scope: Scope, day: date) -> list[Breakdown]:
    """The tenant's own, as known now for `day`; ages by the first day a birth date may mean."""
    rows = db.session.execute(_QUESTION, {"tenant": scope.tenant_id, "day": day}).mappings().all()
    return [
        Breakdown(
            kind,
            tuple(
                (part, sum(row["people"] for row in rows if row[kind] == part)) for part in parts
            ),
        )
        for kind, parts in KINDS.items()
    ]


def own_register(scope: Scope, day: date) -> dict[str, int]:
    """What a community's own register says of figures that no snapshot holds; key -> number.

    Ages are those of the affiliated members, as in the breakdown; who has no birth date is in none.
    """
    age = next(each for each in breakdowns(scope, day) if each.kind == "age")
    found = {f"members.age_{part}": people for part, people in age.parts if part != "unknown"}
    return found | {
        "members.age_known": sum(found.values()),
        "groups.total": len(groups_today(scope)),
    }
