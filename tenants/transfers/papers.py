"""A transfer letter as it is printed: what the register holds of it and of whom it is of (TRF-2)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from tenants.database import db
from tenants.members.records import Member
from tenants.scope import Scope
from tenants.transfers.lookups import LetterLine, letter
from tenants.transfers.rules import age_on


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """`sex` is '' and `age` None where the register does not hold it: a line to fill in by hand.

    Phone and document number are sealed and are not opened for paper; they are lines as well.
    """

    letter: LetterLine
    sex: str
    stage: str
    age: int | None


def letter_paper(scope: Scope, letter_id: UUID) -> LetterPaper:
    """One letter to be printed, also of somebody who has left. Raises NotFound."""
    found = letter(scope, letter_id)
    row = db.session.execute(
        select(Member.sex, Member.stage, Member.born_on, Member.born_precision).where(
            Member.tenant_id == scope.tenant_id, Member.id == found.member_id
        )
    ).one()
    age = age_on(row.born_on, row.born_precision, found.stub.issued_on)
    return LetterPaper(found, row.sex, row.stage, age)
