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
from tenants.members.roster_people import Draft, Limits, read_person, why_no_person
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


def _refuse_other_community(drafts: list[Draft], community: CommunityFacts) -> None:
    ours = {_plain_community(name) for name in (community.name, *community.other_names)}
    foreign = [
        draft
        for draft in drafts
        if not is_unknown(draft.community) and _plain_community(draft.community) not in ours
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
        earlier = next(((why, first_by_key[k]) for why, k in keys if k in first_by_key), None)
        if earlier is None:
            for _, key in keys:
                first_by_key[key] = at
            continue
        repeated.add(at)
        why, first = earlier
        where = drafts[first]
        shown = f"{where.sheet}!{where.number}" if where.sheet != draft.sheet else where.number
        draft.fault("duplicate_in_file", "name", first=shown, same=SAME_WHAT[why])
    return frozenset(repeated)


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
