"""The dry run of a spreadsheet of tenants: read, judge, say what would be opened."""

from uuid import UUID

from tenants.administration.opening_plans import Fault, plan
from tenants.administration.opening_rows import WORKBOOKS, OpeningRow, lines_of_text, read_rows
from tenants.administration.openings import (
    keep_check,
    keep_unusable,
    opening_content,
    the_county,
)
from tenants.database import db
from tenants.errors import InvalidInput
from tenants.members.roster_rows import UnusableRoster
from tenants.members.roster_sheets import read_grids
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def check_openings(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """A file that cannot be used is a result, not a failure of the job."""
    opening_id = UUID(lease.arguments["opening"])
    record, content = opening_content(scope, opening_id)
    filename, system = record.filename, record.system
    county = the_county(scope)
    db.session.rollback()
    try:
        rows = rows_of(content, filename)
    except InvalidInput as invalid:
        fault = whole(invalid)
        return lambda: keep_unusable(scope, opening_id, fault)
    _plans, faults = plan(rows, county, system, lambda d, t: progress(d, t, "正在检查每一行"))
    return lambda: keep_check(scope, opening_id, len(rows), faults)


def rows_of(content: bytes, filename: str) -> list[OpeningRow]:
    """The rows of a spreadsheet: a workbook is opened as rosters are. Raises InvalidInput."""
    if not content.startswith(WORKBOOKS):
        return read_rows({"": lines_of_text(content)})
    try:
        return read_rows(read_grids(content, filename))
    except UnusableRoster as unusable:
        raise InvalidInput(unusable.fault_line()["sentence"]) from unusable


def whole(invalid: InvalidInput) -> Fault:
    """A fault of the whole file: it stands in no row."""
    values = {key: str(value) for key, value in invalid.facts.items()}
    return {"row": 0, "column": "", "code": "file", "sentence": invalid.msgid, "values": values}
