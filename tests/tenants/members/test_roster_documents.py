"""Document numbers in rosters: read, recognised, told of where they cannot be right, not quoted."""

from __future__ import annotations

from datetime import date

import pytest

from tenants.arrivals.rosters import community_facts, sift
from tenants.members.import_lookups import import_card
from tenants.members.imports import accept_import, start_import
from tenants.members.lookups import member_card, members
from tenants.members.roster_headers import field_of
from tenants.members.roster_remarks import remark_groups
from tenants.members.roster_rows import CommunityFacts
from tenants.members.rosters import read_roster
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.service.pages.reading import words

TODAY = date(2026, 11, 22)
NUMBER, OTHER = "11010519491231002X", "440524188001010014"  # the examples of GB 11643-1999
HEADER = "姓名,手机,身份证号码\n"


def read(body, community=None):
    facts = community or CommunityFacts("虚构社区")
    content = (HEADER + body).encode()
    return read_roster(content, "名册.csv", system="wgs84", today=TODAY, community=facts)


@pytest.mark.parametrize(
    "header",
    [
        "身份证号",
        "公民身份号码",
        "证件号码",
        "證件號碼",
        "身分證字號",
        "身 份 证 号 码",
        "居民身份证号码（18位）",
    ],
)
def test_a_column_of_them_is_known_by_its_header(header):
    assert field_of(header) == "document"


def test_a_number_is_read_into_one_form():
    [row] = read(f"某甲,13800000001,{NUMBER[:6]} {NUMBER[6:].lower()}\n").rows
    assert (row.status, row.document, row.remarks) == ("accepted", NUMBER, ())


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("110105194912310021", "校验位"),
        ("110105491231002", "15 位"),
        ("1.10105194912310E+17", "末几位已经丢失"),
        ("1234", "不是 18 位"),
    ],
)
def test_one_that_cannot_be_right_is_told_of_and_the_row_is_taken(written, why):
    [row] = read(f"某甲,13800000001,{written}\n").rows
    assert (row.status, row.document) == ("accepted", "")
    [remark] = row.remarks
    assert why in remark.sentence
    assert "1234" not in remark.sentence
    assert written not in str(remark)


def test_what_is_said_of_many_rows_is_said_once_with_their_numbers():
    body = "".join(f"某{n},1380000{n:04},110105194912310021\n" for n in range(30))
    [group] = remark_groups(read(body + "某甲,13900000000,不详\n").rows)
    assert (group["code"], group["count"], len(group["rows"])) == ("document_unusable", 30, 20)
    assert group["rows"][0] == ["", 2]


def test_two_rows_of_one_person_are_one():
    roster = read(f"某甲,13800000001,{NUMBER}\n某甲,13800000002,{NUMBER}\n某乙,,{NUMBER}\n")
    assert [row.status for row in roster.rows] == ["accepted", "duplicate", "accepted"]
    assert "姓名和证件号码相同" in roster.rows[1].faults[0].sentence


def sifted(scope, body):
    return sift(scope, read(body, community_facts(scope)), TODAY)


@pytest.mark.parametrize(
    ("known", "row", "expected"),
    [
        ({"document": NUMBER}, f"某甲,13811112222,{NUMBER}", ("changed", "card")),
        ({"document": NUMBER, "name": "某乙"}, f"某甲,,{NUMBER}", ("possible", "card_only")),
        ({"phone": "13811112222"}, f"某甲,13811112222,{NUMBER}", ("changed", "phone")),
        (
            {"phone": "13811112222", "document": OTHER},
            f"某甲,13811112222,{NUMBER}",
            ("possible", "phone"),
        ),
    ],
    ids=["its number", "its number, other name", "its phone", "its phone, other number"],
)
def test_a_number_tells_who_is_meant(community, known, row, expected):
    a_member(community, **{"name": "某甲", "phone": "", "address": "", **known})
    with community.acting() as scope:
        [one] = sifted(scope, row + "\n").matches
    assert (one.standing, one.sign) == expected


def imported(community, body, **decided):
    with community.acting() as scope:
        import_id = start_import(scope, "名册.csv", (HEADER + body).encode(), "wgs84")
    work_off(community)
    with community.acting() as scope:
        impact = import_card(scope, import_id).impact
        accept_import(scope, import_id, **decided)
    work_off(community)
    return impact


def test_it_enters_the_register_sealed_and_a_change_of_it_is_applied(community):
    imported(community, f"某甲,13811112222,{NUMBER}\n某乙,13811113333,\n")
    impact = imported(community, f"某乙,13811113333,{OTHER}\n", changed="update")
    assert impact["fields"] == {"document": 1}
    with community.acting() as scope:
        [one] = members(scope, words=NUMBER, phones=True)
        [other] = members(scope, words=OTHER, phones=True)
        assert (one.name, other.name) == ("某甲", "某乙")
        assert member_card(scope, other.id).masked_document[-2:] == "14"


def test_what_was_left_out_is_kept_with_the_import_and_said(colleague, community):
    with community.acting() as scope:
        body = HEADER + "某甲,13811112222,110105194912310021\n"
        import_id = start_import(scope, "名册.csv", body.encode(), "wgs84")
    work_off(community)
    page = colleague.client.get(f"{community.pages}/imports/{import_id}")
    assert "收下了，但请看一看" in words(page)
    assert "校验位对不上" in words(page)
    assert "共 1 行：2" in words(page)
    assert "110105194912310021" not in page.text
