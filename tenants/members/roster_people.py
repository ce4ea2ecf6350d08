"""One row of cells -> a person as written, with what is wrong; places are judged afterwards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from tenants.masking import masked
from tenants.members.documents.rules import fault_of, plain_number
from tenants.members.roster_dates import ImpossibleDate, read_date, years_before
from tenants.members.roster_headers import Header, simplified
from tenants.members.roster_rows import (
    NO_DATE,
    CommunityFacts,
    Kind,
    PartialDate,
    RowFault,
)
from tenants.members.roster_sentences import WHY_DATE, WHY_DOCUMENT
from tenants.members.roster_texts import (
    has_control_characters,
    is_of_another,
    is_unknown,
    read_kind,
    read_phone,
    read_sex,
    same_key,
    text_of,
    tidy,
    tidy_name,
    unwrapped,
)
from tenants.members.stages import stage_of

# Characters a field may hold; beyond it something else slipped into the cell.
MOST_CHARACTERS: Final = {
    "name": 60, "sex": 20, "birth": 60, "joined": 60, "phone": 80, "document": 40,
    "address": 200,
    "employer": 80, "employer_address": 200, "kind": 20, "home_organisation": 120,
    "arrived": 60, "left": 60, "branch_class": 40, "stage": 40, "community": 60,
    "lon": 60, "lat": 60, "work_lon": 60, "work_lat": 60,
}  # fmt: skip
_LEAST_AGE_YEARS: Final = 18  # nobody joins before the eighteenth birthday
_PLANNED_AHEAD: Final = timedelta(days=366)  # a departure may be announced
_NO_NAME_BEGINS: Final = tuple("=+-@|'`")
_HEADCOUNT: Final = re.compile(r"[\W\d_]*(?:人|名|位)?")
_NO_MEMBERS: Final = re.compile(r"积极分子|发展对象|申请人|申请书|群众|团员|无党派|非党员")
_TWO_NAMES: Final = re.compile(r"\w[、/,,;;]+\w")
# A phone with one digit too few is nearly that of somebody, and what is quoted is kept in clear.
_NUMBER: Final = re.compile(r"\d(?:[\s\-]?\d){6,}")
_DITTO: Final = frozenset({"同上", "″", "〃", '"', "''", "同左"})


@dataclass(slots=True)
class Draft:
    """A person row while it is judged. `lon` .. `work_lat` are the cells, not yet numbers."""

    sheet: str
    number: int
    header: Header
    cells: Sequence[Any]
    name: str = ""
    sex: str = ""
    birth: PartialDate = NO_DATE
    joined: PartialDate = NO_DATE
    phone: str = ""
    document: str = ""
    address: str = ""
    kind: Kind = "affiliated"
    employer: str = ""
    employer_address: str = ""
    home_organisation: str = ""
    arrived: PartialDate = NO_DATE
    left: PartialDate = NO_DATE
    branch_class: str = ""
    stage: str = ""
    community: str = ""
    faults: list[RowFault] = field(default_factory=list)
    remarks: list[RowFault] = field(default_factory=list)

    def cell(self, name: str) -> Any:
        """The first of a field's cells that is filled, '' when none is."""
        cells = self.cells
        for index in self.header.columns.get(name, ()):
            if index < len(cells):
                cell = cells[index]
                if cell is not None and cell != "":
                    return cell
        return ""

    def fault(self, code: str, name: str, **values: object) -> None:
        """Adds what rejects the row, under the header the person sees."""
        self.faults.append(RowFault(code, self.header.text(name), values))

    def remark(self, code: str, name: str, **values: object) -> None:
        """Adds what is worth saying and rejects nothing."""
        self.remarks.append(RowFault(code, self.header.text(name), values))


@dataclass(frozen=True, slots=True)
class Limits:
    """The last day each kind of date may lie on, of rosters judged on one day."""

    today: date
    born: date
    planned: date

    @classmethod
    def of(cls, today: date) -> "Limits":
        born = years_before(today, _LEAST_AGE_YEARS)
        return cls(today, born, today + _PLANNED_AHEAD)


def read_person(draft: Draft, limits: Limits, community: CommunityFacts) -> None:
    """Fills a draft's fields from its cells and notes every fault but those of place."""
    texts = {name: _text(draft, name) for name in _TEXT_FIELDS}
    draft.name = _read_name(draft, texts["name"])
    draft.sex = _read_sex(draft, texts["sex"])
    draft.phone = _read_phone(draft, texts["phone"])
    draft.document = _read_document(draft, texts["document"])
    draft.address = _said(draft, "address", texts["address"])
    draft.employer = _said(draft, "employer", texts["employer"])
    draft.employer_address = _said(draft, "employer_address", texts["employer_address"])
    draft.home_organisation = _said(draft, "home_organisation", texts["home_organisation"])
    draft.kind = _read_kind(draft, tidy(texts["kind"]))
    draft.branch_class = _read_class(draft, tidy(texts["branch_class"]), community)
    draft.stage = _read_stage(draft, texts["stage"])
    draft.community = tidy(texts["community"])
    _read_dates(draft, limits)
    if draft.left.on is not None and draft.kind != "outflow":
        draft.remark("departure_left_out", "left")
    # Of people who are said to belong here it is the day they moved in.
    if draft.arrived.on is not None and is_unknown(tidy(texts["kind"])):
        draft.remark("arrival_left_out", "arrived")


_TEXT_FIELDS: Final = (
    "name", "sex", "phone", "document", "address", "employer", "employer_address", "home_organisation",
    "kind", "branch_class", "stage", "community",
)  # fmt: skip


def _text(draft: Draft, name: str) -> str:
    """A field's text, '' with a fault when it cannot be kept as it is. Most need no second look."""
    indexes = draft.header.columns.get(name)
    if indexes is None:
        return ""
    cells, index = draft.cells, indexes[0]
    cell = cells[index] if index < len(cells) else ""
    if cell.__class__ is str and cell and len(cell) <= MOST_CHARACTERS[name]:
        return cell if cell.isprintable() else _checked_text(draft, name)
    return "" if cell == "" and len(indexes) == 1 else _checked_text(draft, name)


def _checked_text(draft: Draft, name: str) -> str:
    cell = draft.cell(name)
    if cell == "":
        return ""
    text = text_of(cell)
    if len(text) > MOST_CHARACTERS[name] and len(tidy(text)) > MOST_CHARACTERS[name]:
        draft.fault("text_too_long", name, length=len(text), most=MOST_CHARACTERS[name])
        return ""
    if has_control_characters(text):
        draft.fault("control_characters", name)
        return ""
    return text


def _read_name(draft: Draft, text: str) -> str:
    name = tidy_name(text)
    if name.isalpha() and not is_unknown(name):
        return name
    if name.startswith(('="', "'", "`")):
        name = tidy_name(unwrapped(name))
    if is_unknown(name) and is_unknown(tidy(text_of(draft.cell("name")))):
        draft.fault("name_missing", "name")
    elif name and (name.startswith(_NO_NAME_BEGINS) or _HEADCOUNT.fullmatch(name)):
        draft.fault("name_unusable", "name", value=_shown(name))
    elif _TWO_NAMES.search(name):
        draft.fault("two_names", "name", value=_shown(name))
    return name


def _read_stage(draft: Draft, text: str) -> str:
    """Nothing is kept of who is no member (domain, section 5)."""
    stage = stage_of(text) if text else ""
    if text and not stage and _NO_MEMBERS.search(simplified(text)):
        draft.fault("not_a_member", "stage", value=_shown(text))
    return stage


def _said(draft: Draft, name: str, text: str) -> str:
    """A text as it is kept: '' when it only says that nobody knows, or to look above."""
    text = tidy(text)
    if text in _DITTO:
        draft.remark("ditto", name)
        return ""
    return "" if is_unknown(text) else text


def _read_sex(draft: Draft, text: str) -> str:
    sex = read_sex(text)
    if sex is None:
        draft.remark("sex_unknown", "sex", value=_shown(text))
    return sex or ""


def _read_phone(draft: Draft, text: str) -> str:
    found = read_phone(text)
    if found is None:
        hidden = _NUMBER.sub(lambda number: masked(number[0], 4), text)
        draft.fault("phone_unusable", "phone", value=_shown(hidden))
        return ""
    if found[1]:
        draft.remark("further_phones", "phone")
    elif is_of_another(text):
        draft.remark("phone_of_another", "phone")
    return found[0]


def _read_document(draft: Draft, text: str) -> str:
    """A number that cannot be right is told of and left out; the row is taken. It is not quoted."""
    if not text or is_unknown(tidy(text)):
        return ""
    number = plain_number(text)
    if why := fault_of(number):
        draft.remark("document_unusable", "document", why=WHY_DOCUMENT[why])
        return ""
    return number


def _read_kind(draft: Draft, text: str) -> Kind:
    if is_unknown(text):
        if "kind" in draft.header.columns:
            draft.remark("kind_assumed", "kind")
        return "affiliated"
    kind = read_kind(text)
    if kind is None:
        draft.fault("kind_unknown", "kind", value=_shown(text))
    return kind or "affiliated"


def _read_class(draft: Draft, text: str, community: CommunityFacts) -> str:
    if is_unknown(text):
        return ""
    if not community.branch_classes or text in community.branch_classes:
        return text
    for known in community.branch_classes:
        if simplified(same_key(known)) == simplified(same_key(text)):
            return known
    known_ones = "、".join(sorted(community.branch_classes))
    draft.fault("class_unknown", "branch_class", value=_shown(text), known=known_ones)
    return ""


def _read_dates(draft: Draft, limits: Limits) -> None:
    for name in _DATE_FIELDS:
        cell = draft.cell(name) if name in draft.header.columns else ""
        if cell == "":
            continue
        if isinstance(cell, str) and not _text(draft, name):
            continue
        try:
            found, ambiguous = read_date(cell)
            why = _why_not(draft, name, found, limits)
        except ImpossibleDate as fault:
            why = fault.why
        if why is not None:
            draft.fault("date_impossible", name, value=_shown(text_of(cell)), why=WHY_DATE[why])
            continue
        setattr(draft, name, found)
        if ambiguous:
            draft.remark("month_ambiguous", name, value=_shown(text_of(cell)))


_DATE_FIELDS: Final = ("birth", "joined", "arrived", "left")


def _why_not(draft: Draft, name: str, found: PartialDate, limits: Limits) -> str | None:
    """Why a date of a person cannot be: a key of WHY_DATE; None when it can."""
    if name == "birth":
        if _after(found, limits.today):
            return "future"
        return "under_age" if _after(found, limits.born) else None
    if name == "joined":
        return "future" if _after(found, limits.today) else _before_birth(draft, found)
    return "future" if _after(found, limits.planned) else None


def _before_birth(draft: Draft, found: PartialDate) -> str | None:
    if found.on is None or draft.birth.on is None:
        return None
    # A joining year is compared with the birth year: its first day says nothing.
    return "before_birth" if found.on.year < draft.birth.on.year else None


def _after(found: PartialDate, limit: date) -> bool:
    """True when even the first day the date may mean lies after the limit."""
    return found.on is not None and found.on > limit


def _shown(text: str) -> str:
    """A cell quoted in a sentence: short, and free of what would disturb the line."""
    short = tidy(text)[:40]
    return "".join(letter if letter.isprintable() else "�" for letter in short)
