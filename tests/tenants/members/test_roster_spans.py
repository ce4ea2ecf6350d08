"""A cell of an ODS sheet merged downwards stands in each of its rows."""

from datetime import date

from tenants.members.roster_spans import ods_spans
from tenants.members.rosters import CommunityFacts, read_roster
from tests.factories.rosters import ods_bytes, ods_sheet, xlsx_bytes

HEADER = [["姓名", "电话", "工作单位"]]
MERGED = (
    '<table:table-row table:number-rows-repeated="2"/>'
    '<table:table-row><table:table-cell office:value-type="string"><text:p>甲某</text:p>'
    '</table:table-cell><table:table-cell office:value-type="string"><text:p>19900000001</text:p>'
    '</table:table-cell><table:table-cell office:value-type="string"'
    ' table:number-rows-spanned="2"><text:p>某厂</text:p></table:table-cell></table:table-row>'
    '<table:table-row><table:table-cell office:value-type="string"><text:p>乙某</text:p>'
    '</table:table-cell><table:table-cell office:value-type="string"><text:p>19900000002</text:p>'
    "</table:table-cell><table:covered-table-cell/></table:table-row>"
)


def test_what_spans_two_rows_is_said_of_both():
    content = ods_bytes(ods_sheet("在册&amp;", HEADER, after=MERGED))
    assert ods_spans(content) == {"在册&": [((3, 2), (4, 2))]}
    roster = read_roster(
        content,
        "名册.ods",
        system="wgs84",
        today=date(2026, 11, 22),
        community=CommunityFacts("柳荫社区"),
    )
    assert [(row.name, row.employer) for row in roster.rows] == [("甲某", "某厂"), ("乙某", "某厂")]


def test_other_workbooks_and_junk_have_none():
    assert ods_spans(xlsx_bytes(HEADER)) == {}
    assert ods_spans(b"PK junk") == {}
