"""Telling two people apart, linking one person's two records, and undoing either."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from tenants.audit.actions import note, note_people
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.grid.staying import hand_stay, hand_stay_back
from tenants.members.duplicates.lookups import without_mark
from tenants.members.duplicates.records import MemberLink, MemberMark, NotTheSame
from tenants.members.records import Member
from tenants.organisations.sealing import county_mark, seal_of
from tenants.outbox.actions import recount
from tenants.scope import Scope

BATCH = 2_000


def tell_apart(scope: Scope, one_id: UUID, other_id: UUID) -> UUID:
    """Keep that two who look alike are two people; the pair does not come up again."""
    first, second = sorted((_member(scope, one_id).id, _member(scope, other_id).id))
    if first == second:
        raise InvalidInput("请选两条不同的记录。")
    db.session.execute(
        insert(NotTheSame)
        .values(id=new_id(), first_id=first, second_id=second, said_by=scope.person_id)
        .on_conflict_do_nothing(index_elements=["tenant_id", "first_id", "second_id"])
    )
    note_people(scope, "tell_apart", (first, second))
    return db.session.execute(
        select(NotTheSame.id).where(
            NotTheSame.tenant_id == scope.tenant_id,
            NotTheSame.first_id == first,
            NotTheSame.second_id == second,
        )
    ).scalar_one()


def ask_again(scope: Scope, said_id: UUID) -> None:
    """Undo `tell_apart`: the pair comes up again. Raises NotFound."""
    gone = db.session.execute(
        delete(NotTheSame)
        .where(NotTheSame.tenant_id == scope.tenant_id, NotTheSame.id == said_id)
        .returning(NotTheSame.first_id, NotTheSame.second_id)
    ).one_or_none()
    if gone is None:
        raise NotFound
    note_people(scope, "ask_about_again", gone)


def link(scope: Scope, kept_id: UUID, merged_id: UUID) -> UUID:
    """Let `merged` stand behind `kept`; nothing is deleted. Answers the link's id.

    Pages ask `tenants.liaisons.following`, which takes the liaisons along both ways.
    Raises Conflict for a record that is placed with a branch, which would keep its seat, for one
    that has others behind it, and for one that is gone already.
    """
    kept, merged = _member(scope, kept_id), _member(scope, merged_id)
    if kept.id == merged.id:
        raise InvalidInput("请选两条不同的记录。")
    if merged.branch_id is not None:
        raise Conflict("要合并掉的这条已经编入支部，请保留它，或先撤销它的编入。")
    behind = select(MemberLink.id).where(
        MemberLink.tenant_id == scope.tenant_id,
        MemberLink.kept_id == merged.id,
        MemberLink.unlinked_at.is_(None),
    )
    if db.session.execute(behind).first():
        raise Conflict("要合并掉的这条后面还有别的记录，请保留它。")
    # Both are one person: whoever went on leading the one goes on leading the other.
    stay_id = hand_stay(scope, merged.id, kept.id)
    record = MemberLink(
        kept_id=kept.id, merged_id=merged.id, linked_by=scope.person_id, stay_id=stay_id
    )
    db.session.add(record)
    merged.left_on = datetime.now(UTC).date()
    merged.version += 1
    db.session.flush()
    note_people(scope, "link_members", (kept.id, merged.id))
    recount(scope)
    return record.id


def unlink(scope: Scope, link_id: UUID) -> None:
    """Undo `link`: both stand in the register again, as they were. Raises NotFound."""
    record = db.session.execute(
        select(MemberLink)
        .where(
            MemberLink.tenant_id == scope.tenant_id,
            MemberLink.id == link_id,
            MemberLink.unlinked_at.is_(None),
        )
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    record.unlinked_at, record.unlinked_by = datetime.now(UTC), scope.person_id
    if record.stay_id is not None:
        hand_stay_back(scope, record.stay_id, record.merged_id)
    db.session.execute(
        update(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id == record.merged_id)
        .values(left_on=None, version=Member.version + 1)
    )
    note_people(scope, "unlink_members", (record.kept_id, record.merged_id))
    recount(scope)


def mark_members(scope: Scope) -> int:
    """Give members whose phone is new a mark that the county can compare; answers how many.

    Whoever left, or whose phone was taken away, is no longer found by one.
    """
    _forget_marks(scope)
    seal, marked = seal_of(scope), 0
    while rows := without_mark(scope, BATCH):
        values = [
            {
                "id": id_,
                "mark": county_mark(scope, seal.open(sealed, id_, "phone")),
                "phone_blind": blind,
            }
            for id_, sealed, blind in rows
        ]
        question = insert(MemberMark).values(values)
        db.session.execute(
            question.on_conflict_do_update(
                index_elements=["tenant_id", "id"],
                set_={
                    "mark": question.excluded.mark,
                    "phone_blind": question.excluded.phone_blind,
                },
            )
        )
        marked += len(rows)
    return marked


def _forget_marks(scope: Scope) -> None:
    here = select(Member.id).where(
        Member.tenant_id == scope.tenant_id,
        Member.left_on.is_(None),
        Member.phone_blind.is_not(None),
    )
    db.session.execute(
        delete(MemberMark)
        .where(MemberMark.tenant_id == scope.tenant_id, MemberMark.id.not_in(here))
        .execution_options(synchronize_session=False)
    )


def note_asked_elsewhere(scope: Scope, member_id: UUID, known: bool) -> None:
    """Write down that somebody asked about the member beyond the tenant."""
    note(scope, "ask_elsewhere", "member", member_id, known=known)


def _member(scope: Scope, member_id: UUID) -> Member:
    """A member who is here, held until the end. Raises NotFound."""
    record = db.session.execute(
        select(Member)
        .where(
            Member.tenant_id == scope.tenant_id, Member.id == member_id, Member.left_on.is_(None)
        )
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record
