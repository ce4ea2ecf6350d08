"""Reading and judging a roster: bytes in, rows with reasons out. No database, no clock, no page.

Nothing is lost: rows = accepted + rejected + duplicates over the rows of people, and what is
passed over (totals, repeated headers, footers, foreign columns and sheets) is named.
"""

from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache
from typing import Final

from geo.coordinates import SYSTEMS, UnknownSystem
from geo.projected import METRES, PROJECTED
from tenants.members.roster_extents import MOST_ROWS, too_large
from tenants.members.roster_headers import NO_CHOICES, Choices, simplified
from tenants.members.roster_nobody import why_no_person
from tenants.members.roster_people import Draft, Limits, read_person
from tenants.members.roster_places import Reading, judge_places, read_places
from tenants.members.roster_rows import (
    CommunityFacts,
    Roster,
    RosterPlace,
    RosterRow,
    RowFault,
    SkippedRow,
    Status,
    UnusableRoster,
)
from tenants.members.roster_sentences import SAME_WHAT
from tenants.members.roster_sheets import Table, Tables, read_tables
from tenants.members.roster_texts import is_unknown, same_key, text_of, tidy

Progress = Callable[[int, int], None]
_REPORT_EVERY: Final = 500
_COMMUNITY_ENDINGS: Final = (
    "社区居民委员会",
    "社区居委会",
    "居民委员会",
    "居委会",
    "社区党委",
    "社区",
)
_ABOVE: Final = ("街道", "办事处", "镇", "乡", "区", "县", "市", "旗", "农场")


def read_roster(
    content: bytes,
    filename: str,
    *,
    system: str,
    today: date,
    community: CommunityFacts,
    system_confirmed: bool = False,
    swapped: bool | None = None,
    choices: Choices = NO_CHOICES,
    only_sheets: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Roster:
    """Reads a CSV, XLSX, XLS or ODS roster whose coordinates are in `system`.

    `system_confirmed` is a person's answer to the detector: read it as declared all the same;
    `swapped` another: whether longitude and latitude (or east and north) are exchanged, None
    while nobody has said. `choices` say what
    the office's own headers mean. `progress(done, total)` is called over the rows. Raises
    UnusableRoster when the file as a whole cannot be taken, geo.coordinates.UnknownSystem.
    """
    if system not in (*SYSTEMS, *PROJECTED, METRES):
        raise UnknownSystem(system)
    reading = Reading(system, swapped, system_confirmed)
    tables = read_tables(content, filename, choices, only_sheets)
    drafts, skipped = _people(tables, filename)
    limits = Limits.of(today)
    for done, draft in enumerate(drafts):
        if progress is not None and done % _REPORT_EVERY == 0:
            progress(done, len(drafts))
        read_person(draft, limits, community)
    _refuse_other_community(drafts, community)
    boundary = community.boundary
    home = read_places(drafts, ("lon", "lat"), reading, boundary)
    work = read_places(drafts, ("work_lon", "work_lat"), reading, boundary)
    judge_places(drafts, home, work, reading=reading, community=community)
    repeated = _mark_duplicates(drafts)
    if progress is not None:
        progress(len(drafts), len(drafts))
    return Roster(
        filename=filename,
        system=system,
        rows=tuple(
            _row(draft, at in repeated, home_place, work_place)
            for at, (draft, home_place, work_place) in enumerate(
                zip(drafts, home.each(reading), work.each(reading), strict=True)
            )
        ),
        skipped=tuple(skipped),
        ignored_columns=tuple(
            dict.fromkeys(text for table in tables.found for text in table.header.ignored)
        ),
        ignored_sheets=tuple(tables.ignored_sheets),
        hidden_sheets=tuple(tables.hidden_sheets),
    )


def _people(tables: Tables, filename: str) -> tuple[list[Draft], list[SkippedRow]]:
    drafts: list[Draft] = []
    skipped: list[SkippedRow] = []
    for table in tables.found:
        _refuse_half_coordinates(table)
        _refuse_two_tables(table)
        for at in range(table.header.first_row, len(table.rows)):
            cells = table.rows[at]
            why = why_no_person(cells, table.header)
            if why is None:
                drafts.append(_draft(table, at))
            elif why != "blank":
                text = next(text_of(cell).strip() for cell in cells if text_of(cell).strip())
                skipped.append(SkippedRow(table.sheet, at + 1, why, text[:60]))
    if not drafts:
        raise UnusableRoster("empty_file", filename=filename)
    if len(drafts) > MOST_ROWS:
        raise too_large(filename)
    return drafts, skipped


def _draft(table: Table, at: int) -> Draft:
    draft = Draft(table.sheet, at + 1, table.header, table.rows[at])
    if table.delimiter and "\n" in "".join(draft.cells):
        for index, cell in enumerate(draft.cells):
            # A quote that never closes swallows the next rows into one cell.
            if "\n" in cell and cell.count(table.delimiter) >= len(table.header.columns) - 1 > 1:
                column = table.header.texts[index] if index < len(table.header.texts) else ""
                draft.faults.append(RowFault("quotes_unbalanced", column, {}))
    return draft


def _refuse_half_coordinates(table: Table) -> None:
    for lon, lat, names in (
        ("lon", "lat", "经度 纬度"),
        ("work_lon", "work_lat", "工作经度 工作纬度"),
    ):
        has_lon, has_lat = lon in table.header.columns, lat in table.header.columns
        if has_lon != has_lat:
            present = table.header.text(lon if has_lon else lat)
            absent = names.split()[1 if has_lon else 0]
            raise UnusableRoster("half_coordinates", present=present, absent=absent)


def _refuse_two_tables(table: Table) -> None:
    """Two columns of one header with two people in one row: one of them would be lost."""
    header = table.header
    first, *others = header.columns["name"]
    for other in (at for at in others if header.texts[at] == header.texts[first]):
        for at in range(header.first_row, len(table.rows)):
            cells = table.rows[at]
            names = {same_key(text_of(cells[each])) for each in (first, other) if each < len(cells)}
            if len(names - {""}) == 2 and why_no_person(cells, header) is None:
                raise UnusableRoster("two_tables", column=header.texts[first], row=at + 1)


def _refuse_other_community(drafts: list[Draft], community: CommunityFacts) -> None:
    ours = frozenset(_plain_community(name) for name in (community.name, *community.other_names))
    foreign = [
        draft
        for draft in drafts
        if draft.community
        and not is_unknown(draft.community)
        and not _is_ours(draft.community, ours)
    ]
    if foreign and len(foreign) == len(drafts):
        names = list(dict.fromkeys(draft.community for draft in foreign))
        raise UnusableRoster(
            "other_community", found="、".join(names[:3]), community=community.name
        )
    for draft in foreign:
        draft.fault(
            "other_community",
            "community",
            value=draft.community[:40],
            community=community.name,
        )


@lru_cache(maxsize=2_000)
def _is_ours(name: str, ours: frozenset[str]) -> bool:
    """Also with the offices above it in front, and in the characters a machine has converted."""
    plain = _plain_community(name)
    for one in ours:
        above = plain[: -len(one)]
        if _is_converted(one, plain[-len(one) :]) and (not above or above.endswith(_ABOVE)):
            return True
    return False


def _is_converted(simple: str, written: str) -> bool:
    """Whether each character is ours, or a traditional one where ours is a simplified one.

    No table is needed: either kind is missing in the character set of the other.
    """
    return len(simple) == len(written) and all(
        ours == theirs
        or not (_is_in(ours, "big5") or _is_in(theirs, "gb2312") or not _is_in(theirs, "big5"))
        for ours, theirs in zip(simple, written, strict=True)
    )


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=2_000)
def _plain_community(name: str) -> str:
    plain = simplified(same_key(name))
    for ending in _COMMUNITY_ENDINGS:
        if plain.endswith(ending) and len(plain) > len(ending):
            return plain.removesuffix(ending)
    return plain


def _mark_duplicates(drafts: list[Draft]) -> frozenset[int]:
    """Indexes of rows that repeat an earlier one which is kept; each names that row."""
    first_by_key: dict[tuple[object, ...], int] = {}
    repeated = set()
    for at, draft in enumerate(drafts):
        if draft.faults:
            continue
        keys = _same_person_keys(draft)
        found = [(why, drafts[first_by_key[key]]) for why, key in keys if key in first_by_key]
        earlier = next((one for one in found if not _two_numbers(one[1], draft)), None)
        # Whatever else is known of a person by a row that repeats them tells them in later rows.
        for _, key in keys:
            first_by_key.setdefault(key, at)
        if earlier is None:
            continue
        repeated.add(at)
        why, first = earlier
        if first.sheet == draft.sheet:
            values = {"first": first.number, "same": SAME_WHAT[why]}
            draft.fault("duplicate_in_file", "name", **values)
        else:
            values = {"sheet": first.sheet, "first": first.number, "same": SAME_WHAT[why]}
            draft.fault("duplicate_in_sheet", "name", **values)
    return frozenset(repeated)


def _two_numbers(one: Draft, other: Draft) -> bool:
    """Two document numbers are two people, or one is wrong: neither is passed over for the other."""
    return bool(one.document and other.document and one.document != other.document)


def _same_person_keys(draft: Draft) -> list[tuple[str, tuple[object, ...]]]:
    name = same_key(draft.name)
    keys: list[tuple[str, tuple[object, ...]]] = []
    if draft.phone:
        keys.append(("phone", (name, draft.phone)))
    if draft.document:
        keys.append(("document", (name, draft.document)))
    if draft.birth and draft.address:
        birth = (draft.birth.on, draft.birth.precision)
        keys.append(("birth_and_address", (name, birth, same_key(draft.address))))
    return keys


def _row(
    draft: Draft, is_duplicate: bool, home: RosterPlace | None, work: RosterPlace | None
) -> RosterRow:
    status: Status = "duplicate" if is_duplicate else "rejected" if draft.faults else "accepted"
    return RosterRow(
        sheet=draft.sheet,
        number=draft.number,
        status=status,
        name=draft.name,
        sex=draft.sex,
        birth=draft.birth,
        joined=draft.joined,
        phone=draft.phone,
        document=draft.document,
        address=draft.address,
        kind=draft.kind,
        employer=draft.employer,
        employer_address=draft.employer_address,
        home_organisation=draft.home_organisation,
        arrived=draft.arrived,
        left=draft.left,
        branch_class=draft.branch_class,
        stage=draft.stage,
        community=draft.community,
        home=home,
        work=work,
        faults=tuple(draft.faults),
        remarks=tuple(draft.remarks),
        cells=() if status == "accepted" else tuple(tidy(text_of(cell)) for cell in draft.cells),
    )
