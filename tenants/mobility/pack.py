"""A rule pack: what one source says about mobility, each rule with its clause. Plain values.

A rule the source does not have is None: the pack is silent, and nothing is put in its place.
Values come from the dated files in `rule_packs/` (read by `pack_files`); code holds no threshold.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Generic, TypeVar

from tenants.mobility.calendar import Term, add_months, next_quarter_end

V = TypeVar("V", covariant=True)

STATUSES = ("from_source", "to_be_confirmed")
BASES = ("work", "home", "proof")
"""What makes an incoming member one of ours: works here, lives here, showed a letter of proof."""
TREATMENTS = (
    "stay_with_home_branch",
    "take_part_there",
    "certificate",
    "report_to_branch",
    "transfer",
    "transfer_or_mobile_management",
    "mobile_management",
    "take_in",
)
NEEDS = ("", "employer_has_organisation")


@dataclass(frozen=True, slots=True)
class Rule(Generic[V]):
    """One rule: its value, where it stands, the words there; `note` says what we had to choose."""

    key: str
    value: V
    clause: str
    quotation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """How often something is due: every n calendar `quarters`, or n `months` / `days` rolling."""

    count: int
    unit: str

    def due_after(self, last: date) -> date:
        """The last day on which the next one is in time, the last one having been on `last`.

        By calendar quarter each whole quarter wants one of its own: 31 March and 1 April serve
        two quarters. Rolling intervals run from the day itself.
        """
        if self.unit != "quarters":
            return Term(self.count, self.unit).after(last)
        due = last
        for _ in range(self.count):
            due = next_quarter_end(due)
        return due


@dataclass(frozen=True, slots=True)
class Treatment:
    """What the source wants done for a class; a proposal to people, never carried out by itself.

    With `needs` it holds only where that is so (a transfer where the employer has an organisation).
    """

    for_class: str
    value: str
    clause: str
    quotation: str
    needs: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RulePack:
    """One source's rules from one day on. `dating` says where `valid_from` comes from.

    medium_from, long_from: an absence of that length or longer is MEDIUM, LONG.
    seasonal: the source knows seasonal absence. inflow_from, inflow_basis: who counts as inflow.
    report_before_leaving: absences of that length or longer are reported before; 0 is always.
    letter_valid_for: the longest a transfer letter may hold, counted from its issue.
    """

    id: str
    title: str
    valid_from: date
    dating: str
    status: str
    medium_from: Rule[Term] | None = None
    long_from: Rule[Term] | None = None
    seasonal: Rule[bool] | None = None
    inflow_from: Rule[Term] | None = None
    inflow_basis: Rule[tuple[str, ...]] | None = None
    report_before_leaving: Rule[Term] | None = None
    contact_every: Rule[Interval] | None = None
    report_every: Rule[Interval] | None = None
    certificate_check_every: Rule[Interval] | None = None
    temporary_branch_from: Rule[int] | None = None
    liaison_most: Rule[int] | None = None
    letter_valid_for: Rule[Term] | None = None
    treatments: tuple[Treatment, ...] = ()

    def treatments_of(self, name: str, employer_has_organisation: bool | None) -> list[Treatment]:
        """What the source wants for a class; where it depends on what is not known, all of it."""
        found = [each for each in self.treatments if each.for_class == name]
        if employer_has_organisation is None:
            return found
        wanted = {"employer_has_organisation"} if employer_has_organisation else {""}
        return [each for each in found if each.needs in wanted] or [
            each for each in found if not each.needs
        ]

    def rules(self) -> list[Rule[object]]:
        """All its rules, in the order of the fields."""
        values = (getattr(self, field.name) for field in fields(self))
        return [value for value in values if isinstance(value, Rule)]


def in_force(packs: Iterable[RulePack], pack_id: str, day: date) -> RulePack:
    """The version of a pack that holds on a day; before its first one, that first one.

    Raises KeyError when there is no pack of that id: a choice is checked when it is made.
    """
    versions = sorted(
        (pack for pack in packs if pack.id == pack_id), key=lambda pack: pack.valid_from
    )
    if not versions:
        raise KeyError(pack_id)
    return next((pack for pack in reversed(versions) if pack.valid_from <= day), versions[0])


def is_shorter(one: Term, other: Term) -> bool:
    """Whether a term is full sooner than another, from any first day on."""
    start = date(2001, 1, 1)
    if one.unit == other.unit == "months":
        return add_months(start, one.count) < add_months(start, other.count)
    return one.after(start) < other.after(start)
