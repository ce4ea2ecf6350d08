"""Transfer letters and liaisons in the demo: one letter near its expiry, one lapsed, some on their way;
most who are away have a liaison, some do not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from service.demo.dice import Dice
from service.demo.values import DemoTenant, Member
from tenants.liaisons.actions import assign, assign_branch
from tenants.people.door import person_by_email
from tenants.scope import Scope
from tenants.transfers.actions import LetterDraft, issue, step
from tenants.transfers.actions import replace as replace_letter


class _Letter(NamedTuple):
    """Days ago of its issue; days from today to its last; then steps, each with its days ago."""

    issued: int
    holds: int
    steps: tuple[tuple[str, int], ...] = ()


_LETTERS = (
    _Letter(80, 6),
    _Letter(106, -14),
    _Letter(25, 65, (("present", 9),)),
    _Letter(40, 50, (("lose", 8), ("replace", 5))),
    _Letter(200, -110, (("withdraw", 150),)),
)
_FEWEST_AWAY = 4
"""Communities with fewer people away keep their register of letters empty."""


def keep_relations(
    scope: Scope,
    tenant: DemoTenant,
    member_ids: dict[str, UUID],
    branches: dict[str, UUID],
    today: date,
) -> None:
    """Letters and liaisons of one community, written down by its administrator."""
    admin = next((staff for staff in tenant.staff if staff.role == "community_admin"), None)
    person = person_by_email(admin.email) if admin else None
    if person is None:
        return
    by = replace(scope, person_id=person.id)
    # Whoever is chosen works here from the day of the loading on, whatever day the demo tells of.
    today = max(today, date.today())
    dice = Dice(f"{tenant.slug} relations")
    away = [each for each in tenant.members if each.movement == "outflow"]
    settled = [each for each in away if each.season is None]
    if len(settled) >= _FEWEST_AWAY:
        _write_letters(by, settled, member_ids, today)
    _name_liaisons(by, tenant, away, member_ids, dice, today)
    for branch_id in list(branches.values())[: 1 + len(branches) // 2]:
        assign_branch(by, ("person", person.id), branch_id, today - timedelta(days=90), today)


def _write_letters(
    by: Scope, people: Sequence[Member], member_ids: dict[str, UUID], today: date
) -> None:
    for number, (person, letter) in enumerate(zip(people, _LETTERS, strict=False), start=1):
        issued = today - timedelta(days=letter.issued)
        draft = LetterDraft(
            member_ids[person.key],
            f"{issued.year}年第{number:03}号",
            person.elsewhere or "外地",
            "流入地街道党工委",
            issued,
            today + timedelta(days=letter.holds),
        )
        letter_id = issue(by, draft, today)
        for act, days in letter.steps:
            on = today - timedelta(days=days)
            if act == "replace":
                until = on + timedelta(days=80)
                replace_letter(by, letter_id, f"{on.year}年第{number:03}号补", on, until, today)
            else:
                step(by, letter_id, act, on, today)


def _name_liaisons(
    by: Scope,
    tenant: DemoTenant,
    away: Sequence[Member],
    member_ids: dict[str, UUID],
    dice: Dice,
    today: date,
) -> None:
    """One for each, by another member of the same branch; a fifth have none yet."""
    here = [each for each in tenant.members if each.movement == "here" and each.home]
    keepers = dice.shuffled(here)
    for member, keeper in zip(away, keepers, strict=False):
        if dice.chance(0.2):
            continue
        since = today - timedelta(days=dice.whole(10, 200))
        who = ("member", member_ids[keeper.key])
        assign(by, who, [member_ids[member.key]], since, today, agreed=True)
